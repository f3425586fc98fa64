package io.arrowmill.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns that hold nothing but nulls, and batches that begin in the middle of a byte of bits. */
@Tag("lanes")
class AwkwardColumnsTest {
  private static final StructType SCHEMA =
      StructType.fromDDL(
          "id INT, b BOOLEAN, i INT, l BIGINT, d DOUBLE, m DECIMAL(20,2), t STRING, u DATE");
  private static final List<String> COLUMNS = List.of("b", "i", "l", "d", "m", "t", "u");

  /** Each is run over the view {@code v}; none depends on the order of rows. */
  private static final List<String> QUERIES =
      List.of(
          "SELECT id, b, i, l, d, m, t, u FROM v",
          "SELECT id, i + 1, l * 2, d / 2, m + 1, upper(t), NOT b FROM v",
          "SELECT id, t FROM v WHERE l >= 0",
          "SELECT id, l + id, d FROM v WHERE i % 3 = 0 AND d < 1000",
          "SELECT id, i IS NULL, coalesce(l, -1), b OR i > 5, t LIKE 'x1%' FROM v",
          "SELECT b, count(*), sum(l), max(d), min(t), avg(i), sum(m), max(u) FROM v GROUP BY b",
          "SELECT t, count(i), min(l) FROM v GROUP BY t",
          "SELECT i, u, count(*), sum(d) FROM v GROUP BY i, u",
          "SELECT count(b), count(t), sum(l), min(d), max(u), avg(d), max(i) FROM v"
              + " WHERE t IS NULL",
          "SELECT DISTINCT m, b FROM v",
          "SELECT a.id, o.id FROM v a JOIN v o ON a.l = o.l AND a.t = o.t",
          "SELECT a.id, o.id FROM v a LEFT JOIN v o ON a.i = o.i AND a.d = o.d");

  private static Session session(String mode) {
    return Session.builder().config("arrowmill.kernel.mode", mode).getOrCreate();
  }

  private static List<Row> rows(int count, boolean onlyNulls) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      @Nullable Object[] values = new @Nullable Object[SCHEMA.size()];
      values[0] = i;
      if (!onlyNulls && i % 7 != 3) {
        values[1] = i % 2 == 0;
        values[2] = i % 10;
        values[3] = i % 5 == 0 ? null : (Object) (i * 3L - 20);
        values[4] = i * 0.5;
        values[5] = BigDecimal.valueOf(i % 4, 2);
        values[6] = i % 11 == 0 ? null : "x" + i % 20;
        values[7] = java.time.LocalDate.ofEpochDay(i % 3);
      }
      rows.add(Row.of(values));
    }
    return rows;
  }

  /** The rows in one batch, which is a slice from {@code offset} on of a larger one. */
  private static DataFrame hold(Session session, List<Row> rows, int offset) {
    List<Row> padded = new ArrayList<>(rows.subList(0, Math.min(offset, rows.size())));
    while (padded.size() < offset) {
      padded.add(rows.getFirst());
    }
    padded.addAll(rows);
    try (RecordBatch whole = BatchBuilder.batch(SCHEMA, padded, session.allocator());
        RecordBatch slice = whole.slice(offset, rows.size(), session.allocator())) {
      return session.engine().hold("held", SCHEMA, List.of(slice));
    }
  }

  private static Map<Row, Integer> counted(List<Row> rows) {
    Map<Row, Integer> counts = new HashMap<>();
    rows.forEach(row -> counts.merge(row, 1, Integer::sum));
    return counts;
  }

  private static List<Map<Row, Integer>> answers(Session session, DataFrame rows) {
    rows.createOrReplaceTempView("v");
    return QUERIES.stream().map(query -> counted(session.sql(query).collect())).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"simd", "scalar", "interpreted"})
  void slicesAtOddOffsetsGiveWhatWholeBatchesGive(String mode) {
    List<Row> rows = rows(300, false);
    List<Map<Row, Integer>> expected;
    try (Session session = session("interpreted")) {
      expected = answers(session, session.createDataFrame(rows, SCHEMA));
    }
    try (Session session = session(mode)) {
      for (int offset : new int[] {1, 7, 65}) {
        List<Map<Row, Integer>> actual = answers(session, hold(session, rows, offset));
        for (int i = 0; i < QUERIES.size(); i++) {
          assertThat(actual.get(i)).as("%d: %s", offset, QUERIES.get(i)).isEqualTo(expected.get(i));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"simd", "scalar", "interpreted"})
  void columnsOfOnlyNulls(String mode) {
    int count = 130;
    try (Session session = session(mode)) {
      hold(session, rows(count, true), 5).createOrReplaceTempView("v");
      for (String column : COLUMNS) {
        assertThat(session.sql("SELECT " + column + " FROM v").collect())
            .isEqualTo(Collections.nCopies(count, Row.of((Object) null)));
        assertThat(session.sql("SELECT id FROM v WHERE " + column + " IS NOT NULL").collect())
            .isEmpty();
        assertThat(
                session
                    .sql(
                        "SELECT %1$s, count(*), count(%1$s), min(%1$s), max(%1$s) FROM v GROUP BY %1$s"
                            .formatted(column))
                    .collect())
            .containsExactly(Row.of(null, (long) count, 0L, null, null));
        assertThat(
                session
                    .sql("SELECT a.id FROM v a JOIN v o ON a.%1$s = o.%1$s".formatted(column))
                    .collect())
            .isEmpty();
        assertThat(session.sql("SELECT id FROM v ORDER BY " + column + ", id").collect().getLast())
            .isEqualTo(Row.of(count - 1));
      }
      for (String value :
          List.of(
              "i + 1",
              "l * 2",
              "d / 2",
              "m - 1",
              "upper(t)",
              "NOT b",
              "sum(l)",
              "avg(d)",
              "sum(m)",
              "i > 1 AND b")) {
        assertThat(session.sql("SELECT max(x) FROM (SELECT " + value + " AS x FROM v)").collect())
            .as(value)
            .containsExactly(Row.of((Object) null));
      }
      assertThat(session.sql("SELECT id FROM v WHERE i = 0 OR d <> 1 OR t LIKE '%'").collect())
          .isEmpty();
    }
  }
}
