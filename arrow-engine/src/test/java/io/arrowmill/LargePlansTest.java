package io.arrowmill;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.sum;
import static io.arrowmill.Functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.arrowmill.streaming.MemoryStream;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.Trigger;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions as deep, and rows as wide, as programs make them. */
class LargePlansTest {
  private static final int DEPTH = 1_000;
  private static final int WIDTH = 10_000;
  private static final StructType SCHEMA = StructType.fromDDL("n BIGINT, t STRING");
  private static final List<Row> ROWS = List.of(Row.of(1L, "a"), Row.of(2L, "b"));

  private static Session session(String mode) {
    return Session.builder().config("arrowmill.kernel.mode", mode).getOrCreate();
  }

  /** {@code n + 1 + 1 + ...} */
  private static Column chain(int ones) {
    Column chain = col("n");
    for (int i = 0; i < ones; i++) {
      chain = chain.plus(1);
    }
    return chain;
  }

  @ParameterizedTest
  @ValueSource(strings = {"simd", "scalar", "interpreted"})
  void everyOperatorTakesExpressionsAThousandDeep(String mode) {
    try (Session session = session(mode)) {
      DataFrame rows = session.createDataFrame(ROWS, SCHEMA);
      DataFrame others = session.range(DEPTH + 2).select(col("id"));

      assertThat(rows.select(chain(DEPTH).as("v")).collect())
          .containsExactly(Row.of(DEPTH + 1L), Row.of(DEPTH + 2L));
      assertThat(rows.where(chain(DEPTH).gt(DEPTH + 1)).collect()).containsExactly(ROWS.get(1));
      assertThat(rows.groupBy(chain(DEPTH).as("k")).agg(sum(chain(DEPTH)).as("v")).collect())
          .containsExactlyInAnyOrder(
              Row.of(DEPTH + 1L, DEPTH + 1L), Row.of(DEPTH + 2L, DEPTH + 2L));
      assertThat(rows.join(others, chain(DEPTH).equalTo(col("id")), "inner").collect())
          .containsExactly(Row.of(1L, "a", DEPTH + 1L));
      assertThat(rows.orderBy(chain(DEPTH).desc()).collect())
          .containsExactly(ROWS.get(1), ROWS.get(0));
      assertThat(
              rows.selectExpr("(".repeat(DEPTH) + "n" + " + 1)".repeat(DEPTH) + " AS v").collect())
          .containsExactly(Row.of(DEPTH + 1L), Row.of(DEPTH + 2L));
    }
  }

  @Test
  void conditionsNestAThousandDeep() {
    try (Session session = session("auto")) {
      Column value = lit(-1L);
      for (long i = 0; i < DEPTH; i++) {
        value = when(col("n").equalTo(i), lit(i * 10)).otherwise(value);
      }
      assertThat(session.createDataFrame(ROWS, SCHEMA).select(value.as("v")).collect())
          .containsExactly(Row.of(10L), Row.of(20L));
    }
  }

  @Test
  void streamsTakeThemToo() {
    try (Session session = session("auto")) {
      MemoryStream<Row> input = MemoryStream.of(session, SCHEMA);
      input.addData(ROWS);
      StreamingQuery query =
          input
              .toDF()
              .where(chain(DEPTH).gt(DEPTH + 1))
              .select(chain(DEPTH).as("v"))
              .writeStream()
              .format("memory")
              .queryName("deep")
              .trigger(Trigger.AvailableNow())
              .start();
      query.awaitTermination();
      assertThat(query.explainString(true)).contains("== Physical Plan ==");
      assertThat(session.table("deep").collect()).containsExactly(Row.of(DEPTH + 2L));
    }
  }

  /** As one condition it has more nodes than the compiler takes. */
  @Test
  void sixHundredFiltersOverColumnsOfEachOther() {
    try (Session session = session("auto")) {
      DataFrame rows = session.range(2);
      for (int i = 0; i < 600; i++) {
        rows = rows.withColumn("id", col("id").plus(1)).where(col("id").gt(i + 1L));
      }
      assertThat(rows.collect()).containsExactly(Row.of(601L));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3_100, 100_000})
  void whatIsDeeperIsRefused(int depth) {
    try (Session session = session("auto")) {
      DataFrame rows = session.createDataFrame(ROWS, SCHEMA);
      Column deep = chain(depth);
      assertThatExceptionOfType(AnalysisException.class)
          .isThrownBy(() -> rows.select(deep.as("v")))
          .satisfies(e -> assertThat(e.condition()).isEqualTo("EXPRESSION_TOO_LARGE"))
          .withMessageContaining("nestingMax=3000; split it into several columns");
    }
  }

  @Test
  void tenThousandColumns() {
    try (Session session = session("auto")) {
      StringBuilder ddl = new StringBuilder();
      List<Column> next = new ArrayList<>();
      @org.jspecify.annotations.Nullable Object[] first = new Object[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        ddl.append(i == 0 ? "" : ", ").append("c" + i + " BIGINT");
        next.add(col("c" + i).plus(1).as("d" + i));
        first[i] = (long) i;
      }
      @org.jspecify.annotations.Nullable Object[] nulls = new Object[WIDTH];
      DataFrame rows =
          session.createDataFrame(
              List.of(Row.of(first), Row.of(nulls)), StructType.fromDDL(ddl.toString()));

      Row only =
          rows.where(col("c" + (WIDTH - 1)).gt(5))
              .select(next.toArray(Column[]::new))
              .collect()
              .getFirst();

      assertThat(only.size()).isEqualTo(WIDTH);
      for (int i = 0; i < WIDTH; i++) {
        assertThat(only.get(i)).isEqualTo(i + 1L);
      }
      assertThat(rows.distinct().collect()).hasSize(2);
    }
  }
}
