package io.arrowmill.benchmarks.kernels;

import io.arrowmill.DataFrame;
import java.util.List;
import java.util.function.Function;

/**
 * A query that is measured, in Arrowmill's API and in the SQL that a good user of DuckDB would
 * write.
 *
 * @param label on the command line and in results
 * @param goal how many times DuckDB's rows a second are wanted
 * @param tables what is read; the first is the one whose rows are counted
 * @param columns of the result
 * @param work that it takes at least
 */
record KernelQuery(
    String label,
    double goal,
    List<KernelTable> tables,
    Function<HeldTables, DataFrame> frame,
    String duckDbSql,
    List<ResultColumn> columns,
    KernelWork work) {

  /** The tables of a session. */
  @FunctionalInterface
  interface HeldTables {
    /** The rows of a table, in memory. */
    DataFrame of(KernelTable table);
  }

  KernelQuery {
    tables = List.copyOf(tables);
    columns = List.copyOf(columns);
  }

  @Override
  public String toString() {
    return label;
  }
}
