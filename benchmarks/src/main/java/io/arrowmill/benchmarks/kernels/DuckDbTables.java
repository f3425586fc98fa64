package io.arrowmill.benchmarks.kernels;

import io.arrowmill.DataFrame;
import io.arrowmill.benchmarks.BenchmarkException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;

/** A DuckDB in memory with one thread and the tables that Arrowmill has. Confined to one thread. */
final class DuckDbTables implements AutoCloseable {
  private static final int DIFFERENCES_SHOWN = 3;

  private final BufferAllocator allocator;
  private final DuckDBConnection connection;

  /**
   * An empty database.
   *
   * @param allocator what data goes through on its way into the database
   */
  DuckDbTables(BufferAllocator allocator) throws SQLException {
    this.allocator = allocator;
    Connection opened = DriverManager.getConnection("jdbc:duckdb:");
    this.connection = opened.unwrap(DuckDBConnection.class);
    execute("SET threads = 1");
  }

  /** Copies a table of Arrowmill's. */
  void add(KernelTable table, DataFrame rows) throws SQLException, IOException {
    String columns =
        table.columns().stream().map(TableColumn::duckDbSql).collect(Collectors.joining(", "));
    take(rows, stream -> "CREATE TABLE " + table.name() + " AS SELECT " + columns + stream);
  }

  private interface Take {
    String sql(String fromStream);
  }

  private void take(DataFrame rows, Take sql) throws SQLException, IOException {
    try (ArrowReader reader = rows.toArrow();
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, reader, stream);
      connection.registerArrowStream("arrow_stream", stream);
      execute(sql.sql(" FROM arrow_stream"));
      execute("DROP VIEW arrow_stream");
    }
  }

  /**
   * Compares the rows that Arrowmill and DuckDB give, in whatever order.
   *
   * @throws BenchmarkException if they differ
   */
  void compare(String name, DataFrame arrowmill, String duckDb, List<ResultColumn> columns)
      throws SQLException, IOException {
    String compared =
        columns.stream().map(ResultColumn::compared).collect(Collectors.joining(", "));
    take(
        arrowmill,
        stream -> "CREATE OR REPLACE TEMP TABLE answer_arrowmill AS SELECT " + compared + stream);
    execute(
        "CREATE OR REPLACE TEMP TABLE answer_duckdb AS SELECT "
            + compared
            + " FROM ("
            + duckDb
            + ") AS result");
    String all = columns.stream().map(ResultColumn::name).collect(Collectors.joining(", "));
    String ours = digest("answer_arrowmill", all);
    String theirs = digest("answer_duckdb", all);
    if (!ours.equals(theirs)) {
      throw new BenchmarkException(
          "engines must give the same answer: benchmark="
              + name
              + ", arrowmill=("
              + ours
              + "), duckdb=("
              + theirs
              + "), only_arrowmill="
              + difference("answer_arrowmill", "answer_duckdb")
              + ", only_duckdb="
              + difference("answer_duckdb", "answer_arrowmill")
              + "; one of them is wrong, so nothing is timed");
    }
    execute("DROP TABLE answer_arrowmill");
    execute("DROP TABLE answer_duckdb");
  }

  private String digest(String table, String columns) throws SQLException {
    return text(
        "SELECT 'rows=' || count(*) || ', hashes=' || coalesce(sum(hash("
            + columns
            + ")::HUGEINT), 0) FROM "
            + table);
  }

  private String difference(String table, String other) throws SQLException {
    return text(
        "SELECT coalesce(string_agg(row::VARCHAR, ' '), 'none') FROM (SELECT row FROM (FROM "
            + table
            + " EXCEPT ALL FROM "
            + other
            + ") AS row LIMIT "
            + DIFFERENCES_SHOWN
            + ")");
  }

  /** Prepares a query that is run again and again; the caller closes the statement. */
  PreparedStatement prepare(String sql) throws SQLException {
    return connection.prepareStatement(sql);
  }

  private String text(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
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
