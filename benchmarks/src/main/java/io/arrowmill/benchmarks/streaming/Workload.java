package io.arrowmill.benchmarks.streaming;

import java.util.List;

/**
 * A query that is measured. Each engine builds it in its own API; {@link #duckDbSql} is the same
 * query over finished input, and {@link #digest} what is compared of the results.
 */
enum Workload {
  FILTER_PROJECT(
      "filter-project",
      "append",
      "SELECT ad_id, price * 1.25 AS value FROM events WHERE event_type = 0 AND price >= 50",
      "count(*);sum(ad_id);sum(value)"),
  GROUP_1K(
      "group-1k",
      "complete",
      "SELECT ad_id AS k, count(*) AS n, sum(price) AS total, max(user_id) AS top FROM events"
          + " GROUP BY ad_id",
      Workload.GROUPS),
  GROUP_1M(
      "group-1m",
      "complete",
      "SELECT user_id AS k, count(*) AS n, sum(price) AS total, max(ad_id) AS top FROM events"
          + " GROUP BY user_id",
      Workload.GROUPS),
  CAMPAIGN_COUNTS(
      "campaign-counts",
      "append",
      """
      SELECT campaign_id, start, count(*) AS n
      FROM (SELECT ad_id % 100 AS campaign_id,
                   floor(epoch(event_time) / 10)::BIGINT * 10 AS start
            FROM events WHERE event_type = 0)
      WHERE start + 10 <= (SELECT max(epoch(event_time)) - 10 FROM events WHERE event_type = 0)
      GROUP BY campaign_id, start\
      """,
      "count(*);sum(n);sum(n * campaign_id);sum(start % 7200 * n)");

  private static final String GROUPS =
      "count(*);sum(n);sum(total);sum(top);sum(n * k);sum(top * (k % 97))";

  /** Ads of the table that {@link #CAMPAIGN_COUNTS} joins. */
  static final int ADS = 1_000;

  /** Campaigns that the ads belong to. */
  static final int CAMPAIGNS = 100;

  private final String label;
  private final String outputMode;
  private final String duckDbSql;
  private final String digest;

  Workload(String label, String outputMode, String duckDbSql, String digest) {
    this.label = label;
    this.outputMode = outputMode;
    this.duckDbSql = duckDbSql;
    this.digest = digest;
  }

  /** The name in tables and options. */
  String label() {
    return label;
  }

  /** The output mode of the stream. */
  String outputMode() {
    return outputMode;
  }

  /** The query over a view named {@code events}. */
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
