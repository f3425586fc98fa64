package io.arrowmill.codegen.kernel;

import io.arrowmill.codegen.memory.ColumnDescriptor;

/**
 * A compiled predicate, and expressions of the rows that pass it. Stateless: any thread may call it
 * at any time.
 */
public interface FilterProjectKernel {

  /**
   * Evaluates every expression for those of the rows {@code start} to {@code start + count - 1} for
   * which the predicate is TRUE, and writes the results at positions 0, 1, ... of the outputs. None
   * of the outputs is of type BYTES.
   *
   * @param columns address of a block of {@link ColumnDescriptor}s
   * @param start the first row
   * @param count how many rows to look at
   * @param selectionOut 0, or where the int32 indices of the rows go; must have room for {@code
   *     count}
   * @param outputs where the results go; also receives the null counts. Must have room for {@code
   *     count} values, however many pass
   * @return how many rows passed
   */
  int run(long columns, int start, int count, long selectionOut, KernelOutputs outputs);
}
