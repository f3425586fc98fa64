package io.arrowmill.streaming;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.expr;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.session_window;
import static io.arrowmill.Functions.sum;
import static io.arrowmill.Functions.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is computed of bounded data beside a stream, which every batch does anew. */
@Timeout(60)
class BoundedSideTest {
  @TempDir Path checkpoint = Path.of(".");

  private Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
  private MemoryStream<Long> keys = MemoryStream.of(session, Long.class);
  private final List<String> given = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() {
    session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
    keys = MemoryStream.of(session, Long.class);
  }

  @AfterEach
  void close() {
    session.close(); // which is the leak check
  }

  private DataFrame rows() {
    return session.range(10).selectExpr("id % 3 AS k", "id", "timestamp_seconds(id) AS time");
  }

  /** What two batches of a stream give, and one more after a restart. */
  private List<List<String>> joined(DataFrame side) {
    DataFrame frame = keys.toDF().join(side, expr("value = k"), "inner").drop("value");
    List<List<String>> batches = new ArrayList<>();
    StreamingQuery query = start(frame);
    batches.add(after(query, 0L, 1L));
    batches.add(after(query, 2L, 7L));
    query.stop();
    query = start(frame);
    batches.add(after(query, 1L));
    query.stop();
    return batches;
  }

  private StreamingQuery start(DataFrame frame) {
    return frame
        .writeStream()
        .option("checkpointLocation", checkpoint.toString())
        .foreachBatch((batch, id) -> {
          for (Row row : batch.collect()) {
            given.add(row.toString());
          }
        })
        .start();
  }

  private List<String> after(StreamingQuery query, Long... values) {
    keys.addData(values);
    query.processAllAvailable();
    List<String> rows = given.stream().sorted().toList();
    given.clear();
    return rows;
  }

  @Test
  void isAggregated() {
    assertThat(joined(rows().groupBy("k").agg(sum("id").as("t"))))
        .containsExactly(List.of("[0,18]", "[1,12]"), List.of("[2,15]"), List.of("[1,12]"));
  }

  @Test
  void isDeduplicated() {
    assertThat(joined(rows().select("k").distinct()))
        .containsExactly(List.of("[0]", "[1]"), List.of("[2]"), List.of("[1]"));
  }

  @Test
  void isWindowed() {
    DataFrame windows =
        rows()
            .groupBy(window(col("time"), "10 seconds", "5 seconds"), col("k"))
            .agg(count(lit(1)).as("n"))
            .select("k", "n");
    assertThat(joined(windows))
        .containsExactly(
            List.of("[0,2]", "[0,2]", "[0,4]", "[1,1]", "[1,2]", "[1,3]"),
            List.of("[2,1]", "[2,2]", "[2,3]"),
            List.of("[1,1]", "[1,2]", "[1,3]"));
  }

  @Test
  void hasSessions() {
    DataFrame sessions =
        rows()
            .groupBy(session_window(col("time"), "5 seconds"), col("k"))
            .agg(count(lit(1)).as("n"))
            .select("k", "n");
    assertThat(joined(sessions))
        .containsExactly(List.of("[0,4]", "[1,3]"), List.of("[2,3]"), List.of("[1,3]"));
  }

  @Test
  void hasAFunctionOfItsGroups() {
    DataFrame lengths =
        rows()
            .select("k")
            .as(Long.class)
            .groupByKey(k -> k, Long.class)
            .<Long>mapGroups((k, values) -> k, Long.class)
            .toDF()
            .selectExpr("value AS k");
    assertThat(joined(lengths))
        .containsExactly(List.of("[0]", "[1]"), List.of("[2]"), List.of("[1]"));
  }

  @Test
  void isSortedAndLimited() {
    assertThat(joined(rows().orderBy(col("id").desc()).limit(2).select("k")))
        .containsExactly(List.of("[0]"), List.of("[2]"), List.of());
  }
}
