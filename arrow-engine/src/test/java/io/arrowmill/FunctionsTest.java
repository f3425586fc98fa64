package io.arrowmill;

import static io.arrowmill.Functions.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.sql.SqlParser;
import io.arrowmill.types.DataTypes;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What Java spells is what SQL spells: both give the same tree. */
final class FunctionsTest {

  static Stream<Arguments> spellings() {
    Column a = col("a");
    Column b = col("b");
    return Stream.of(
        Arguments.of(a.plus(b).multiply(2), "(a + b) * 2"),
        Arguments.of(a.minus(1.5).divide(b).mod(3L), "(a - 1.5D) / b % 3L"),
        Arguments.of(lit(1).plus(a), "1 + a"),
        Arguments.of(a.gt(1).and(b.leq("x")).or(a.isNull()), "a > 1 AND b <= 'x' OR a IS NULL"),
        Arguments.of(a.equalTo(b).and(a.notEqual(1)), "a = b AND a != 1"),
        Arguments.of(a.eqNullSafe(null), "a <=> NULL"),
        Arguments.of(not(a.isin(1, 2)), "a NOT IN (1, 2)"),
        Arguments.of(a.between(1, b), "a BETWEEN 1 AND b"),
        Arguments.of(a.isNotNull(), "a IS NOT NULL"),
        Arguments.of(a.like("x%"), "a LIKE 'x%'"),
        Arguments.of(a.rlike("x+"), "a RLIKE 'x+'"),
        Arguments.of(a.startsWith("x").and(a.endsWith(b)), "startswith(a, 'x') AND endswith(a, b)"),
        Arguments.of(a.substr(1, 2), "substring(a, 1, 2)"),
        Arguments.of(a.getItem(0), "a[0]"),
        Arguments.of(a.getItem("k").getField("f"), "a['k'].f"),
        Arguments.of(a.bitwiseAND(1).bitwiseOR(2), "a & 1 | 2"),
        Arguments.of(a.cast("decimal(10,2)"), "CAST(a AS DECIMAL(10,2))"),
        Arguments.of(a.try_cast(DataTypes.INTEGER), "TRY_CAST(a AS INT)"),
        Arguments.of(negate(a), "-a"),
        Arguments.of(
            when(a.gt(1), "x").when(a.gt(0), "y").otherwise(b),
            "CASE WHEN a > 1 THEN 'x' WHEN a > 0 THEN 'y' ELSE b END"),
        Arguments.of(count("*"), "count(*)"),
        Arguments.of(count(col("a")), "count(a)"),
        Arguments.of(count_distinct(a, b), "count(DISTINCT a, b)"),
        Arguments.of(countDistinct("a"), "count(DISTINCT a)"),
        Arguments.of(sum("a").divide(avg("b")), "sum(a) / avg(b)"),
        Arguments.of(window(a, "10 minutes", "5 minutes"), "window(a, '10 minutes', '5 minutes')"),
        Arguments.of(session_window(a, "5 minutes"), "session_window(a, '5 minutes')"),
        Arguments.of(explode(split(a, " ")), "explode(split(a, ' '))"),
        Arguments.of(coalesce(a, b, lit(0)), "coalesce(a, b, 0)"),
        Arguments.of(concat_ws("-", a, b), "concat_ws('-', a, b)"),
        Arguments.of(regexp_replace(a, "x", "y"), "regexp_replace(a, 'x', 'y')"),
        Arguments.of(trim(a, "x"), "trim('x', a)"),
        Arguments.of(ltrim(a, "x"), "TRIM(LEADING 'x' FROM a)"),
        Arguments.of(locate("x", a), "locate('x', a)"),
        Arguments.of(date_trunc("hour", a), "date_trunc('hour', a)"),
        Arguments.of(to_timestamp(a, "yyyy"), "to_timestamp(a, 'yyyy')"),
        Arguments.of(round(a, 2), "round(a, 2)"),
        Arguments.of(pow(a, 2.0), "pow(a, 2D)"),
        Arguments.of(log(2.0, a), "log(2D, a)"),
        Arguments.of(bitwise_not(a), "~a"),
        Arguments.of(shiftleft(a, 2), "a << 2"),
        Arguments.of(array("a", "b"), "array(a, b)"),
        Arguments.of(array_contains(a, 1), "array_contains(a, 1)"),
        Arguments.of(greatest("a", "b"), "greatest(a, b)"),
        Arguments.of(struct(a, b), "struct(a, b)"),
        Arguments.of(current_timestamp(), "current_timestamp()"),
        Arguments.of(call_function("Upper", a), "upper(a)"),
        Arguments.of(expr("a + 1"), "a + 1"),
        Arguments.of(col("t.a.b"), "t.a.b"),
        Arguments.of(col("`a.b`.c"), "`a.b`.c"),
        Arguments.of(col("t.*"), "t.*"),
        Arguments.of(lit(-1), "-1"),
        Arguments.of(lit(new BigDecimal("1.50")), "1.50"),
        Arguments.of(lit(LocalDate.of(2026, 1, 2)), "DATE '2026-01-02'"),
        Arguments.of(
            lit(Instant.parse("2026-01-02T03:04:05Z")), "TIMESTAMP '2026-01-02 03:04:05Z'"),
        Arguments.of(lit(Duration.ofMinutes(5)), "INTERVAL 5 MINUTES"),
        Arguments.of(lit(List.of(1, 2)), "array(1, 2)"),
        Arguments.of(lit(Map.of("k", 1L)), "map('k', 1L)"));
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void javaAndSqlGiveOneTree(Column column, String text) {
    assertThat(column.expression()).isEqualTo(SqlParser.parseExpression(text));
  }

  @Test
  void sortKeysPutNullsWhereSparkDoes() {
    assertThat(Stream.of(col("a").asc(), desc("a"), asc_nulls_last("a"), desc_nulls_first("a")))
        .extracting(Column::toString)
        .containsExactly(
            "a ASC NULLS FIRST", "a DESC NULLS LAST", "a ASC NULLS LAST", "a DESC NULLS FIRST");
  }

  @Test
  void isinOfNothingIsFalse() {
    assertThat(col("a").isin().expression()).isEqualTo(Literal.FALSE);
  }

  @Test
  void litPassesColumnsOnAndRefusesStrangers() {
    assertThat(lit(col("a"))).isEqualTo(col("a"));
    assertThatExceptionOfType(AnalysisException.class)
        .isThrownBy(() -> lit(new BitSet()))
        .withMessageContaining("class=java.util.BitSet");
  }

  @Test
  void otherwiseComesOnce() {
    Column closed = when(col("a"), 1).otherwise(2);
    assertThatExceptionOfType(AnalysisException.class).isThrownBy(() -> closed.otherwise(3));
    assertThatExceptionOfType(AnalysisException.class).isThrownBy(() -> closed.when(col("b"), 3));
    assertThatExceptionOfType(AnalysisException.class).isThrownBy(() -> col("a").otherwise(3));
  }

  @Test
  void brokenColumnNamesAreRefused() {
    for (String name : List.of("", "a.", ".a", "a..b", "`a", "`a`b", "a`b`")) {
      assertThatExceptionOfType(AnalysisException.class)
          .as(name)
          .isThrownBy(() -> col(name))
          .extracting(AnalysisException::condition)
          .isEqualTo("INVALID_ATTRIBUTE_NAME_SYNTAX");
    }
  }

  @Test
  void columnsAreEqualByWhatTheyCompute() {
    Expression sum = col("a").plus(1).expression();
    assertThat(new Column(sum)).isEqualTo(expr("a + 1")).hasSameHashCodeAs(expr("a + 1"));
    assertThat(col("a")).isNotEqualTo(col("b"));
  }
}
