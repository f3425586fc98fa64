package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Functions;
import io.arrowmill.Session;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metrics that can't be observed, here and in Spark. */
final class ObservationRejectionsTest {
  private static final Session SESSION =
      Session.builder().appName("observations").config("arrowmill.workers", 1).getOrCreate();
  private static SparkSession spark;

  @BeforeAll
  static void start() {
    Engines.spark();
    spark = SparkSession.active();
  }

  @AfterAll
  static void stop() {
    SESSION.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          m | count(1) AS n              | none
          m | 1 + 2 AS n                 | none
          m | sum(value) / count(value)  | none
          m | value                      | INVALID_OBSERVED_METRICS.NON_AGGREGATE_FUNC_ARG_IS_ATTRIBUTE
          m | sum(value) + value AS n    | INVALID_OBSERVED_METRICS.NON_AGGREGATE_FUNC_ARG_IS_ATTRIBUTE
          m | count(DISTINCT value) AS n | INVALID_OBSERVED_METRICS.AGGREGATE_EXPRESSION_WITH_DISTINCT_UNSUPPORTED
          m | count(1) FILTER (WHERE value > 1) AS n | INVALID_OBSERVED_METRICS.AGGREGATE_EXPRESSION_WITH_FILTER_UNSUPPORTED
          ''| count(1) AS n              | INVALID_OBSERVED_METRICS.MISSING_NAME
          m | sum(nothing)               | UNRESOLVED_COLUMN.WITH_SUGGESTION
          """)
  void haveTheSameConditions(String name, String metric, String condition) {
    assertThat(ofSpark(name, metric)).isEqualTo(condition);
    assertThat(here(name, metric)).isEqualTo(condition);
  }

  private static String here(String name, String metric) {
    try {
      SESSION.readStream().format("rate").load().observe(name, Functions.expr(metric)).schema();
      return "none";
    } catch (ArrowmillException e) {
      return e.condition();
    }
  }

  private static String ofSpark(String name, String metric) {
    try {
      rate().observe(name, functions.expr(metric)).schema();
      return "none";
    } catch (Exception e) { // Spark's checked exceptions are not declared
      return e instanceof SparkThrowable known ? known.getCondition() : e.toString();
    }
  }

  private static Dataset<org.apache.spark.sql.Row> rate() {
    return spark.readStream().format("rate").load();
  }

  /** Spark has two conditions for it, of which one is enough. */
  @Test
  void areNotNested() {
    assertThat(ofSpark("m", "sum(sum(value))"))
        .isEqualTo("INVALID_OBSERVED_METRICS.NESTED_AGGREGATES_UNSUPPORTED");
    assertThat(here("m", "sum(sum(value))")).isEqualTo("NESTED_AGGREGATE_FUNCTION");
  }

  @Test
  void haveANameOfTheirOwn() {
    Column one = functions.expr("count(1) AS n");
    Column two = functions.expr("max(value) AS n");
    String expected = "DUPLICATED_METRICS_NAME";
    String ofSpark = "none";
    try {
      rate().observe("m", one).observe("m", two).writeStream().format("noop").start().stop();
    } catch (Exception e) { // Spark's checked exceptions are not declared
      ofSpark = e instanceof SparkThrowable known ? known.getCondition() : e.toString();
    }
    String here = "none";
    try {
      SESSION
          .readStream()
          .format("rate")
          .load()
          .observe("m", Functions.expr("count(1) AS n"))
          .observe("m", Functions.expr("max(value) AS n"))
          .writeStream()
          .format("noop")
          .start()
          .stop();
    } catch (ArrowmillException e) {
      here = e.condition();
    }
    assertThat(ofSpark).isEqualTo(expected);
    assertThat(here).isEqualTo(expected);
  }
}
