package io.arrowmill.oracle;

import static io.arrowmill.oracle.TableAnswers.here;
import static io.arrowmill.oracle.TableAnswers.ofSpark;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.DataFrame;
import io.arrowmill.Functions;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.Window;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions over windows, here and in Spark: what they give, and what is refused. */
final class OverWindowTest {
  private static final StructType SCHEMA =
      StructType.fromDDL(
          "k STRING, v INT, id INT NOT NULL, s SMALLINT, d DOUBLE, m DECIMAL(5,2), b BOOLEAN,"
              + " dt DATE, ts TIMESTAMP, a ARRAY<INT>");

  private static final Session SESSION =
      Session.builder().appName("over").config("arrowmill.workers", 1).getOrCreate();
  private static SparkSession spark;

  @BeforeAll
  static void start() {
    Engines.spark();
    spark = SparkSession.active();
    List<Row> rows = rows();
    SESSION.createDataFrame(rows, SCHEMA).createOrReplaceTempView("t");
    spark
        .createDataFrame(rows.stream().map(SparkRows::toSpark).toList(), SparkRows.schema(SCHEMA))
        .createOrReplaceTempView("t");
    String map = "SELECT k, id, map(k, v) AS m FROM t WHERE k IS NOT NULL";
    SESSION.sql(map).createOrReplaceTempView("maps");
    spark.sql(map).createOrReplaceTempView("maps");
  }

  @AfterAll
  static void stop() {
    SESSION.close();
  }

