package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.KernelOutputs;

/** A filter in lanes: whole blocks of rows, the rest and what is already selected by scalars. */
final class LaneFilter implements FilterKernel {

  private static final KernelOutputs NO_OUTPUTS = new KernelOutputs(0);

  private final LaneSite site;
  private final FilterKernel scalar;

  LaneFilter(LaneSite site, FilterKernel scalar) {
    this.site = site;
    this.scalar = scalar;
  }

  @Override
  public int filter(long columns, int start, int count, long selectionOut) {
    int blocks = count & -LaneKernel.BLOCK_ROWS;
    LaneKernel lanes = site.kernel(columns, start, blocks);
    int selected =
        lanes == null ? -1 : lanes.run(columns, start, blocks, selectionOut, NO_OUTPUTS, 0);
    if (selected < 0) {
      return scalar.filter(columns, start, count, selectionOut);
    }
    return blocks == count
        ? selected
        : selected
            + scalar.filter(
                columns, start + blocks, count - blocks, selectionOut + (long) selected * 4);
  }

  @Override
  public int filter(long columns, long selection, int start, int count, long selectionOut) {
    return scalar.filter(columns, selection, start, count, selectionOut);
  }
}
