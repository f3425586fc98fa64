package io.arrowmill.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Input of {@link CampaignCounts}, its output, and what that should be: all by DuckDB. */
final class AdEvents {
  private AdEvents() {}

  /**
   * Writes files of events whose times are out of order by up to 8 seconds, less than the delay of
   * the watermark; each file begins 2 seconds after the one before. From the 20th file on, every
   * hundredth row is an hour late.
   */
  static void write(Path directory, int firstFile, int files, int rowsPerFile, long seed)
      throws SQLException, IOException {
    Files.createDirectories(directory);
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      for (int file = firstFile; file < firstFile + files; file++) {
        Path to = directory.resolve(String.format(Locale.ROOT, "events-%05d.parquet", file));
        statement.execute(
            "COPY (SELECT (hash(i, %1$d, %2$d) %% 1000)::BIGINT AS ad_id,".formatted(file, seed)
                + " (hash(i, %1$d, %2$d, 1) %% 3)::INT AS event_type,".formatted(file, seed)
                + (" TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_milliseconds((%1$d * 2000"
                        + " + hash(i, %1$d, %2$d, 2) %% 8000"
                        + " - CASE WHEN %1$d >= 20 AND i %% 100 = 7 THEN 3600000 ELSE 0 END"
                        + ")::BIGINT) AS event_time")
                    .formatted(file, seed)
                + " FROM range(%d) AS t(i)) TO '%s' (FORMAT parquet)".formatted(rowsPerFile, to));
      }
    }
  }

  /**
   * The counts that a query over files of {@link #write} has to give: of windows that the last
   * watermark has passed, without the late rows.
   */
  static List<String> expected(Path input) throws SQLException {
    return query(
        "WITH e AS (SELECT ad_id, event_type, event_time FROM read_parquet('"
            + input
            + "/*.parquet')),"
            + " w AS (SELECT ad_id % 100 AS campaign, time_bucket(INTERVAL 10 SECOND, event_time)"
            + "   AS s FROM e WHERE event_type = 0 AND event_time >= TIMESTAMPTZ"
            + "   '2026-01-01 00:00:00+00')"
            + " SELECT campaign || ' ' || epoch_ms(s) || ' ' || (epoch_ms(s) + 10000) || ' '"
            + "   || count(*) AS line FROM w GROUP BY campaign, s"
            + " HAVING epoch_ms(s) + 10000 <= (SELECT max(epoch_ms(event_time)) - 10000 FROM e"
            + "   WHERE event_type = 0)");
  }

  /** The rows of the query's output, as text, sorted; a row that is there twice comes twice. */
  static List<String> output(Path directory) throws SQLException {
    return query(
        "SELECT campaign_id || ' ' || epoch_ms(window_start) || ' ' || epoch_ms(window_end) || ' '"
            + " || \"count\" AS line FROM read_parquet('"
            + directory
            + "/*.parquet')");
  }

  private static List<String> query(String sql) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      try (ResultSet rows = statement.executeQuery(sql + " ORDER BY line")) {
        while (rows.next()) {
          lines.add(rows.getString(1));
        }
      }
    }
    return lines;
  }
}
