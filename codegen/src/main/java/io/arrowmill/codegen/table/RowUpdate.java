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
}
