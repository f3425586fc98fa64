package io.arrowmill.analysis;

import static io.arrowmill.analysis.Plans.analyze;
import static io.arrowmill.analysis.Plans.cast;
import static io.arrowmill.analysis.Plans.col;
import static io.arrowmill.analysis.Plans.fn;
import static io.arrowmill.analysis.Plans.lit;
import static io.arrowmill.analysis.Plans.output;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Project;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Names and types of columns that a query did not name. Expected values are Spark's rules. */
final class ExpressionTypeTest {
  private static final LogicalPlan TABLE =
      Plans.batch(
          "y TINYINT, h SMALLINT, i INT, l BIGINT, f FLOAT, d DOUBLE, s STRING, b BOOLEAN, bin"
              + " BINARY, dt DATE, ts TIMESTAMP, p DECIMAL(10,2), q DECIMAL(38,10), a ARRAY<INT>, m"
              + " MAP<STRING, INT>, st STRUCT<x: INT, n: STRUCT<z: STRING>>, aa ARRAY<ARRAY<INT>>");

  static List<Arguments> expressions() {
    return List.of(
        // arithmetic
        row(fn("+", col("i"), 1), "(i + 1) int"),
        row(fn("+", col("i"), col("l")), "(i + l) bigint"),
        row(fn("*", col("y"), col("h")), "(y * h) smallint"),
        row(fn("-", col("l"), col("f")), "(l - f) double"),
        row(fn("+", col("f"), col("f")), "(f + f) float"),
        row(fn("/", col("i"), col("l")), "(i / l) double"),
        row(fn("div", col("i"), 2), "(i div 2) bigint"),
        row(fn("%", col("h"), col("l")), "(h % l) bigint"),
        row(fn("+", col("s"), 1), "(s + 1) bigint"),
        row(fn("*", col("s"), col("d")), "(s * d) double"),
        row(fn("negative", col("p")), "(- p) decimal(10,2)"),
        // decimals: precision and scale
        row(fn("+", col("p"), col("p")), "(p + p) decimal(11,2)"),
        row(fn("*", col("p"), col("p")), "(p * p) decimal(21,4)"),
        row(fn("/", col("p"), col("p")), "(p / p) decimal(23,13)"),
        row(fn("%", col("p"), col("p")), "(p % p) decimal(10,2)"),
        row(fn("+", col("q"), col("q")), "(q + q) decimal(38,9)"),
        row(fn("*", col("q"), col("q")), "(q * q) decimal(38,6)"),
        row(fn("/", col("q"), col("q")), "(q / q) decimal(38,6)"),
        row(fn("+", col("p"), 1), "(p + 1) decimal(11,2)"),
        row(fn("*", col("p"), col("i")), "(p * i) decimal(21,2)"),
        row(fn("*", col("p"), col("d")), "(p * d) double"),
        row(fn("*", col("i"), lit(new BigDecimal("0.5"))), "(i * 0.5) decimal(12,1)"),
        // rounding
        row(fn("ceil", col("d")), "CEIL(d) bigint"),
        row(fn("floor", col("p")), "FLOOR(p) decimal(9,0)"),
        row(fn("round", col("p"), 1), "round(p, 1) decimal(10,1)"),
        row(fn("round", col("i")), "round(i) int"),
        // comparison and logic
        row(fn("==", col("i"), col("d")), "(i = d) boolean"),
        row(fn("!=", col("s"), 1), "(NOT (s = 1)) boolean"),
        row(fn("and", fn(">", col("i"), 1), col("b")), "((i > 1) AND b) boolean"),
        row(fn("in", col("i"), 1, 2), "(i IN (1, 2)) boolean"),
        row(fn("isnull", col("a")), "(a IS NULL) boolean"),
        row(
            fn("between", col("ts"), "2024-01-01", "2024-02-01"),
            "between(ts, 2024-01-01, 2024-02-01) boolean"),
        row(fn("<", col("dt"), col("ts")), "(dt < ts) boolean"),
        // conditionals
        row(fn("coalesce", col("i"), col("l"), 0), "coalesce(i, l, 0) bigint"),
        row(fn("coalesce", col("i"), "1"), "coalesce(i, 1) bigint"),
        row(fn("if", col("b"), col("i"), col("d")), "(IF(b, i, d)) double"),
        row(fn("nullif", col("i"), 0), "nullif(i, 0) int"),
        row(fn("greatest", col("p"), col("i")), "greatest(p, i) decimal(12,2)"),
        // strings
        row(fn("concat", col("s"), col("i")), "concat(s, i) string"),
        row(fn("split", col("s"), ","), "split(s, ,) array<string>"),
        row(fn("length", col("s")), "length(s) int"),
        row(fn("len", col("s")), "len(s) int"),
        row(fn("substring", col("s"), 1, 2), "substring(s, 1, 2) string"),
        row(fn("upper", col("i")), "upper(i) string"),
        // dates
        row(fn("year", col("ts")), "year(ts) int"),
        row(fn("date_add", col("dt"), 1), "date_add(dt, 1) date"),
        row(fn("+", col("dt"), 1), "(dt + 1) date"),
        row(fn("-", col("ts"), col("ts")), "(ts - ts) interval day to second"),
        row(fn("to_date", col("s")), "to_date(s) date"),
        row(fn("date_trunc", "hour", col("ts")), "date_trunc(hour, ts) timestamp"),
        row(fn("date_part", "second", col("ts")), "date_part(second, ts) decimal(8,6)"),
        row(col("current_date"), "current_date() date"),
        // nested
        row(col("st.x"), "x int"),
        row(col("st.n.z"), "z string"),
        row(fn("+", col("st.x"), 1), "(st.x + 1) int"),
        row(fn("getitem", col("a"), 0), "a[0] int"),
        row(fn("getitem", col("m"), "k"), "m[k] int"),
        row(fn("getitem", col("st"), "x"), "st.x int"),
        row(fn("array", 1, 2L), "array(1, 2) array<bigint>"),
        row(fn("flatten", col("aa")), "flatten(aa) array<int>"),
        row(fn("map_keys", col("m")), "map_keys(m) array<string>"),
        row(fn("size", col("m")), "size(m) int"),
        row(
            fn("struct", col("i"), col("st.x"), fn("+", col("i"), 1)),
            "struct(i, st.x, (i + 1)) struct<i: int, x: int, col3: int not null>"),
        // casts
        row(cast(col("i"), "BIGINT"), "i bigint"),
        row(cast(fn("+", col("i"), 1), "STRING"), "CAST((i + 1) AS STRING) string"),
        row(fn("bigint", col("s")), "bigint(s) bigint"),
        row(col("I"), "I int"),
        row(fn("hash", col("i"), col("s")), "hash(i, s) int"));
  }

  private static Arguments row(Expression expression, String expected) {
    return Arguments.of(expression, expected);
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void namesAndTypes(Expression expression, String expected) {
    LogicalPlan plan = analyze(new Project(List.of(expression), TABLE));
    String nullable = expected.replace(" not null>", ">");
    assertThat(output(plan).getFirst().replace(" not null", "")).isEqualTo(nullable);
  }

  @Test
  void analysisOfAnAnalyzedPlanChangesNothing() {
    LogicalPlan plan = analyze(new Project(List.of(fn("+", col("i"), 1)), TABLE));
    assertThat(analyze(plan)).isSameAs(plan);
  }
}
