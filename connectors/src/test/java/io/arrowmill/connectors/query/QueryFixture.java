package io.arrowmill.connectors.query;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.arrowmill.DataFrame;
import io.arrowmill.Session;
import io.arrowmill.streaming.DataStreamWriter;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.StreamingQueryException;
import io.arrowmill.streaming.Trigger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A session, an input directory, and queries from there to Parquet files. Closing it checks that no
 * thread and no memory is left.
 */
final class QueryFixture implements AutoCloseable {
  final Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
  final Path input;
  final Path output;
  final Path checkpoint;

  QueryFixture(Path directory) throws IOException {
    input = Files.createDirectories(directory.resolve("input"));
    output = directory.resolve("output");
    checkpoint = directory.resolve("checkpoint");
  }

  void write(String name, String content) throws IOException {
    Files.writeString(input.resolve(name), content, StandardCharsets.UTF_8);
  }

  /** A writer of everything there is to the output. */
  DataStreamWriter writer(DataFrame frame) {
    return frame
        .writeStream()
        .queryName("fixture")
        .trigger(Trigger.AvailableNow())
        .format("parquet")
        .option("checkpointLocation", checkpoint.toString());
  }

  /** Runs a query to its good end. */
  void run(DataFrame frame) {
    writer(frame).start(output.toString()).awaitTermination();
  }

  /** Runs a query that must fail, and gives its failure. */
  StreamingQueryException failure(DataFrame frame) {
    return failure(writer(frame).start(output.toString()));
  }

  /** The failure of a query that must fail. */
  StreamingQueryException failure(StreamingQuery query) {
    StreamingQueryException thrown =
        requireNonNull(
            catchThrowableOfType(StreamingQueryException.class, query::awaitTermination));
    assertThat(query.exception()).isSameAs(thrown);
    assertThat(query.isActive()).isFalse();
    assertThat(query.status().message()).contains("Terminated with exception: ");
    assertThat(session.streams().active()).isEmpty();
    assertThat(count(String.valueOf(thrown.getMessage()), thrown.condition()))
        .as("said once: " + thrown)
        .isOne();
    return thrown;
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  /** The rows of the output as DuckDB reads them, columns joined by {@code |}, sorted. */
  List<String> rows() throws SQLException, IOException {
    if (files(output).noneMatch(file -> file.toString().endsWith(".parquet"))) {
      return List.of();
    }
    List<String> rows = new ArrayList<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT * FROM read_parquet('" + output + "/*.parquet')")) {
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          values.add(String.valueOf(result.getObject(i)));
        }
        rows.add(String.join("|", values));
      }
    }
    rows.sort(null);
    return rows;
  }

  /** All files below a directory; none if there is no such directory. */
  static Stream<Path> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return Stream.empty();
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(Files::isRegularFile).toList().stream();
    }
  }

  @Override
  public void close() {
    session.close();
    assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
        .noneMatch(name -> name.startsWith("arrowmill-query-fixture"))
        .noneMatch(name -> name.startsWith("arrowmill-socket"));
  }
}
