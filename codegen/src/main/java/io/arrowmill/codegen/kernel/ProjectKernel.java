package io.arrowmill.codegen.kernel;

import io.arrowmill.codegen.memory.ColumnDescriptor;

/** A compiled list of expressions. Stateless: any thread may call it at any time. */
public interface ProjectKernel {

  /**
   * Evaluates every expression for {@code count} rows and writes the results at positions 0, 1, ...
   * of the outputs.
   *
   * @param columns address of a block of {@link ColumnDescriptor}s
   * @param selection 0 for the rows {@code start} to {@code start + count - 1}; otherwise the
   *     address of int32 row indices, of which entries {@code start} to {@code start + count - 1}
   *     name the rows
   * @param start the first row or the first entry of the selection
   * @param count how many rows
   * @param outputs where the results go; also receives the null counts
   */
  void project(long columns, long selection, int start, int count, KernelOutputs outputs);
}
