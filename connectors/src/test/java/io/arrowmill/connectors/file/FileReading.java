package io.arrowmill.connectors.file;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.BatchReader;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.connector.SourceContext;
import io.arrowmill.connector.StreamSource;
import io.arrowmill.connector.ValueFilter;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Reads files the way the engine does, and prints rows as text; owns an allocator that must end
 * empty.
 */
final class FileReading implements AutoCloseable {
  private final RootAllocator root = new RootAllocator();
  private final FileSourceProvider provider = new FileSourceProvider();

  static SourceSpec spec(String format, @Nullable String ddl, Path path, String... options) {
    return spec(format, ddl, path.toString(), options);
  }

  static SourceSpec spec(String format, @Nullable String ddl, String path, String... options) {
    Map<String, String> all = new HashMap<>();
    all.put("path", path);
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    return new SourceSpec(format, ddl == null ? null : StructType.fromDDL(ddl), all);
  }

  BufferAllocator allocator() {
    return root;
  }

  StructType schema(SourceSpec spec) {
    return provider.schema(spec, false);
  }

  /** All rows of a bounded read, all columns. */
  List<String> rows(SourceSpec spec) throws IOException {
    return rows(spec, provider.schema(spec, false).fieldNames());
  }

  List<String> rows(SourceSpec spec, String... columns) throws IOException {
    return rows(provider.planBatch(spec, Arrays.asList(columns)));
  }

  List<InputSplit> plan(SourceSpec spec, String... columns) throws IOException {
    return provider.planBatch(spec, Arrays.asList(columns));
  }

  StreamSource stream(SourceSpec spec, Path metadata) throws IOException {
    Files.createDirectories(metadata); // as a query does
    return provider.openStream(spec, new SourceContext(metadata, root));
  }

  /** The rows between two offsets, all columns. */
  List<String> rows(StreamSource source, @Nullable String start, String end) throws IOException {
    return rows(source.plan(start, end, Arrays.asList(source.schema().fieldNames())));
  }

  List<String> rows(List<InputSplit> splits) throws IOException {
    List<String> rows = new ArrayList<>();
    rows(splits, List.of(), rows);
    return rows;
  }

  /** Adds the rows that a read with filters gives, and returns how many it has left out. */
  long rows(List<InputSplit> splits, List<ValueFilter> filters, List<String> rows)
      throws IOException {
    long leftOut = 0;
    for (InputSplit split : splits) {
      try (BufferAllocator task = root.newChildAllocator("task", 0, Long.MAX_VALUE);
          BatchReader reader = split.open(task, filters)) {
        while (true) {
          try (RecordBatch batch = reader.next()) {
            if (batch == null) {
              break;
            }
            check(batch);
            print(batch, rows);
          }
        }
        leftOut += reader.rowsLeftOut();
      }
    }
    return leftOut;
  }

  private void check(RecordBatch batch) {
    if (batch.rowCount() == 0 || batch.rowCount() > RecordBatch.ROWS_MAX) {
      throw new AssertionError("rows in a batch: " + batch.rowCount());
    }
    for (int i = 0; i < batch.schema().size(); i++) {
      try (FieldVector wanted = ArrowTypes.field(batch.schema().field(i)).createVector(root)) {
        if (!batch.column(i).getField().equals(wanted.getField())) {
          throw new AssertionError(batch.column(i).getField() + " is not " + wanted.getField());
        }
      }
      if (batch.column(i).getValueCount() != batch.rowCount()) {
        throw new AssertionError("values: " + batch.column(i).getValueCount());
      }
    }
  }

  /** A value as it is printed. */
  static String text(FieldVector column, int row) {
    Object value = column.getObject(row);
    return value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
  }

  private static void print(RecordBatch batch, List<String> rows) {
    for (int row = 0; row < batch.rowCount(); row++) {
      List<String> values = new ArrayList<>();
      for (FieldVector column : batch.columns()) {
        values.add(text(column, row));
      }
      rows.add(String.join("|", values));
    }
  }

  /** Runs statements in DuckDB. */
  static void duckdb(String... statements) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The rows that DuckDB gives, columns joined by {@code |}. */
  static List<String> duckdbRows(String query) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      List<String> rows = new ArrayList<>();
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          values.add(String.valueOf(result.getObject(i)));
        }
        rows.add(String.join("|", values));
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static Path write(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    root.close();
  }
}
