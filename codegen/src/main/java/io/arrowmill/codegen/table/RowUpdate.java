package io.arrowmill.codegen.table;

/**
 * Adds a slice of rows to their groups: all aggregates of a row at once. Made by {@link
 * RowUpdateCompiler}; stateless, so any thread may call it.
 *
 * <p>{@code rows} is the address of int64 row addresses, {@code columns} of one descriptor an
 * aggregate.
 */
public interface RowUpdate {

  /** Takes rows {@code start} to {@code start + count - 1} of columns that have no null. */
  void dense(long rows, long columns, int start, int count);

  /**
   * Takes selected rows of any columns.
   *
   * @param selection address of int32 row numbers, or 0 for the rows themselves
   */
  void general(long rows, long columns, long selection, int start, int count);

  /**
   * Finds the groups of rows by their keys, too: of columns that have no null, until a row's group
   * is not there, has not been touched in this epoch, or lacks a value of an aggregate. Only a
   * class of one loop can.
   *
   * @param keys address of the rows' keys, int64 each
   * @param base least key of a {@link DirectIndex}
   * @param span number of its keys
   * @param entries address of its entries
   * @return how many rows were added, from the first on
   */
  int keyed(
      long keys, long base, long span, long entries, int epoch, long columns, int start, int count);
}
