package io.arrowmill.benchmarks.streaming;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The input of the streaming benchmarks: uncompressed Parquet files of ad events.
 *
 * <p>{@code ad_id BIGINT} has 1,000 values, {@code event_type INT} 3, {@code user_id BIGINT} a
 * million; {@code price DOUBLE} is a multiple of a quarter below 100, so that sums are exact in
 * whatever order an engine adds; {@code event_time} covers one hour and is at most five seconds out
 * of order. Every value is a hash of the row's number: the same files on every machine.
 */
final class EventFiles {
  /** Files of a data set; a query takes some of them a batch. */
  static final int COUNT = 20;

  /** The columns, as both streaming engines read them. */
  static final String SCHEMA =
      "ad_id BIGINT, event_type INT, event_time TIMESTAMP, user_id BIGINT, price DOUBLE";

  private static final long FIRST_MILLIS = 1_760_000_000_000L;
  private static final long SPAN_MILLIS = 3_600_000L;

  /** What the hashes of the second stream start from, beyond any row's number. */
  private static final long OTHER_SEED = 1L << 50;

  private EventFiles() {}

  /** The directory of {@code rows} events under {@code parent}, made if it is not there. */
  static Path of(Path parent, long rows) throws IOException, SQLException {
    return of(parent.resolve("events-" + rows), rows, 0);
  }

  /** As {@link #of}: other events of the same hour. */
  static Path others(Path parent, long rows) throws IOException, SQLException {
    return of(parent.resolve("others-" + rows), rows, OTHER_SEED);
  }

  private static Path of(Path directory, long rows, long seed) throws IOException, SQLException {
    Path parent = directory.toAbsolutePath().getParent();
    if (Files.isDirectory(directory) && count(directory) == COUNT) {
      return directory;
    }
    if (parent == null) {
      throw new IllegalArgumentException("data must have a directory to lie in: " + directory);
    }
    Files.createDirectories(parent);
    Path unfinished = Files.createTempDirectory(parent, "unfinished-");
    try {
      write(unfinished, rows, seed);
      delete(directory);
      Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(unfinished);
    }
    return directory;
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).count();
    }
  }

  private static void write(Path directory, long rows, long seed) throws IOException, SQLException {
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute("SET threads = 2");
      for (int i = 0; i < COUNT; i++) {
        long start = rows * i / COUNT;
        long end = rows * (i + 1) / COUNT;
        Path file = directory.resolve("events-%02d.parquet".formatted(i));
        statement.execute(
            "COPY ("
                + select(start, end, rows, seed)
                + ") TO '"
                + file.toString().replace("'", "''")
                + "' (FORMAT parquet, COMPRESSION uncompressed)");
        // Streams take files by their time: the same order in every engine.
        Files.setLastModifiedTime(file, FileTime.fromMillis(FIRST_MILLIS + 1_000L * i));
      }
    }
  }

  private static String select(long start, long end, long rows, long seed) {
    return """
    SELECT (hash(%d + i * 5 + 0) %% 1000)::BIGINT AS ad_id,
           (hash(%d + i * 5 + 1) %% 3)::INT AS event_type,
           to_timestamp(
               (%d + i * %d // %d - (hash(%d + i * 5 + 2) %% 5000)::BIGINT) / 1000) AS event_time,
           (hash(%d + i * 5 + 3) %% 1000000)::BIGINT AS user_id,
           (hash(%d + i * 5 + 4) %% 400)::DOUBLE / 4 AS price
    FROM range(%d, %d) AS events(i)\
    """
        .formatted(
            seed, seed, FIRST_MILLIS + 5_000, SPAN_MILLIS, rows, seed, seed, seed, start, end);
  }

  /** Deletes a directory and what is in it, if it is there. */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> files = Files.walk(directory)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }
}
