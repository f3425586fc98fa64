package io.arrowmill.oracle;

import static io.arrowmill.oracle.TableAnswers.here;
import static io.arrowmill.oracle.TableAnswers.ofSpark;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Session;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries over tables that stand in their text, here and in Spark. */
final class TableQueriesTest {
  private static final Session SESSION =
      Session.builder().appName("texts").config("arrowmill.workers", 1).getOrCreate();
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
  @ValueSource(
      strings = {
        "SELECT k, sum(i) AS s, avg(i) AS a, count(i) AS n FROM VALUES (1, INTERVAL '1' MONTH),"
            + " (1, INTERVAL '2' MONTH), (2, INTERVAL '-2' MONTH), (2, INTERVAL '-1' MONTH),"
            + " (3, NULL) AS v(k, i) GROUP BY k",
        "SELECT k, sum(i) AS s, avg(i) AS a FROM VALUES (1, INTERVAL '0.000001' SECOND),"
            + " (1, INTERVAL '0.000002' SECOND), (2, INTERVAL '-4' DAY), (2, INTERVAL '-1' DAY),"
            + " (3, NULL) AS v(k, i) GROUP BY k",
        "SELECT k, sum(i) OVER (ORDER BY k) AS s, avg(i) OVER (ORDER BY k) AS a FROM VALUES"
            + " (1, INTERVAL '1' MONTH), (2, INTERVAL '2' MONTH), (3, NULL) AS v(k, i)",
        "SELECT sum(DISTINCT i) AS s, avg(DISTINCT i) AS a FROM VALUES (INTERVAL '1' MONTH),"
            + " (INTERVAL '1' MONTH), (INTERVAL '4' MONTH) AS v(i)",
        "SELECT k, try_sum(x) AS s, try_sum(DISTINCT x) AS t FROM VALUES (1, 9223372036854775807),"
            + " (1, 1), (1, -5), (2, 7), (2, NULL), (3, NULL) AS v(k, x) GROUP BY k",
        "SELECT try_sum(x) AS s, try_sum(y) AS t, try_sum(z) AS u, try_sum(z) FILTER (WHERE z < 2)"
            + " AS w FROM VALUES (1Y, 1.5D, 99999999999999999999999999999999999999),"
            + " (127Y, 2.5D, 1) AS v(x, y, z)",
        "SELECT x, try_sum(x) OVER (ORDER BY x ROWS 1 PRECEDING) AS s"
            + " FROM VALUES (9223372036854775807), (9223372036854775806), (1) AS v(x)",
        "SELECT x FROM VALUES (1) AS v(x)",
        "SELECT * FROM VALUES (1, 2)",
        "SELECT * FROM VALUES 1",
        "SELECT d + INTERVAL 1 DAY AS a, d - INTERVAL '2' WEEK AS b, INTERVAL '3 days' + d AS c,"
            + " d + INTERVAL 1 DAY 2 HOURS AS e, d + INTERVAL '24' HOUR AS f,"
            + " d - INTERVAL '1 day 1 hour' AS g, d + INTERVAL '-1' DAY AS h"
            + " FROM VALUES (DATE'2026-02-28'), (DATE'1969-12-31'), (NULL) AS v(d)",
        "SELECT t + INTERVAL 1 DAY AS a, t - INTERVAL 1 WEEK AS b"
            + " FROM VALUES (TIMESTAMP'2026-02-28 01:00:00'), (NULL) AS v(t)",
        "SELECT INTERVAL 1 DAY + INTERVAL 2 DAY AS a, INTERVAL 1 DAY - INTERVAL 2 HOUR AS b",
        "SELECT explode(array(1)) + 1",
        "SELECT count(explode(array(1)))",
        "SELECT explode(explode(array(array(1))))",
        "SELECT cast(explode(array(1)) AS STRING) AS s",
        "SELECT x FROM VALUES (1) AS v(x) WHERE explode(array(x)) = 1",
        "SELECT x FROM VALUES (1) AS v(x) ORDER BY explode(array(x, x))"
      })
  void giveWhatSparkGives(String sql) {
    assertThat(here(SESSION, sql)).isEqualTo(ofSpark(spark, sql));
  }

  /** Where a result turns out to be beyond its type only when all rows are added. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT sum(i) FROM VALUES (INTERVAL '178956970-7' YEAR TO MONTH), (INTERVAL '1' MONTH)"
            + " AS v(i)",
        "SELECT avg(x) FROM VALUES (99999999999999999999999999999999999999) AS v(x)",
        "SELECT k, avg(x) FROM VALUES (1, 99999999999999999999999999999999999999) AS v(k, x)"
            + " GROUP BY k"
      })
  void refuseResultsThatDoNotFit(String sql) {
    assertThat(here(SESSION, sql)).containsExactly("ARITHMETIC_OVERFLOW");
    assertThat(ofSpark(spark, sql)).first().asString().matches(".*(OVERFLOW|OUT_OF_RANGE).*");
  }
}
