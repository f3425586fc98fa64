package io.arrowmill.benchmarks.streaming;

import java.util.Arrays;
import java.util.List;

/**
 * A query that is measured. Each engine builds it in its own API; {@link #duckDbSql} is the same
 * query over finished input, as a good user of DuckDB would write it (of the streaming suite), and
 * {@link #digest} what is compared of the results.
 *
 * <p>DuckDB finds the windows that are still open, which a stream does not give yet, in the same
 * pass in which it counts: a subquery for the newest event took it half as long again.
 */
enum Workload {
  FILTER_PROJECT(
      Suite.STREAMING,
      "filter-project",
      20,
      "append",
      "SELECT ad_id, price * 1.25 AS value FROM events WHERE event_type = 0 AND price >= 50",
      "count(*);sum(ad_id);sum(value)"),
  GROUP_1K(
      Suite.STREAMING,
      "group-1k",
      15,
      "complete",
      "SELECT ad_id AS k, count(*) AS n, sum(price) AS total, max(user_id) AS top FROM events"
          + " GROUP BY ad_id",
      Workload.GROUPS),
  GROUP_1M(
      Suite.STREAMING,
      "group-1m",
      20,
      "complete",
      "SELECT user_id AS k, count(*) AS n, sum(price) AS total, max(ad_id) AS top FROM events"
          + " GROUP BY user_id",
      Workload.GROUPS),
  CAMPAIGN_COUNTS(
      Suite.STREAMING,
      "campaign-counts",
      20,
      "append",
      """
      WITH counts AS MATERIALIZED (
        SELECT campaign_id, epoch_us(event_time) // 10_000_000 AS number, count(*) AS n,
               max(event_time) AS newest
        FROM events JOIN ads ON ad_id = ad WHERE event_type = 0
        GROUP BY campaign_id, number)
      SELECT campaign_id, number * 10 AS start, n FROM counts
      WHERE (number + 2) * 10_000_000 <= (SELECT epoch_us(max(newest)) FROM counts)\
      """,
      "count(*);sum(n);sum(n * campaign_id);sum(start % 7200 * n)"),
  JOIN_INNER(Suite.STATEFUL, "join-inner", 40, "append", Workload.NO_SQL, Workload.JOINED),
  JOIN_LEFT(Suite.STATEFUL, "join-left", 40, "append", Workload.NO_SQL, Workload.JOINED),
  DEDUP_10M(
      Suite.STATEFUL, "dedup-10m", 30, "append", Workload.NO_SQL, "count(*);sum(k);sum(k % 8191)"),
  SLIDING_100K(
      Suite.STATEFUL,
      "sliding-100k",
      50,
      "append",
      Workload.NO_SQL,
      "count(*);sum(n);sum(total);sum(n * (k % 97));sum(start % 7200 * n)"),
  SESSION_1M(
      Suite.STATEFUL,
      "session-1m",
      40,
      "append",
      Workload.NO_SQL,
      "count(*);sum(n);sum(n * (k % 97));sum(start % 7200 * n);sum(until % 7200 * n)"),
  STATE_FUNCTION_1M(
      Suite.STATEFUL,
      "state-function-1m",
      10,
      "update",
      Workload.NO_SQL,
      "count(*);sum(n);sum(total);sum(n * (k % 97))");

  private static final String GROUPS =
      "count(*);sum(n);sum(total);sum(top);sum(n * k);sum(top * (k % 97))";

  /** Rows of pairs; the right side's columns are null where there was no partner. */
  private static final String JOINED =
      "count(*);sum(user_id);sum(price);count(other_price);sum(other_price);sum(ad_id % 97)";

  /** Of a workload that DuckDB does not run. */
  private static final String NO_SQL = "";

  /** Ads of the table that {@link #CAMPAIGN_COUNTS} joins. */
  static final int ADS = 1_000;

  /** Campaigns that the ads belong to. */
  static final int CAMPAIGNS = 100;

  private final Suite suite;
  private final String label;
  private final double goal;
  private final String outputMode;
  private final String duckDbSql;
  private final String digest;

  Workload(
      Suite suite, String label, double goal, String outputMode, String duckDbSql, String digest) {
    this.suite = suite;
    this.label = label;
    this.goal = goal;
    this.outputMode = outputMode;
    this.duckDbSql = duckDbSql;
    this.digest = digest;
  }

  /** Of which benchmark it is part. */
  Suite suite() {
    return suite;
  }

  /** Whether it reads a second stream. */
  boolean joinsStreams() {
    return this == JOIN_INNER || this == JOIN_LEFT;
  }

  /** The workloads of a suite. */
  static List<Workload> of(Suite suite) {
    return Arrays.stream(values()).filter(workload -> workload.suite == suite).toList();
  }

  /** The name in tables and options. */
  String label() {
    return label;
  }

  /** How many times Spark's rows a second are wanted. */
  double goal() {
    return goal;
  }

  /** The output mode of the stream. */
  String outputMode() {
    return outputMode;
  }

  /** The query over a view named {@code events} and a table {@code ads}. */
  String duckDbSql() {
    return duckDbSql;
  }

  /** Aggregates over the result, as SQL that all engines understand; together its checksum. */
  List<String> digest() {
    return List.of(digest.split(";", -1));
  }

  @Override
  public String toString() {
    return label;
  }
}
