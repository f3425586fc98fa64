package io.arrowmill.benchmarks.kernels;

import io.arrowmill.DataFrame;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.stream.Collectors;

/**
 * One query on both engines, over the same rows, ready to run: they have given the same answer.
 *
 * <p>Both are prepared once and plan anew in each run only what they always do: a DataFrame is
 * optimized and its kernels come from the session's cache, a DuckDB statement is prepared.
 *
 * <p>What is done with the result: Arrowmill writes it to the sink {@code noop}, which gets every
 * batch complete and contiguous. DuckDB has nothing like it in JDBC, so its query stands below an
 * aggregation that takes the maximum of each column, which looks at each value once and gives one
 * row. That was its fastest way of producing a whole result, measured for the filters over 20 M
 * rows: into a temporary table took two to four times as long, and rows fetched through JDBC or
 * exported to Arrow pay for a copy besides. {@code OFFSET} beyond the end took 20 to 40 % less, but
 * there DuckDB only lists which rows it would take and never touches most columns.
 *
 * <p>Confined to one thread.
 */
final class KernelPair implements AutoCloseable {
  private final KernelQuery query;
  private final ArrowmillTables arrowmill;
  private final DuckDbTables duckDb;
  private final DataFrame frame;
  private final PreparedStatement statement;

  private KernelPair(KernelQuery query, ArrowmillTables arrowmill, DuckDbTables duckDb)
      throws SQLException, IOException {
    this.query = query;
    this.arrowmill = arrowmill;
    this.duckDb = duckDb;
    for (KernelTable table : query.tables()) {
      duckDb.add(table, arrowmill.of(table));
    }
    this.frame = query.frame().apply(arrowmill);
    duckDb.compare(query.label(), frame, query.duckDbSql(), query.columns());
    this.statement = duckDb.prepare(consumed(query));
  }

  /**
   * Makes the rows, gives them to both engines and compares their answers.
   *
   * @throws io.arrowmill.benchmarks.BenchmarkException if the answers differ
   */
  static KernelPair open(KernelQuery query, long rows) throws SQLException, IOException {
    ArrowmillTables arrowmill = ArrowmillTables.open(query.tables(), rows);
    try {
      DuckDbTables duckDb = new DuckDbTables(arrowmill.allocator());
      try {
        return new KernelPair(query, arrowmill, duckDb);
      } catch (Throwable e) {
        duckDb.close();
        throw e;
      }
    } catch (Throwable e) {
      arrowmill.close();
      throw e;
    }
  }

  private static String consumed(KernelQuery query) {
    return query.columns().stream()
        .map(ResultColumn::consumed)
        .collect(
            Collectors.joining(", ", "SELECT ", " FROM (" + query.duckDbSql() + ") AS result"));
  }

  /** What the query cannot avoid. */
  KernelCost cost() throws IOException {
    return KernelCost.of(query, arrowmill);
  }

  /** Runs Arrowmill's query once. */
  void runArrowmill() {
    frame.write().format("noop").mode("append").save();
  }

  /** Runs DuckDB's query once. */
  Object runDuckDb() throws SQLException {
    try (ResultSet result = statement.executeQuery()) {
      result.next();
      return result.getObject(1);
    }
  }

  @Override
  public void close() throws SQLException {
    statement.close();
    duckDb.close();
    arrowmill.close();
  }
}
