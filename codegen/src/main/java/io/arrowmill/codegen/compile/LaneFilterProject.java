package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.kernel.FilterProjectKernel;
import io.arrowmill.codegen.kernel.KernelOutputs;

/** A filter and its projection in one loop of lanes; the rows behind whole blocks by scalars. */
final class LaneFilterProject implements FilterProjectKernel {

  private final LaneSite lanes;
  private final LaneSite selecting;
  private final TwoStepFilterProject scalar;

  /**
   * Puts kernels together.
   *
   * @param selecting writes a selection too
   */
  LaneFilterProject(LaneSite lanes, LaneSite selecting, TwoStepFilterProject scalar) {
    this.lanes = lanes;
    this.selecting = selecting;
    this.scalar = scalar;
  }

  @Override
  public int run(long columns, int start, int count, long selectionOut, KernelOutputs outputs) {
    int blocks = count & -LaneKernel.BLOCK_ROWS;
    LaneSite site = selectionOut == 0 ? lanes : selecting;
    LaneKernel kernel = site.kernel(columns, start, blocks);
    if (kernel == null) {
      return scalar.run(columns, start, count, selectionOut, outputs);
    }
    outputs.clearNullCounts();
    int kept = kernel.run(columns, start, blocks, selectionOut, outputs, 0);
    if (kept < 0) {
      return scalar.run(columns, start, count, selectionOut, outputs);
    }
    return blocks == count
        ? kept
        : scalar.append(
            new TwoStepFilterProject.Rows(columns, start + blocks, count - blocks),
            selectionOut,
            outputs,
            kept);
  }
}
