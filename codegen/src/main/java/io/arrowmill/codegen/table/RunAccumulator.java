package io.arrowmill.codegen.table;

/**
 * An accumulator that can add many values to one group at once, and so keeps its state out of
 * memory meanwhile. The result is that of {@link #update} with the group's row for each value, in
 * the same order.
 */
interface RunAccumulator extends Accumulator {

  /** Adds {@code count} input values to the group of {@code row}. */
  void updateRun(long row, ColumnSlice input, int count);
}