  private static List<Row> rows() {
    SplittableRandom random = new SplittableRandom(11);
    List<Row> rows = new ArrayList<>();
    double[] doubles = {0.5, -0.0, 0.0, Double.NaN, 1.5, 2.0, Double.POSITIVE_INFINITY, -3};
    for (int i = 0; i < 50; i++) {
      @Nullable Object v = random.nextInt(5) == 0 ? null : random.nextInt(9);
      rows.add(
          Row.of(
              random.nextInt(6) == 0 ? null : "k" + random.nextInt(4),
              v,
              i,
              random.nextInt(6) == 0 ? null : (short) random.nextInt(7),
              random.nextInt(6) == 0 ? null : doubles[random.nextInt(doubles.length)],
              random.nextInt(6) == 0 ? null : BigDecimal.valueOf(random.nextInt(400), 2),
              random.nextInt(6) == 0 ? null : random.nextBoolean(),
              random.nextInt(6) == 0 ? null : LocalDate.of(2024, 1, 1 + random.nextInt(28)),
              random.nextInt(6) == 0
                  ? null
                  : Instant.ofEpochSecond(1_700_000_000L + 600L * random.nextInt(60)),
              v == null ? null : List.of(i % 3)));
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id, row_number() OVER (PARTITION BY k ORDER BY id) FROM t",
        "SELECT id, rank() OVER (PARTITION BY k ORDER BY v), dense_rank() OVER (PARTITION BY k"
            + " ORDER BY v), percent_rank() OVER (PARTITION BY k ORDER BY v), cume_dist() OVER"
            + " (PARTITION BY k ORDER BY v) FROM t",
        "SELECT id, rank() OVER (ORDER BY d) AS a, rank() OVER (ORDER BY d DESC) AS b, rank() OVER"
            + " (ORDER BY d NULLS LAST) AS c, rank() OVER (ORDER BY d DESC NULLS FIRST) AS e FROM"
            + " t",
        "SELECT id, ntile(3) OVER (PARTITION BY k ORDER BY id), ntile() OVER (ORDER BY id),"
            + " ntile(100) OVER (ORDER BY id) FROM t",
        "SELECT id, lag(v) OVER (PARTITION BY k ORDER BY id), lead(v) OVER (PARTITION BY k ORDER BY"
            + " id), lag(v, 2, -1) OVER (PARTITION BY k ORDER BY id), lead(k, 3, 'none') OVER"
            + " (ORDER BY id), lag(v, -1) OVER (ORDER BY id), lead(v, 0) OVER (ORDER BY id),"
            + " lag(v, 1, id) OVER (PARTITION BY k ORDER BY id), lead(a) OVER (ORDER BY id) FROM t",
        "SELECT id, lag(v) IGNORE NULLS OVER (PARTITION BY k ORDER BY id), lead(v, 2) IGNORE NULLS"
            + " OVER (PARTITION BY k ORDER BY id), lead(v, 0) IGNORE NULLS OVER (ORDER BY id),"
            + " lag(v, 1) RESPECT NULLS OVER (ORDER BY id) FROM t",
        "SELECT id, nth_value(v, 2) OVER (PARTITION BY k ORDER BY id), nth_value(v, 3) IGNORE NULLS"
            + " OVER (PARTITION BY k ORDER BY id), nth_value(k, 1) OVER (ORDER BY id ROWS BETWEEN 2"
            + " PRECEDING AND 1 FOLLOWING) FROM t",
        "SELECT id, count(*) OVER (PARTITION BY k), sum(v) OVER (PARTITION BY k), min(v) OVER"
            + " (PARTITION BY k), max(k) OVER (), avg(v) OVER (), count(v) OVER (), count(a) OVER"
            + " (PARTITION BY k), count(v, s) OVER () FROM t",
        "SELECT id, count(1) OVER (PARTITION BY k ORDER BY v), sum(v) OVER (PARTITION BY k ORDER BY"
            + " v), min(v) OVER (PARTITION BY k ORDER BY id), max(a) OVER (PARTITION BY k ORDER BY"
            + " id), avg(m) OVER (PARTITION BY k ORDER BY v), sum(m) OVER (ORDER BY v) FROM t",
        "SELECT id, first(v) OVER (PARTITION BY k ORDER BY id), last(v) OVER (PARTITION BY k ORDER"
            + " BY id), first(v, true) OVER (PARTITION BY k ORDER BY id), last(v) IGNORE NULLS OVER"
            + " (PARTITION BY k ORDER BY id), any_value(k) OVER (PARTITION BY k) FROM t",
        "SELECT id, bool_and(b) OVER (PARTITION BY k ORDER BY id), bool_or(b) OVER (PARTITION BY"
            + " k), count_if(v > 3) OVER (PARTITION BY k ORDER BY id) FROM t",
        "SELECT id, sum(v) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), sum(v) OVER"
            + " (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING), sum(v) OVER (PARTITION BY k"
            + " ORDER BY id ROWS BETWEEN 3 PRECEDING AND 2 PRECEDING), sum(v) OVER (ORDER BY id"
            + " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING), sum(v) OVER (ORDER BY id ROWS 1"
            + " PRECEDING), sum(v) OVER (ORDER BY id ROWS 1 FOLLOWING) FROM t",
        "SELECT id, min(d) OVER (PARTITION BY k ORDER BY id ROWS BETWEEN 2 PRECEDING AND 2"
            + " FOLLOWING), max(d) OVER (PARTITION BY k ORDER BY id ROWS BETWEEN 2 PRECEDING AND 2"
            + " FOLLOWING), last(v, true) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1"
            + " FOLLOWING) FROM t",
        "SELECT id, sum(v) OVER (ORDER BY v RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING), count(*)"
            + " OVER (PARTITION BY k ORDER BY v DESC RANGE BETWEEN 2 PRECEDING AND CURRENT ROW),"
            + " count(*) OVER (ORDER BY v DESC RANGE BETWEEN 3 FOLLOWING AND UNBOUNDED FOLLOWING)"
            + " FROM t",
        "SELECT id, count(*) OVER (ORDER BY d RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS a,"
            + " count(*) OVER (ORDER BY d DESC NULLS FIRST RANGE BETWEEN 0.5D PRECEDING AND CURRENT"
            + " ROW) AS b, count(*) OVER (ORDER BY s RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS"
            + " c, count(*) OVER (ORDER BY m RANGE BETWEEN 0.5 PRECEDING AND 1 FOLLOWING) AS e,"
            + " count(*) OVER (ORDER BY v RANGE BETWEEN 1L PRECEDING AND 1.7 FOLLOWING) AS f FROM"
            + " t",
        "SELECT id, count(*) OVER (ORDER BY dt RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) AS a,"
            + " count(*) OVER (ORDER BY dt RANGE BETWEEN INTERVAL 2 DAY PRECEDING AND INTERVAL 1"
            + " DAY FOLLOWING) AS b, count(*) OVER (ORDER BY ts RANGE BETWEEN INTERVAL 1 HOUR"
            + " PRECEDING AND CURRENT ROW) AS c, count(*) OVER (ORDER BY ts DESC RANGE BETWEEN"
            + " INTERVAL '30' MINUTE PRECEDING AND INTERVAL '60' MINUTE FOLLOWING) AS d, count(*)"
            + " OVER (ORDER BY ts RANGE BETWEEN INTERVAL 1 MONTH PRECEDING AND CURRENT ROW) AS e"
            + " FROM t",
        "SELECT id, count(*) OVER (PARTITION BY id % 3 ORDER BY v % 5 RANGE BETWEEN 1 PRECEDING AND"
            + " 1 FOLLOWING) AS n FROM t",
        "SELECT id, sum(v) OVER (ORDER BY k, v RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)"
            + " FROM t",
        "SELECT id, sum(v) FILTER (WHERE b) OVER (PARTITION BY k), count(*) FILTER (WHERE v > 2)"
            + " OVER (ORDER BY id), first(v) FILTER (WHERE b) OVER (PARTITION BY k ORDER BY id),"
            + " last(v, true) FILTER (WHERE v > 3) OVER (ORDER BY id) FROM t",
        "SELECT id, sum(v) OVER w, count(*) OVER (w), max(v) OVER x FROM t WINDOW w AS (PARTITION"
            + " BY k ORDER BY id), x AS w",
        "SELECT id, sum(v) OVER (DISTRIBUTE BY k SORT BY v), sum(v) OVER (PARTITION BY k SORT BY v)"
            + " FROM t",
        "SELECT k, rank() OVER (ORDER BY sum(v)), sum(sum(v)) OVER (), sum(v) FROM t GROUP BY k",
        "SELECT k, sum(v) / sum(sum(v)) OVER () AS share FROM t GROUP BY k HAVING sum(v) > 3",
        "SELECT sum(row_number() OVER (ORDER BY id)) OVER () AS s, sum(v) OVER (ORDER BY"
            + " row_number() OVER (ORDER BY id)) AS r FROM t",
        "SELECT row_number() OVER (ORDER BY id) + 1 AS x, CASE WHEN rank() OVER (ORDER BY v) = 1"
            + " THEN 'first' END AS c FROM t",
        "SELECT DISTINCT dense_rank() OVER (PARTITION BY k ORDER BY v) AS r FROM t",
        "SELECT id, explode(a), row_number() OVER (ORDER BY id) FROM t",
        "SELECT window(ts, '1 hour').start AS w, count(*) OVER (PARTITION BY window(ts, '1 hour'))"
            + " AS n FROM t",
        "SELECT * FROM (SELECT id, k, row_number() OVER (PARTITION BY k ORDER BY v DESC, id) AS n"
            + " FROM t) WHERE n <= 2 AND k > 'k0'",
        "SELECT id, rank() OVER (PARTITION BY a ORDER BY a, id), sum(v) OVER (PARTITION BY k, k"
            + " ORDER BY v NULLS LAST), sum(v) OVER (PARTITION BY 1 ORDER BY 1) FROM t",
        "SELECT id, sum(v) OVER (PARTITION BY k ORDER BY id) AS s FROM t WHERE false",
        "SELECT count(*) OVER () AS n FROM t WHERE false",
        "SELECT id, over, window, row, range FROM (SELECT id, v AS over, k AS window, s AS row, d"
            + " AS range FROM t)",
      })
  void giveWhatSparkGives(String sql) {
    List<String> ofSpark = ofSpark(spark, sql);
    assertThat(ofSpark).as("Spark must run it").hasSizeGreaterThan(0);
    assertThat(ofSpark.getFirst()).startsWith("[");
    assertThat(here(SESSION, sql)).isEqualTo(ofSpark);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT v FROM t WHERE row_number() OVER (ORDER BY v) = 1",
        "SELECT v FROM t WHERE sum(v) OVER () = 1",
        "SELECT k, count(*) FROM t GROUP BY k, row_number() OVER (ORDER BY v)",
        "SELECT k, count(*) FROM t GROUP BY k HAVING row_number() OVER (ORDER BY k) = 1",
        "SELECT k, sum(v) FROM t GROUP BY k HAVING sum(sum(v)) OVER () > 1",
        "SELECT v FROM t ORDER BY row_number() OVER (ORDER BY v DESC)",
        "SELECT a.v FROM t a JOIN t b ON row_number() OVER (ORDER BY a.v) = b.v",
        "SELECT sum(row_number() OVER (ORDER BY v)) FROM t",
        "SELECT k, sum(v) OVER () AS r FROM t GROUP BY k",
        "SELECT row_number() OVER () FROM t",
        "SELECT rank() OVER (PARTITION BY k) FROM t",
        "SELECT lag(v) OVER () FROM t",
        "SELECT ntile(2) OVER () FROM t",
        "SELECT nth_value(v, 1) OVER () FROM t",
        "SELECT row_number() FROM t",
        "SELECT k, rank() FROM t GROUP BY k",
        "SELECT lag(v) FROM t",
        "SELECT row_number() OVER (ORDER BY v ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
        "SELECT cume_dist() OVER (ORDER BY v ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
        "SELECT lag(v) OVER (ORDER BY v ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
        "SELECT sum(v) OVER (ORDER BY v ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) FROM t",
        "SELECT sum(v) OVER (ORDER BY v ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) FROM t",
        "SELECT sum(v) OVER (ORDER BY v ROWS BETWEEN CURRENT ROW AND UNBOUNDED PRECEDING) FROM t",
        "SELECT sum(v) OVER (ORDER BY v ROWS BETWEEN 1.5 PRECEDING AND CURRENT ROW) FROM t",
        "SELECT sum(v) OVER (ORDER BY v ROWS BETWEEN 1L PRECEDING AND CURRENT ROW) FROM t",
        "SELECT sum(v) OVER (ORDER BY v ROWS BETWEEN NULL PRECEDING AND CURRENT ROW) FROM t",
        "SELECT sum(v) OVER (ORDER BY v ROWS BETWEEN v PRECEDING AND CURRENT ROW) FROM t",
        "SELECT sum(v) OVER (RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
        "SELECT sum(v) OVER (RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM t",
        "SELECT sum(v) OVER (ORDER BY v, k RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
        "SELECT sum(v) OVER (ORDER BY k RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
        "SELECT sum(v) OVER (ORDER BY ts RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
        "SELECT sum(v) OVER (ORDER BY v RANGE BETWEEN 2 FOLLOWING AND 1 FOLLOWING) FROM t",
        "SELECT sum(DISTINCT v) OVER () FROM t",
        "SELECT row_number() FILTER (WHERE v > 1) OVER (ORDER BY v) FROM t",
        "SELECT upper(k) OVER () FROM t",
        "SELECT sum(v) OVER x FROM t WINDOW w AS (PARTITION BY k)",
        "SELECT sum(v) OVER w FROM t WINDOW w AS (PARTITION BY k), w AS (ORDER BY k)",
        "SELECT sum(v) OVER (w ORDER BY v) FROM t WINDOW w AS (PARTITION BY k)",
        "SELECT row_number() OVER (PARTITION BY m ORDER BY k) FROM maps",
        "SELECT lag(v, v) OVER (ORDER BY v) FROM t",
        "SELECT lag(v, 1, 'x', 3) OVER (ORDER BY v) FROM t",
        "SELECT nth_value(v, 0) OVER (ORDER BY v) FROM t",
        "SELECT nth_value(v, v) OVER (ORDER BY v) FROM t",
        "SELECT nth_value(v, NULL) OVER (ORDER BY v) FROM t",
        "SELECT nth_value(v) OVER (ORDER BY v) FROM t",
        "SELECT ntile(0) OVER (ORDER BY v) FROM t",
        "SELECT ntile(v) OVER (ORDER BY v) FROM t",
        "SELECT ntile(2L) OVER (ORDER BY v) FROM t",
        "SELECT row_number(1) OVER (ORDER BY v) FROM t",
        "SELECT sum(nothing) OVER () FROM t",
        "SELECT sum(v) OVER (PARTITION BY nothing) FROM t",
        "SELECT nothing() OVER () FROM t",
        "SELECT sum(v * 1000000000) OVER (ORDER BY id) FROM t",
        "SELECT sum(9223372036854775807) OVER (ORDER BY id) FROM t",
      })
  void refuseWhatSparkRefuses(String sql) {
    List<String> ofSpark = ofSpark(spark, sql);
    assertThat(ofSpark).hasSize(1);
    assertThat(here(SESSION, sql)).isEqualTo(ofSpark);
  }

  @Test
  void giveTheSameByCalls() {
    DataFrame here = SESSION.table("t");
    Dataset<org.apache.spark.sql.Row> there = spark.table("t");
    assertThat(
            here(
                here.select(
                    Functions.col("id"),
                    Functions.row_number()
                        .over(Window.partitionBy("k").orderBy(Functions.col("id").desc())),
                    Functions.sum("v")
                        .over(Window.partitionBy("k").orderBy("id").rowsBetween(-1, 1)),
                    Functions.count("*")
                        .over(
                            Window.orderBy("id")
                                .rowsBetween(Window.currentRow, Window.unboundedFollowing)),
                    Functions.lag("v", 1, 7).over(Window.orderBy("id")),
                    Functions.lead(Functions.col("v"), 2, null, true).over(Window.orderBy("id")),
                    Functions.nth_value(Functions.col("v"), 2, true).over(Window.orderBy("id")),
                    Functions.max("v").over())))
        .isEqualTo(
            ofSpark(
                there.select(
                    functions.col("id"),
                    functions
                        .row_number()
                        .over(
                            org.apache.spark.sql.expressions.Window.partitionBy("k")
                                .orderBy(functions.col("id").desc())),
                    functions
                        .sum("v")
                        .over(
                            org.apache.spark.sql.expressions.Window.partitionBy("k")
                                .orderBy("id")
                                .rowsBetween(-1, 1)),
                    functions
                        .count("*")
                        .over(
                            org.apache.spark.sql.expressions.Window.orderBy("id")
                                .rowsBetween(0, Long.MAX_VALUE)),
                    functions
                        .lag("v", 1, 7)
                        .over(org.apache.spark.sql.expressions.Window.orderBy("id")),
                    functions
                        .lead(functions.col("v"), 2, null, true)
                        .over(org.apache.spark.sql.expressions.Window.orderBy("id")),
                    functions
                        .nth_value(functions.col("v"), 2, true)
                        .over(org.apache.spark.sql.expressions.Window.orderBy("id")),
                    functions.max("v").over())));
    assertThat(
            here(
                here.withColumn(
                    "n",
                    Functions.count("*")
                        .over(
                            Window.partitionBy(Functions.col("k"))
                                .orderBy("v")
                                .rangeBetween(-2, 0)))))
        .isEqualTo(
            ofSpark(
                there.withColumn(
                    "n",
                    functions
                        .count("*")
                        .over(
                            org.apache.spark.sql.expressions.Window.partitionBy(functions.col("k"))
                                .orderBy("v")
                                .rangeBetween(-2, 0)))));
  }
}
