package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.ArrowmillException;
import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.streaming.MemoryStream;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which streaming queries are refused: those that Spark refuses, but for the ones that are listed
 * as running here only. {@code a} and {@code b} are streams, {@code late_a} and {@code late_b} the
 * same with a watermark, {@code t} is a table.
 */
final class RejectionsTest {
  private static final StructType EVENTS = StructType.fromDDL("k STRING, v INT, ts TIMESTAMP");
  private static final String RUNS = "runs";

  private static final List<Row> ROWS =
      List.of(
          Row.of("x", 1, Instant.parse("2026-01-01T00:00:01Z")),
          Row.of("y", 2, Instant.parse("2026-01-01T00:00:12Z")));

  private static final Session SESSION =
      Session.builder().appName("rejections").config("arrowmill.workers", 1).getOrCreate();

  @AfterAll
  static void close() {
    SESSION.close();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          append   | SELECT k, v + 1 AS w FROM a WHERE v > 0
          update   | SELECT k, v + 1 AS w FROM a WHERE v > 0
          complete | SELECT k, v + 1 AS w FROM a WHERE v > 0
          update   | SELECT DISTINCT k FROM a
          complete | SELECT DISTINCT k FROM a
          append   | SELECT k, count(DISTINCT v) AS n FROM a GROUP BY k
          append   | SELECT k, count(*) AS n FROM a GROUP BY k
          update   | SELECT k, count(*) AS n FROM a GROUP BY k
          complete | SELECT k, count(*) AS n FROM a GROUP BY k
          append   | SELECT count(*) AS n FROM a
          update   | SELECT count(*) AS n FROM a
          complete | SELECT count(*) AS n FROM a
          append   | SELECT window, count(*) AS n FROM a GROUP BY window(ts, '10 seconds')
          append   | SELECT window, count(*) AS n FROM late_a GROUP BY window(ts, '10 seconds')
          update   | SELECT window, count(*) AS n FROM late_a GROUP BY window(ts, '10 seconds')
          complete | SELECT window, count(*) AS n FROM late_a GROUP BY window(ts, '10 seconds')
          append   | SELECT ts, count(*) AS n FROM late_a GROUP BY ts
          append   | SELECT k, count(*) AS n FROM late_a GROUP BY k
          update   | SELECT count(*) AS m FROM (SELECT k, count(*) AS n FROM a GROUP BY k)
          complete | SELECT count(*) AS m FROM (SELECT k, count(*) AS n FROM a GROUP BY k)
          append   | SELECT window(w, '1 minute').start AS m, sum(n) AS n FROM (SELECT window.end AS w, count(*) AS n FROM late_a GROUP BY window(ts, '10 seconds')) GROUP BY window(w, '1 minute')
          append   | SELECT window(window, '1 minute').start AS m, sum(n) AS n FROM (SELECT window, count(*) AS n FROM late_a GROUP BY window(ts, '10 seconds')) GROUP BY window(window, '1 minute')
          update   | SELECT window(window, '1 minute').start AS m, sum(n) AS n FROM (SELECT window, count(*) AS n FROM late_a GROUP BY window(ts, '10 seconds')) GROUP BY window(window, '1 minute')
          complete | SELECT window(window, '1 minute').start AS m, sum(n) AS n FROM (SELECT window, count(*) AS n FROM late_a GROUP BY window(ts, '10 seconds')) GROUP BY window(window, '1 minute')
          update   | SELECT DISTINCT n FROM (SELECT k, count(*) AS n FROM a GROUP BY k)
          complete | SELECT DISTINCT n FROM (SELECT k, count(*) AS n FROM a GROUP BY k)
          append   | SELECT k, session_window, count(*) AS n FROM late_a GROUP BY k, session_window(ts, '5 seconds')
          update   | SELECT k, session_window, count(*) AS n FROM late_a GROUP BY k, session_window(ts, '5 seconds')
          complete | SELECT k, session_window, count(*) AS n FROM late_a GROUP BY k, session_window(ts, '5 seconds')
          append   | SELECT session_window, count(*) AS n FROM late_a GROUP BY session_window(ts, '5 seconds')
          complete | SELECT session_window, count(*) AS n FROM late_a GROUP BY session_window(ts, '5 seconds')
          append   | SELECT k, session_window, count(*) AS n FROM a GROUP BY k, session_window(ts, '5 seconds')
          complete | SELECT k, session_window, count(*) AS n FROM a GROUP BY k, session_window(ts, '5 seconds')
          append   | SELECT * FROM a ORDER BY v
          update   | SELECT * FROM a ORDER BY v
          complete | SELECT k, count(*) AS n FROM a GROUP BY k ORDER BY n
          update   | SELECT k, count(*) AS n FROM a GROUP BY k ORDER BY n
          append   | SELECT * FROM a LIMIT 1
          update   | SELECT * FROM a LIMIT 1
          complete | SELECT k, count(*) AS n FROM a GROUP BY k LIMIT 1
          update   | SELECT k, count(*) AS n FROM a GROUP BY k LIMIT 1
          complete | SELECT k, count(*) AS n FROM a GROUP BY k ORDER BY n LIMIT 1
          append   | SELECT * FROM a LIMIT 1 OFFSET 1
          append   | SELECT * FROM a OFFSET 1
          append   | SELECT * FROM a TABLESAMPLE (50 PERCENT)
          append   | SELECT * FROM a EXCEPT SELECT * FROM b
          append   | SELECT * FROM t EXCEPT SELECT * FROM a
          append   | SELECT * FROM a INTERSECT SELECT * FROM b
          append   | SELECT * FROM a UNION ALL SELECT * FROM b
          update   | SELECT * FROM a UNION ALL SELECT * FROM b
          append   | SELECT * FROM a UNION ALL SELECT * FROM t
          append   | SELECT a.k FROM a JOIN t ON a.k = t.k
          update   | SELECT a.k FROM a JOIN t ON a.k = t.k
          append   | SELECT a.k FROM a LEFT JOIN t ON a.k = t.k
          append   | SELECT a.k FROM a RIGHT JOIN t ON a.k = t.k
          append   | SELECT a.k FROM a FULL JOIN t ON a.k = t.k
          append   | SELECT a.k FROM a LEFT SEMI JOIN t ON a.k = t.k
          append   | SELECT a.k FROM a LEFT ANTI JOIN t ON a.k = t.k
          append   | SELECT a.k FROM a CROSS JOIN t
          append   | SELECT t.k FROM t JOIN a ON a.k = t.k
          append   | SELECT t.k FROM t LEFT JOIN a ON a.k = t.k
          append   | SELECT t.k FROM t RIGHT JOIN a ON a.k = t.k
          append   | SELECT t.k FROM t FULL JOIN a ON a.k = t.k
          append   | SELECT t.k FROM t LEFT SEMI JOIN a ON a.k = t.k
          append   | SELECT t.k FROM t LEFT ANTI JOIN a ON a.k = t.k
          append   | SELECT a.k FROM a JOIN b ON a.k = b.k
          update   | SELECT a.k FROM a JOIN b ON a.k = b.k
          complete | SELECT a.k, count(*) AS n FROM a JOIN b ON a.k = b.k GROUP BY a.k
          update   | SELECT a.k, count(*) AS n FROM a JOIN b ON a.k = b.k GROUP BY a.k
          append   | SELECT a.k, count(*) AS n FROM a JOIN b ON a.k = b.k GROUP BY a.k
          append   | SELECT a.k FROM a JOIN b ON a.v < b.v
          append   | SELECT a.k FROM a CROSS JOIN b
          append   | SELECT a.k FROM a LEFT JOIN b ON a.k = b.k
          append   | SELECT a.k FROM a LEFT JOIN late_b AS b ON a.k = b.k AND a.ts = b.ts
          append   | SELECT a.k FROM late_a AS a LEFT JOIN late_b AS b ON a.k = b.k AND a.ts <= b.ts AND b.ts <= a.ts + INTERVAL 10 SECONDS
          update   | SELECT a.k FROM late_a AS a LEFT JOIN late_b AS b ON a.k = b.k AND a.ts <= b.ts AND b.ts <= a.ts + INTERVAL 10 SECONDS
          append   | SELECT a.k FROM late_a AS a RIGHT JOIN late_b AS b ON a.k = b.k AND a.ts <= b.ts AND b.ts <= a.ts + INTERVAL 10 SECONDS
          update   | SELECT a.k FROM late_a AS a RIGHT JOIN late_b AS b ON a.k = b.k AND a.ts <= b.ts AND b.ts <= a.ts + INTERVAL 10 SECONDS
          append   | SELECT a.k FROM late_a AS a FULL JOIN late_b AS b ON a.k = b.k AND a.ts <= b.ts AND b.ts <= a.ts + INTERVAL 10 SECONDS
          update   | SELECT a.k FROM late_a AS a FULL JOIN late_b AS b ON a.k = b.k AND a.ts <= b.ts AND b.ts <= a.ts + INTERVAL 10 SECONDS
          append   | SELECT a.k FROM late_a AS a LEFT SEMI JOIN late_b AS b ON a.k = b.k AND a.ts <= b.ts AND b.ts <= a.ts + INTERVAL 10 SECONDS
          update   | SELECT a.k FROM late_a AS a LEFT SEMI JOIN late_b AS b ON a.k = b.k AND a.ts <= b.ts AND b.ts <= a.ts + INTERVAL 10 SECONDS
          append   | SELECT a.k FROM late_a AS a LEFT ANTI JOIN late_b AS b ON a.k = b.k AND a.ts <= b.ts AND b.ts <= a.ts + INTERVAL 10 SECONDS
          append   | SELECT a.k FROM a LEFT SEMI JOIN b ON a.k = b.k
          append   | SELECT window(a.ts, '10 seconds').start AS w, count(*) AS n FROM late_a AS a JOIN late_b AS b ON a.k = b.k GROUP BY window(a.ts, '10 seconds')
          append   | SELECT k, monotonically_increasing_id() AS id FROM a
          append   | SELECT k, row_number() OVER (PARTITION BY k ORDER BY ts) AS n FROM a
          append   | SELECT k, current_timestamp() > ts AS past FROM a
          append   | SELECT * FROM a WATERMARK k DELAY OF INTERVAL 5 SECONDS
          append   | SELECT * FROM a WATERMARK ts DELAY OF INTERVAL -5 SECONDS
          append   | SELECT * FROM a WATERMARK ts DELAY OF INTERVAL 1 MONTH
          append   | SELECT * FROM a WATERMARK nothing DELAY OF INTERVAL 5 SECONDS
          update   | SELECT window, count(*) AS n FROM a GROUP BY window(ts, '0 seconds')
          update   | SELECT window, count(*) AS n FROM a GROUP BY window(ts, '-1 seconds')
          update   | SELECT window, count(*) AS n FROM a GROUP BY window(ts, '1 month')
          update   | SELECT window, count(*) AS n FROM a GROUP BY window(ts, '10 seconds', '20 seconds')
          update   | SELECT window, count(*) AS n FROM a GROUP BY window(ts, '10 seconds', '5 seconds', '5 seconds')
          update   | SELECT window, count(*) AS n FROM a GROUP BY window(k, '10 seconds')
          update   | SELECT window, count(*) AS n FROM a GROUP BY window(v, '10 seconds')
          update   | SELECT window, count(*) AS n FROM a GROUP BY window(CAST(ts AS DATE), '10 seconds')
          update   | SELECT window, count(*) AS n FROM a GROUP BY window(CAST(ts AS TIMESTAMP_NTZ), '10 seconds')
          append   | SELECT k FROM t
          update   | SELECT k, first(v) AS v FROM a GROUP BY k
          """)
  void refusesWhatSparkRefuses(String mode, String sql) {
    String spark = Engines.spark().verdict(sql, mode, EVENTS, ROWS);
    String here = verdict(sql, mode);
    assertThat(here.equals(RUNS))
        .as("Spark: %s; here: %s", spark, here)
        .isEqualTo(spark.equals(RUNS));
  }

  /** What ARCHITECTURE.md lists as running here beyond Spark. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          append   | SELECT DISTINCT k FROM a
          update   | SELECT k, count(DISTINCT v) AS n FROM a GROUP BY k
          complete | SELECT k, count(DISTINCT v) AS n FROM a GROUP BY k
          append   | SELECT a.ts AS x, b.ts AS y, count(*) AS n FROM late_a AS a JOIN late_b AS b ON a.k = b.k GROUP BY a.ts, b.ts
          append   | SELECT DISTINCT a.ts AS x, b.ts AS y FROM late_a AS a JOIN late_b AS b ON a.k = b.k
          """)
  void runsWhatSparkRefuses(String mode, String sql) {
    assertThat(Engines.spark().verdict(sql, mode, EVENTS, ROWS)).isNotEqualTo(RUNS);
    assertThat(verdict(sql, mode)).isEqualTo(RUNS);
  }

  private static String verdict(String sql, String mode) {
    MemoryStream<Row> a = MemoryStream.of(SESSION, EVENTS);
    MemoryStream<Row> b = MemoryStream.of(SESSION, EVENTS);
    a.toDF().createOrReplaceTempView("a");
    b.toDF().createOrReplaceTempView("b");
    a.toDF().withWatermark("ts", "5 seconds").createOrReplaceTempView("late_a");
    b.toDF().withWatermark("ts", "5 seconds").createOrReplaceTempView("late_b");
    SESSION.createDataFrame(ROWS, EVENTS).createOrReplaceTempView("t");
    try {
      DataFrame frame = SESSION.sql(sql);
      StreamingQuery query = frame.writeStream().outputMode(mode).format("noop").start();
      try {
        a.addData(ROWS);
        b.addData(ROWS);
        query.processAllAvailable();
      } finally {
        query.stop();
      }
      return RUNS;
    } catch (ArrowmillException e) {
      return e.condition();
    }
  }
}
