package io.arrowmill.codegen.kernel;

import io.arrowmill.codegen.memory.ColumnDescriptor;

/** A compiled predicate. Stateless: any thread may call it at any time. */
public interface FilterKernel {

  /**
   * Selects the rows {@code start} to {@code start + count - 1} for which the predicate is TRUE
   * (not false, not null).
   *
   * @param columns address of a block of {@link ColumnDescriptor}s
   * @param start the first row
   * @param count how many rows to look at
   * @param selectionOut where the int32 indices of the selected rows go, ascending; must have room
   *     for {@code count}
   * @return how many rows were selected
   */
  int filter(long columns, int start, int count, long selectionOut);

  /**
   * Narrows a selection: of the rows named by its entries {@code start} to {@code start + count -
   * 1}, those for which the predicate is TRUE, in the same order.
   *
   * @param selection address of int32 row indices; with {@code start} 0 it may be {@code
   *     selectionOut} itself
   */
  int filter(long columns, long selection, int start, int count, long selectionOut);
}
