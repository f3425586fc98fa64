package io.arrowmill.benchmarks.kernels;

import java.util.List;
import java.util.OptionalLong;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A table that is made.
 *
 * @param name in SQL
 * @param rowsFixed how many rows it has, unless it has as many as the benchmark is run with
 */
record KernelTable(String name, OptionalLong rowsFixed, List<TableColumn> columns) {
  KernelTable {
    columns = List.copyOf(columns);
  }

  /** A table of as many rows as wanted. */
  static KernelTable of(String name, TableColumn... columns) {
    return new KernelTable(name, OptionalLong.empty(), List.of(columns));
  }

  /** A table of always the same rows. */
  static KernelTable fixed(String name, long rows, TableColumn... columns) {
    return new KernelTable(name, OptionalLong.of(rows), List.of(columns));
  }

  /** How many rows it has if the benchmark is run with {@code wanted}. */
  long rows(long wanted) {
    return rowsFixed.orElse(wanted);
  }

  /** The columns in Arrow's types. */
  Schema schema() {
    return new Schema(columns.stream().map(TableColumn::field).toList());
  }
}
