package io.arrowmill.oracle;

import static io.arrowmill.oracle.TableAnswers.here;
import static io.arrowmill.oracle.TableAnswers.ofSpark;
import static io.arrowmill.oracle.TableAnswers.sorted;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Functions;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.streaming.MemoryStream;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.SparkThrowable;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregates by several sets of keys, and of first and last rows, here and in Spark. */
final class GroupingQueriesTest {
  private static final StructType SCHEMA =
      StructType.fromDDL("a STRING, b INT, c BOOLEAN, v INT, s ARRAY<INT>, ts TIMESTAMP");

  private static final Session SESSION =
      Session.builder().appName("groupings").config("arrowmill.workers", 1).getOrCreate();
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
  }

  @AfterAll
  static void stop() {
    SESSION.close();
  }

  private static List<Row> rows() {
    SplittableRandom random = new SplittableRandom(7);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      @Nullable Object v = random.nextInt(4) == 0 ? null : random.nextInt(9);
      rows.add(
          Row.of(
              random.nextInt(5) == 0 ? null : "a" + random.nextInt(3),
              random.nextInt(6) == 0 ? null : random.nextInt(3),
              random.nextBoolean(),
              v,
              v == null ? null : List.of(i),
              Instant.ofEpochSecond(1_700_000_000L + 37L * i)));
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a, b, sum(v) AS s FROM t GROUP BY ROLLUP(a, b)",
        "SELECT a, b, c, count(*) AS n FROM t GROUP BY CUBE(a, b, c)",
        "SELECT a, b, max(v) AS m FROM t GROUP BY GROUPING SETS ((a, b), (a), (b), ())",
        "SELECT a, b, sum(v) AS s FROM t GROUP BY a, b WITH ROLLUP",
        "SELECT a, b, sum(v) AS s FROM t GROUP BY a, b WITH CUBE",
        "SELECT a, b, sum(v) AS s FROM t GROUP BY a, b GROUPING SETS ((a), (b))",
        "SELECT a, b, c, sum(v) AS s FROM t GROUP BY a, ROLLUP(b, c)",
        "SELECT a, b, c, sum(v) AS s FROM t GROUP BY ROLLUP((a, b), c)",
        "SELECT a, b, sum(v) AS s FROM t GROUP BY GROUPING SETS (ROLLUP(a, b), (b))",
        "SELECT a, count(*) AS n FROM t GROUP BY GROUPING SETS ((a), (a), ())",
        "SELECT a, b, grouping(a) AS ga, grouping(b) AS gb, grouping_id() AS g, sum(v) AS s"
            + " FROM t GROUP BY CUBE(a, b)",
        "SELECT a, grouping_id(a, b) AS g, sum(b) AS s, count(a) AS n FROM t GROUP BY CUBE(a, b)",
        "SELECT upper(a) AS u, b + 1 AS x, sum(v) AS s FROM t GROUP BY ROLLUP(upper(a), b + 1)",
        "SELECT concat(a, '!') AS k, sum(v + b) AS s FROM t GROUP BY ROLLUP(a, b)",
        "SELECT a, b, sum(v) AS s FROM t GROUP BY ROLLUP(a, b) HAVING grouping(b) = 1",
        "SELECT a, b, sum(v) AS s FROM t GROUP BY ROLLUP(1, 2)",
        "SELECT window.start AS w, a, count(*) AS n FROM t"
            + " GROUP BY ROLLUP(window(ts, '10 minutes'), a)",
        "SELECT a, b, count(DISTINCT v) AS n, count(v) FILTER (WHERE v > 2) AS f FROM t"
            + " GROUP BY ROLLUP(a, b)",
        "SELECT a, sum(v) AS s FROM t WHERE false GROUP BY ROLLUP(a)",
        "SELECT a, grouping(a) AS g FROM t GROUP BY a",
        "SELECT grouping(a) AS g FROM t",
        "SELECT a, grouping(b) AS g FROM t GROUP BY ROLLUP(a)",
        "SELECT a, grouping_id(b) AS g FROM t GROUP BY ROLLUP(a, b)",
        "SELECT a, first(v, true) AS f, last(v, true) AS l, any_value(v, true) AS x FROM t"
            + " GROUP BY a",
        "SELECT a, first(v), last(v, false) FROM t GROUP BY a",
        "SELECT a, first(v) IGNORE NULLS AS f, last(v) IGNORE NULLS AS l,"
            + " first(v) RESPECT NULLS AS r FROM t GROUP BY a",
        "SELECT a, first(s, true) AS f, last(s, true) AS l, first(s) AS r FROM t GROUP BY a",
        "SELECT a, first(v) FILTER (WHERE c) AS f, last(v) FILTER (WHERE c) AS l,"
            + " first(s) FILTER (WHERE NOT c) AS x, last(v, true) FILTER (WHERE c) AS y"
            + " FROM t GROUP BY a",
        "SELECT a, first(v, c) AS f FROM t GROUP BY a",
        "SELECT first(v, true) AS f FROM t WHERE v IS NULL",
        "SELECT a, count_if(v > 3), bool_and(c), every(v > 0), bool_or(v > 7), some(c), any(v IS"
            + " NULL) FROM t GROUP BY a",
        "SELECT count_if(v > 3) AS n, bool_or(c) AS o FROM t WHERE false",
        "SELECT count_if(v) AS n FROM t",
        "SELECT count_if(DISTINCT c) AS n, bool_and(DISTINCT c) AS o FROM t",
        "SELECT bool_and(v) AS n FROM t",
        "SELECT first(v, true), last_value(v, true), any_value(v, true), first(v) IGNORE NULLS"
            + " FROM t"
      })
  void giveWhatSparkGives(String sql) {
    assertThat(here(SESSION, sql)).isEqualTo(ofSpark(spark, sql));
  }

  @Test
  void giveTheSameByCalls() {
    assertThat(here(SESSION.table("t").rollup("a", "b").count()))
        .isEqualTo(ofSpark(spark.table("t").rollup("a", "b").count()));
    assertThat(here(SESSION.table("t").cube("a", "b").sum("v")))
        .isEqualTo(ofSpark(spark.table("t").cube("a", "b").sum("v")));
    assertThat(
            here(
                SESSION
                    .table("t")
                    .cube(Functions.upper(Functions.col("a")).as("u"))
                    .agg(Functions.first("v", true), Functions.grouping_id().as("g"))))
        .isEqualTo(
            ofSpark(
                spark
                    .table("t")
                    .cube(functions.upper(functions.col("a")).as("u"))
                    .agg(functions.first("v", true), functions.grouping_id().as("g"))));
  }

  @Test
  void giveTheSamePivots() {
    assertThat(here(SESSION.table("t").groupBy("a").pivot("b").sum("v")))
        .isEqualTo(ofSpark(spark.table("t").groupBy("a").pivot("b").sum("v")));
    assertThat(here(SESSION.table("t").groupBy("a").pivot("c").count()))
        .isEqualTo(ofSpark(spark.table("t").groupBy("a").pivot("c").count()));
    List<Object> values = List.of("a1", "a0", "nothing");
    assertThat(
            here(
                SESSION
                    .table("t")
                    .groupBy("b", "c")
                    .pivot("a", values)
                    .agg(Functions.max("v").as("m"), Functions.count("v"))))
        .isEqualTo(
            ofSpark(
                spark
                    .table("t")
                    .groupBy("b", "c")
                    .pivot("a", values)
                    .agg(functions.max("v").as("m"), functions.count("v"))));
    assertThat(here(SESSION.table("t").groupBy().pivot("b").agg(Functions.avg("v"))))
        .isEqualTo(ofSpark(spark.table("t").groupBy().pivot("b").agg(functions.avg("v"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update   SELECT a, b, sum(v) AS s, grouping_id() AS g FROM a GROUP BY ROLLUP(a, b)",
        "complete SELECT a, b, c, count(*) AS n FROM a GROUP BY CUBE(a, b, c)",
        "update   SELECT window.start AS w, a, count(*) AS n FROM a"
            + " GROUP BY GROUPING SETS ((window(ts, '5 minutes'), a), (window(ts, '5 minutes')))",
        "append   SELECT window.start AS w, a, count(*) AS n FROM a"
            + " GROUP BY GROUPING SETS ((window(ts, '5 minutes'), a), (window(ts, '5 minutes')))",
        "append   SELECT a, count(*) AS n FROM a GROUP BY ROLLUP(a)",
        "update   SELECT a, first(v, true) AS f, last(v, true) AS l FROM a GROUP BY a",
        "update   SELECT window.start AS w, window.end AS e, count(*) AS n FROM a"
            + " GROUP BY window(CAST(ts AS DATE), '2 days')",
        "update   SELECT window.start AS w, window.end AS e, count(*) AS n FROM a"
            + " GROUP BY window(CAST(ts AS TIMESTAMP_NTZ), '5 minutes', '2 minutes')",
        "complete SELECT window.start AS w, a, count(*) AS n FROM a"
            + " GROUP BY window(date_add(CAST(ts AS DATE), v), '36 hours', '12 hours', '1 hour'), a"
      })
  void giveWhatSparkGivesOfAStream(String query) throws Exception {
    String mode = query.substring(0, 9).trim();
    String sql = query.substring(9);
    List<List<Row>> batches = List.of(rows().subList(0, 20), rows().subList(20, 60));
    assertThat(streamHere(sql, mode, batches)).isEqualTo(streamOfSpark(sql, mode, batches));
  }

  private static List<List<String>> streamHere(String sql, String mode, List<List<Row>> batches) {
    List<List<String>> given = Collections.synchronizedList(new ArrayList<>());
    MemoryStream<Row> stream = MemoryStream.of(SESSION, SCHEMA);
    stream.toDF().withWatermark("ts", "1 minute").createOrReplaceTempView("a");
    try {
      StreamingQuery started =
          SESSION
              .sql(sql)
              .writeStream()
              .outputMode(mode)
              .foreachBatch((batch, id) ->
                  given.add(sorted(batch.collect().stream().map(RowText::of).toList())))
              .start();
      for (List<Row> batch : batches) {
        stream.addData(batch);
        started.processAllAvailable();
      }
      started.stop();
    } catch (ArrowmillException e) {
      given.add(List.of(e.condition()));
    }
    return given;
  }

  private static List<List<String>> streamOfSpark(String sql, String mode, List<List<Row>> batches)
      throws Exception {
    List<List<String>> given = Collections.synchronizedList(new ArrayList<>());
    org.apache.spark.sql.execution.streaming.runtime.MemoryStream<org.apache.spark.sql.Row> stream =
        org.apache.spark.sql.execution.streaming.runtime.MemoryStream.apply(
            Encoders.row(SparkRows.schema(SCHEMA)), spark);
    stream.toDF().withWatermark("ts", "1 minute").createOrReplaceTempView("a");
    try {
      org.apache.spark.sql.streaming.StreamingQuery started =
          spark
              .sql(sql)
              .writeStream()
              .outputMode(mode)
              .foreachBatch(
                  (VoidFunction2<Dataset<org.apache.spark.sql.Row>, Long>)
                      (batch, id) ->
                          given.add(
                              sorted(
                                  batch.collectAsList().stream()
                                      .map(row -> RowText.of(SparkRows.fromSpark(row)))
                                      .toList())))
              .start();
      for (List<Row> batch : batches) {
        stream.addData(SparkRows.sequence(batch.stream().map(SparkRows::toSpark).toList()));
        started.processAllAvailable();
      }
      started.stop();
    } catch (Exception e) { // Spark's checked exceptions are not declared
      given.add(List.of(e instanceof SparkThrowable known ? known.getCondition() : e.toString()));
    }
    return given;
  }
}
