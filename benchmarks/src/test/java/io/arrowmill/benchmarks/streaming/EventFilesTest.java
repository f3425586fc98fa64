package io.arrowmill.benchmarks.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFilesTest {
  @Test
  void writesTheSameRowsInTwentyFilesAndKeepsThem(@TempDir Path parent) throws Exception {
    Path directory = EventFiles.of(parent, 30_000);
    Path first = directory.resolve("events-00.parquet");
    byte[] bytes = Files.readAllBytes(first);

    assertThat(directory.toFile().list()).hasSize(20);
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*), count(DISTINCT ad_id), count(DISTINCT event_type),"
                    + " max(user_id) < 1000000, max(price) < 100,"
                    + " max(event_time) - min(event_time) < INTERVAL '3606 seconds'"
                    + " FROM read_parquet('"
                    + directory
                    + "/*.parquet')")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getLong(1)).isEqualTo(30_000);
      assertThat(rows.getLong(2)).isEqualTo(1_000);
      assertThat(rows.getLong(3)).isEqualTo(3);
      assertThat(rows.getBoolean(4)).isTrue();
      assertThat(rows.getBoolean(5)).isTrue();
      assertThat(rows.getBoolean(6)).isTrue();
    }

    assertThat(Files.readAllBytes(EventFiles.others(parent, 30_000).resolve("events-00.parquet")))
        .isNotEqualTo(bytes);

    Files.delete(first);
    EventFiles.of(parent, 30_000);
    assertThat(Files.readAllBytes(first)).isEqualTo(bytes);
  }
}
