package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.kernel.KernelOutputs;

/** What a class of lane code implements. Stateless: any thread may call it at any time. */
interface LaneKernel {

  /** How many rows make a block; a call is for whole blocks. */
  int BLOCK_ROWS = 64;

  /**
   * Evaluates rows {@code start} to {@code start + count - 1}, and writes the outputs from position
   * {@code position} on. Null counts are added to those that the outputs have.
   *
   * @param count a multiple of {@link #BLOCK_ROWS}
   * @param selectionOut where the int32 indices of the kept rows go, from position {@code position}
   *     on, if the kernel was compiled to write them. Vectors are written whole, but never beyond
   *     position {@code position + count}
   * @param position where to begin; without a predicate a multiple of 64
   * @return the position behind the last row; negative if a row has no result
   */
  int run(
      long columns, int start, int count, long selectionOut, KernelOutputs outputs, int position);
}
