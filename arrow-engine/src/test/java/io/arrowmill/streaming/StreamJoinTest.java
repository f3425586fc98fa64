package io.arrowmill.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.DataFrame;
import io.arrowmill.Functions;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joins of two streams, by hand: which rows come out of which batch, and what is kept. */
class StreamJoinTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("time", DataTypes.TIMESTAMP)
          .add("ad", DataTypes.STRING)
          .add("n", DataTypes.INTEGER);
  private static final String RANGE =
      "ad = c_ad AND c_time BETWEEN time AND time + INTERVAL 10 SECONDS";

  @TempDir Path checkpoint = Path.of(".");

  private Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
  private MemoryStream<Row> shown = MemoryStream.of(session, SCHEMA);
  private MemoryStream<Row> clicked = MemoryStream.of(session, SCHEMA);
  private final List<String> given = new ArrayList<>();

  @BeforeEach
  void open() {
    session.close();
    session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
    shown = MemoryStream.of(session, SCHEMA);
    clicked = MemoryStream.of(session, SCHEMA);
  }

  @AfterEach
  void close() {
    session.close();
  }

  private DataFrame join(String condition, String type) {
    return shown
        .toDF()
        .withWatermark("time", "5 seconds")
        .join(clicks(), Functions.expr(condition), type);
  }

  private DataFrame clicks() {
    return clicked
        .toDF()
        .selectExpr("time AS c_time", "ad AS c_ad", "n AS c_n")
        .withWatermark("c_time", "5 seconds");
  }

  private StreamingQuery start(DataFrame joined) {
    return joined
        .selectExpr("ad", "n", "c_n")
        .writeStream()
        .option("checkpointLocation", checkpoint.toString())
        .foreachBatch((batch, id) -> batch.collect().forEach(row -> given.add(text(row))))
        .start();
  }

  private static String text(Row row) {
    return row.get(0) + " " + row.get(1) + " " + row.get(2);
  }

  private static Row row(long second, @Nullable String ad, int n) {
    return Row.of(Instant.ofEpochSecond(second), ad, n);
  }

  /** What came out since the last call, in no order. */
  private List<String> taken() {
    List<String> taken = given.stream().sorted().toList();
    given.clear();
    return taken;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void findsPartnersWhicheverComesFirst(boolean restarts) {
    DataFrame joined = join(RANGE, "inner");
    StreamingQuery query = start(joined);
    shown.addData(List.of(row(100, "a", 1), row(101, "b", 2), row(102, null, 3)));
    query.processAllAvailable();
    assertThat(taken()).isEmpty();
    query = restarts ? restarted(query, joined) : query;
    clicked.addData(List.of(row(105, "a", 10), row(111, "a", 11), row(103, null, 12)));
    query.processAllAvailable();
    assertThat(taken()).containsExactly("a 1 10");
    query = restarts ? restarted(query, joined) : query;
    shown.addData(List.of(row(104, "a", 4)));
    query.processAllAvailable();
    assertThat(taken()).containsExactly("a 4 10", "a 4 11");
    query.stop();
  }

  private StreamingQuery restarted(StreamingQuery query, DataFrame joined) {
    query.stop();
    return start(joined);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void givesRowsWithoutPartnerOnceTheWatermarkSaysSo(boolean restarts) {
    DataFrame joined = join(RANGE, "left_outer");
    StreamingQuery query = start(joined);
    shown.addData(List.of(row(100, "a", 1), row(101, "b", 2), row(102, null, 3)));
    clicked.addData(List.of(row(101, "a", 10)));
    query.processAllAvailable();
    assertThat(taken()).containsExactly("a 1 10");
    query = restarts ? restarted(query, joined) : query;
    // Watermark 112: an impression of 101 may still be clicked at 111, one of 102 at 112.
    shown.addData(List.of(row(117, "c", 4)));
    clicked.addData(List.of(row(117, "z", 20)));
    query.processAllAvailable();
    assertThat(taken()).containsExactly("b 2 null");
    query = restarts ? restarted(query, joined) : query;
    shown.addData(List.of(row(118, "c", 5)));
    clicked.addData(List.of(row(118, "z", 20)));
    query.processAllAvailable();
    assertThat(taken()).containsExactly("null 3 null");
    query.stop();
  }

  @Test
  void groupsAboveAJoinWaitForRowsThatAreStillKept() {
    DataFrame counts =
        join(RANGE, "inner")
            .groupBy(Functions.window(Functions.col("time"), "5 seconds").as("w"))
            .agg(Functions.count("*").as("n"))
            .selectExpr("unix_timestamp(w.end) AS ad", "n", "1 AS c_n");
    StreamingQuery query = start(counts);
    shown.addData(List.of(row(100, "a", 1)));
    clicked.addData(List.of(row(101, "a", 10)));
    query.processAllAvailable();
    // Watermark 109: the impression of 100 can be clicked until 110.
    shown.addData(List.of(row(114, "b", 2)));
    clicked.addData(List.of(row(114, "b", 20)));
    query.processAllAvailable();
    assertThat(taken()).isEmpty();
    clicked.addData(List.of(row(110, "a", 11)));
    query.processAllAvailable();
    assertThat(taken()).isEmpty();
    // Watermark 116: impressions after 105 are kept.
    shown.addData(List.of(row(121, "b", 2)));
    clicked.addData(List.of(row(121, "b", 20)));
    query.processAllAvailable();
    assertThat(taken()).containsExactly("105 2 1");
    query.stop();
  }

  @Test
  void rowsThatCannotMatterDoNotMoveTheWatermark() {
    DataFrame joined = join("n = c_n AND c_n < 5 AND " + RANGE, "inner");
    StreamingQuery query = start(joined);
    shown.addData(List.of(row(100, "a", 1), row(500, null, 1), row(500, "a", 5)));
    clicked.addData(List.of(row(101, "a", 1), row(500, "a", 6)));
    query.processAllAvailable();
    assertThat(Objects.requireNonNull(query.lastProgress()).eventTime().get("watermark"))
        .isEqualTo("1970-01-01T00:01:35.000Z");
    assertThat(taken()).containsExactly("a 1 1");
    query.stop();
  }

  @Test
  void forgetsWhatCanMeetNothingMore() {
    StreamingQuery query = start(join(RANGE, "inner"));
    for (int i = 0; i < 20; i++) {
      List<Row> rows = new ArrayList<>();
      for (int n = 0; n < 100; n++) {
        rows.add(row(100 + 100L * i + n % 10, "ad" + n, n));
      }
      shown.addData(rows);
      clicked.addData(rows);
      query.processAllAvailable();
      assertThat(taken()).hasSize(100);
    }
    StateOperatorProgress state =
        Objects.requireNonNull(query.lastProgress()).stateOperators().getFirst();
    assertThat(state.operatorName()).isEqualTo("symmetricHashJoin");
    assertThat(state.numRowsTotal()).isLessThanOrEqualTo(200);
    query.stop();
  }

  @Test
  void oneKeyWithManyRowsStaysBounded() {
    StreamingQuery query = start(join("ad = c_ad AND n = c_n", "inner"));
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      rows.add(row(100, "hot", 7));
    }
    shown.addData(rows);
    query.processAllAvailable();
    clicked.addData(rows);
    query.processAllAvailable();
    assertThat(taken()).hasSize(90_000);
    query.stop();
  }

  @Test
  void givesEachRowOfASemiJoinOnce() {
    DataFrame joined =
        shown
            .toDF()
            .withWatermark("time", "5 seconds")
            .join(clicks(), Functions.expr(RANGE), "left_semi")
            .selectExpr("ad", "n", "0 AS c_n");
    StreamingQuery query = start(joined);
    shown.addData(List.of(row(100, "a", 1), row(100, "b", 2)));
    clicked.addData(List.of(row(101, "a", 10), row(102, "a", 11)));
    query.processAllAvailable();
    assertThat(taken()).containsExactly("a 1 0");
    clicked.addData(List.of(row(103, "b", 10), row(104, "b", 11), row(104, "a", 12)));
    query.processAllAvailable();
    assertThat(taken()).containsExactly("b 2 0");
    query.stop();
  }

  @Test
  void saysWhatAnOuterJoinNeeds() {
    assertThatThrownBy(() -> start(join("ad = c_ad", "left_outer")))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("STREAM_JOIN_WITHOUT_WATERMARK")
        .hasMessageContaining("withWatermark");
    assertThatThrownBy(() -> start(join("c_time > time", "inner")))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("STREAM_JOIN_WITHOUT_EQUALITY");
  }

  /** Many slices a task, and more tasks than one at a partition: no buffer may be shared. */
  @Test
  void joinsInSeveralTasksAtOnce() {
    int batches = 24;
    int rows = 20_000;
    StructType keys = new StructType().add("time", DataTypes.TIMESTAMP).add("k", DataTypes.LONG);
    session.close();
    session = Session.builder().config("arrowmill.workers", 4).getOrCreate();
    MemoryStream<Row> left = MemoryStream.of(session, keys);
    MemoryStream<Row> right = MemoryStream.of(session, keys);
    LongAdder pairs = new LongAdder();
    LongAdder sum = new LongAdder();
    StreamingQuery query =
        left.toDF()
            .withWatermark("time", "1 second")
            .join(
                right
                    .toDF()
                    .selectExpr("time AS r_time", "k AS r_k")
                    .withWatermark("r_time", "1 second"),
                Functions.expr("k = r_k AND r_time BETWEEN time AND time + INTERVAL 1 SECOND"),
                "inner")
            .writeStream()
            .foreachBatch((batch, id) -> {
              Row total = batch.selectExpr("count(*)", "coalesce(sum(k), 0)").collect().getFirst();
              pairs.add(total.getLong(0));
              sum.add(total.getLong(1));
            })
            .start();
    for (int batch = 0; batch < batches; batch++) {
      List<Row> more = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        more.add(
            Row.withSchema(keys, List.of(Instant.ofEpochSecond(100), (long) batch * rows + i)));
      }
      left.addData(more);
      right.addData(more);
    }
    query.processAllAvailable();
    left.addData(Row.withSchema(keys, List.of(Instant.ofEpochSecond(1_000), -1L)));
    right.addData(Row.withSchema(keys, List.of(Instant.ofEpochSecond(1_000), -2L)));
    query.processAllAvailable();
    query.stop();
    long all = (long) batches * rows;
    assertThat(pairs.sum()).isEqualTo(all);
    assertThat(sum.sum()).isEqualTo(all * (all - 1) / 2);
  }
}
