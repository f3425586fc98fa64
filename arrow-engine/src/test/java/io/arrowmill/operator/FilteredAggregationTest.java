package io.arrowmill.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Aggregations over a filter, whose rows may stay where they are. */
class FilteredAggregationTest {
  private static final StructType SCHEMA =
      StructType.fromDDL("s STRING, x BIGINT, y BIGINT, d DECIMAL(15,2), e DECIMAL(15,2)");

  /** More than a batch. */
  private static final int ROWS = 70_001;

  private static @Nullable String text(long row) {
    return row % 11 == 0 ? null : List.of("", "A", "N", "a longer text").get((int) (row % 4));
  }

  private static BigDecimal decimal(long row) {
    return BigDecimal.valueOf(row * 7_919 % 1_000_003 - 500_000, 2);
  }

  private static Session session(String mode, int workers) {
    Session session =
        Session.builder()
            .config("arrowmill.kernel.mode", mode)
            .config("arrowmill.workers", workers)
            .getOrCreate();
    List<Row> rows = new ArrayList<>();
    for (long i = 0; i < ROWS; i++) {
      rows.add(
          Row.withSchema(
              SCHEMA,
              Arrays.asList(
                  text(i), i, i % 20, i % 13 == 0 ? null : decimal(i), decimal(i * 31 + 5))));
    }
    session.createDataFrame(rows, SCHEMA).createOrReplaceTempView("t");
    return session;
  }

  /** Count, sum of x, and sum of d * (1 - e) by text, of the rows that are wanted. */
  private static Map<String, List<@Nullable Object>> expected(LongPredicate wanted) {
    Map<String, List<@Nullable Object>> groups = new TreeMap<>();
    for (long i = 0; i < ROWS; i++) {
      if (wanted.test(i)) {
        List<@Nullable Object> group =
            groups.computeIfAbsent(
                String.valueOf(text(i)), key -> new ArrayList<>(Arrays.asList(0L, 0L, null)));
        group.set(0, (Long) group.get(0) + 1);
        group.set(1, (Long) group.get(1) + i);
        if (i % 13 != 0) {
          BigDecimal value = decimal(i).multiply(BigDecimal.ONE.subtract(decimal(i * 31 + 5)));
          Object sum = group.get(2);
          group.set(2, sum == null ? value : ((BigDecimal) sum).add(value));
        }
      }
    }
    return groups;
  }

  private static Map<String, List<@Nullable Object>> actual(Session session, String sql) {
    Map<String, List<@Nullable Object>> groups = new TreeMap<>();
    for (Row row : session.sql(sql).collect()) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int i = 1; i < row.size(); i++) {
        values.add(row.get(i));
      }
      groups.put(String.valueOf(row.get(0)), values);
    }
    return groups;
  }

  @ParameterizedTest
  @CsvSource({"simd,1", "simd,2", "scalar,1", "interpreted,2"})
  void aggregatesTheRowsThatPass(String mode, int workers) {
    try (Session session = session(mode, workers)) {
      String sql = "SELECT s, count(*), sum(x), sum(d * (1 - e)) FROM t WHERE %s GROUP BY s";
      assertThat(actual(session, sql.formatted("y <> 3"))).isEqualTo(expected(i -> i % 20 != 3));
      assertThat(actual(session, sql.formatted("y = 3"))).isEqualTo(expected(i -> i % 20 == 3));
      assertThat(actual(session, sql.formatted("x >= 0"))).isEqualTo(expected(i -> true));
      assertThat(actual(session, sql.formatted("x < 65536"))).isEqualTo(expected(i -> i < 65_536));
      assertThat(actual(session, sql.formatted("x < 0"))).isEmpty();
    }
  }

  /** What would be an error of a row that does not pass is none. */
  @ParameterizedTest
  @CsvSource({"simd,1", "scalar,2", "interpreted,1"})
  void computesNothingOfRowsThatDoNotPass(String mode, int workers) {
    try (Session session = session(mode, workers)) {
      String sql = "SELECT s, count(x div y), sum(x div y * y + x %% y) FROM t WHERE %s GROUP BY s";
      Map<String, List<@Nullable Object>> expected = expected(i -> i % 20 != 0);
      expected.replaceAll((key, values) -> values.subList(0, 2));
      assertThat(actual(session, sql.formatted("y <> 0"))).isEqualTo(expected);
      assertThatThrownBy(() -> actual(session, sql.formatted("y >= 0")))
          .isInstanceOfSatisfying(
              ArrowmillException.class, e -> assertThat(e.condition()).isEqualTo("DIVIDE_BY_ZERO"));
    }
  }
}
