package io.arrowmill.benchmarks.streaming;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * DuckDB's answer over all files at once: a batch engine without checkpoints, as a point of
 * reference.
 */
final class DuckDbEngine implements BenchmarkEngine {
  private final Connection connection;

  DuckDbEngine() throws SQLException {
    this.connection = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET threads = 2");
      statement.execute(
          "CREATE TABLE ads AS SELECT i AS ad, i %% %d AS campaign_id FROM range(%d) AS ads(i)"
              .formatted(Workload.CAMPAIGNS, Workload.ADS));
    }
  }

  @Override
  public Answer answer(Workload workload, Input input, Path scratch) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE OR REPLACE VIEW events AS SELECT * FROM read_parquet('"
              + input.directory().resolve("*.parquet").toString().replace("'", "''")
              + "')");
      String digest = String.join(", ", workload.digest());
      try (ResultSet result =
          statement.executeQuery(
              "SELECT " + digest + " FROM (" + workload.duckDbSql() + ") AS result")) {
        result.next();
        List<Double> values = new ArrayList<>();
        for (int i = 1; i <= workload.digest().size(); i++) {
          values.add(result.getDouble(i));
        }
        return new Answer(values);
      }
    }
  }

  @Override
  public long nanos(Workload workload, Input input, Path scratch) throws SQLException {
    long started = System.nanoTime();
    answer(workload, input, scratch);
    return System.nanoTime() - started;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("connection must close: error=" + e.getMessage(), e);
    }
  }
}
