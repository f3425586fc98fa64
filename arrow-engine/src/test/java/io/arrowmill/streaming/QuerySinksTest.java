package io.arrowmill.streaming;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.arrow.vector.BigIntVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the rows of a query go inside the process. */
@Timeout(60)
class QuerySinksTest {
  private final Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
  private final MemoryStream<Row> sales =
      MemoryStream.of(session, StructType.fromDDL("shop STRING, amount BIGINT"));

  @AfterEach
  void nothingLeaks() {
    session.close();
  }

  @Test
  void memoryTableIsReadBySql() {
    StreamingQuery query =
        sales
            .toDF()
            .groupBy("shop")
            .sum("amount")
            .writeStream()
            .outputMode("complete")
            .format("memory")
            .queryName("totals")
            .start();
    sales.addData(Row.of("a", 1L), Row.of("b", 10L), Row.of(null, 100L));
    query.processAllAvailable();
    sales.addData(Row.of("a", 2L), Row.of(null, null));
    query.processAllAvailable();

    assertThat(session.sql("SELECT * FROM totals ORDER BY shop NULLS FIRST").collect())
        .containsExactly(Row.of(null, 100L), Row.of("a", 3L), Row.of("b", 10L));
    assertThat(session.table("totals").columns()).containsExactly("shop", "sum(amount)");
    query.stop();
    assertThat(session.table("totals").count()).as("rows after the stop").isEqualTo(3);
  }

  @Test
  void memorySinkNeedsAName() {
    assertThatThrownBy(() -> sales.toDF().writeStream().format("memory").start())
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("MISSING_QUERY_NAME")
        .hasMessageContaining("call queryName(name)");
  }

  @Test
  void foreachBatchGivesABoundedFrameABatch() {
    List<String> seen = new CopyOnWriteArrayList<>();
    StreamingQuery query =
        sales
            .toDF()
            .writeStream()
            .foreachBatch((rows, batchId) -> {
              assertThat(rows.isStreaming()).isFalse();
              seen.add(batchId + " " + rows.where("amount > 1").orderBy("amount").collect());
            })
            .start();
    sales.addData(Row.of("a", 3L), Row.of("b", 1L), Row.of("c", 2L));
    query.processAllAvailable();
    sales.addData(Row.of("d", 1L));
    query.processAllAvailable();

    assertThat(seen).containsExactly("0 [[c,2], [a,3]]", "1 []");
  }

  @Test
  void foreachArrowLendsTheVectors() {
    TreeMap<Long, Long> sums = new TreeMap<>();
    StreamingQuery query =
        sales
            .toDF()
            .select("amount")
            .writeStream()
            .foreachArrow((root, batchId) -> {
              BigIntVector amounts = (BigIntVector) root.getVector("amount");
              for (int row = 0; row < root.getRowCount(); row++) {
                sums.merge(batchId, amounts.get(row), Long::sum);
              }
            })
            .start();
    sales.addData(Row.of("a", 3L), Row.of("b", 4L));
    query.processAllAvailable();
    sales.addData(Row.of("c", 5L));
    query.processAllAvailable();
    query.stop();

    assertThat(sums).containsEntry(0L, 7L).containsEntry(1L, 5L).hasSize(2);
  }

  /** Writes down its rows; opens every partition. */
  private static final class Noted extends ForeachWriter<Row> {
    private final List<Row> rows;

    Noted(List<Row> rows) {
      this.rows = rows;
    }

    @Override
    public boolean open(long partitionId, long epochId) {
      return true;
    }

    @Override
    public void process(Row row) {
      rows.add(row);
    }

    @Override
    public void close(@Nullable Throwable error) {
      assertThat(error).isNull();
    }
  }

  @Test
  void foreachGivesEveryRow() {
    List<Row> rows = new ArrayList<>();
    StreamingQuery query = sales.toDF().writeStream().foreach(new Noted(rows)).start();
    List<Row> all = new ArrayList<>();
    for (long i = 0; i < 65; i++) {
      all.add(Row.of(i % 7 == 0 ? null : "s" + i, i));
    }
    sales.addData(all);
    query.processAllAvailable();
    query.stop();

    assertThat(rows).containsExactlyInAnyOrderElementsOf(all);
    Row first = rows.getFirst();
    StructType schema = requireNonNull(first.schema());
    assertThat(schema.field(1).type()).isEqualTo(DataTypes.LONG);
    assertThat(first.<Long>getAs("amount")).isEqualTo(first.getLong(1));
    assertThat(schema.toDDL()).isEqualTo("shop STRING,amount BIGINT");
  }

  @Test
  void outputModeThatTheRowsDoNotFitIsRefused() {
    assertThatThrownBy(() ->
            sales
                .toDF()
                .groupBy("shop")
                .count()
                .writeStream()
                .outputMode("append")
                .format("noop")
                .start())
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("Append")
        .hasMessageContaining("watermark");
    assertThat(session.streams().active()).isEmpty();
  }
}
