package io.arrowmill.codegen.table;

/**
 * Keeps one aggregate in the rows of one table.
 *
 * <p>Rows are given as the address of int64 row addresses, {@code count} of them, 4,096 at most;
 * the same row may come several times in {@code update}. One thread at a time.
 */
public interface Accumulator {

  /** Adds input value i to the group of row i, for all i. */
  void update(long rows, ColumnSlice input, int count);

  /** Adds the states of another table's rows, which have the same layout, to this table's rows. */
  void merge(long targetRows, long sourceRows, int count);

  /** Whether {@link #merge} does anything. */
  default boolean isMerged() {
    return true;
  }

  /** Writes the aggregates of the given groups. */
  void finish(long rows, int count, ColumnOutput output);

  /**
   * Bytes of data that {@link #finish} will write, where the result's kind is {@link
   * ValueKind#BYTES}.
   */
  default long finishBytes(long rows, int count) {
    return 0;
  }

  /** Writes one column of the given groups' states. */
  void exportState(long rows, int count, int stateColumn, ColumnOutput output);

  /**
   * Bytes of data that {@link #exportState} will write, where that column's kind is {@link
   * ValueKind#BYTES}.
   */
  default long exportBytes(long rows, int count, int stateColumn) {
    return 0;
  }

  /** Sets one column of the given groups' states; every column is set once, in any order. */
  void importState(long rows, int count, int stateColumn, ColumnSlice input);

  /** Gives back what a group holds in the arena, because the group goes away. */
  default void release(long row) {}
}
