package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.kernel.FilterKernel;
import io.arrowmill.codegen.kernel.FilterProjectKernel;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.kernel.ProjectKernel;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.runtime.KernelContext;
import io.arrowmill.codegen.runtime.LaneBits;
import java.util.List;

/** A filter that selects rows, then a projection of the selected rows. */
final class TwoStepFilterProject implements FilterProjectKernel {

  private static final int BITS_BYTES = 8;

  private final FilterKernel filter;
  private final ProjectKernel project;
  private final PhysicalType[] types;

  TwoStepFilterProject(FilterKernel filter, ProjectKernel project, List<PhysicalType> types) {
    this.filter = filter;
    this.project = project;
    this.types = types.toArray(PhysicalType[]::new);
  }

  @Override
  public int run(long columns, int start, int count, long selectionOut, KernelOutputs outputs) {
    KernelContext context = KernelContext.current();
    long selection = selectionOut == 0 ? context.selection(count) : selectionOut;
    int kept = filter.filter(columns, start, count, selection);
    if (kept == 0) {
      outputs.clearNullCounts();
    } else {
      project.project(columns, selection, 0, kept, outputs);
    }
    return kept;
  }

  /**
   * Does the same for a few rows more, behind what is already written.
   *
   * @param rows at most 64
   * @param position how many rows are written
   * @return how many rows are written now
   */
  int append(Rows rows, long selectionOut, KernelOutputs outputs, int position) {
    KernelContext context = KernelContext.current();
    long selection =
        selectionOut == 0 ? context.selection(rows.count()) : selectionOut + 4L * position;
    int kept = filter.filter(rows.columns(), rows.start(), rows.count(), selection);
    if (kept == 0) {
      return position;
    }
    int columns = types.length;
    long bits = context.bits(2L * columns * BITS_BYTES);
    KernelOutputs shifted = new KernelOutputs(columns);
    for (int i = 0; i < columns; i++) {
      long values = bits + (2L * i + 1) * BITS_BYTES;
      shifted.setFixed(
          i,
          types[i] == PhysicalType.BOOL
              ? values
              : outputs.dataAddress(i) + (long) position * types[i].width(),
          bits + 2L * i * BITS_BYTES);
    }
    project.project(rows.columns(), selection, 0, kept, shifted);
    for (int i = 0; i < columns; i++) {
      appendBits(shifted, i, kept, outputs, position);
    }
    return position + kept;
  }

  /** Some rows of a block of columns. */
  record Rows(long columns, int start, int count) {}

  private void appendBits(
      KernelOutputs from, int column, int kept, KernelOutputs to, int position) {
    long used = -1L >>> (Long.SIZE - kept);
    long valid =
        from.nullCount(column) == 0 ? used : OffHeap.getLong(from.validityAddress(column)) & used;
    LaneBits.append(to.validityAddress(column), position, valid, kept);
    to.addNullCount(column, from.nullCount(column));
    if (types[column] == PhysicalType.BOOL) {
      long values = OffHeap.getLong(from.dataAddress(column)) & used;
      LaneBits.append(to.dataAddress(column), position, values, kept);
    }
  }
}
