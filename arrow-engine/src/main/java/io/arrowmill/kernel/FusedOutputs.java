package io.arrowmill.kernel;

import io.arrowmill.codegen.kernel.FilterProjectKernel;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.OffHeap;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * Runs a fused filter and projection, and makes vectors of what it writes.
 *
 * <p>How many rows pass is known only afterwards. While many do, outputs are written where they
 * stay, with room for all rows; while few do, to working memory, from where they are copied to
 * buffers of the right size. Owns working memory; confined to one task.
 */
final class FusedOutputs implements AutoCloseable {

  /** One in so many rows has to pass for room for all rows to be no waste. */
  private static final int WASTE_MAX = 4;

  private final FilterProjectKernel kernel;
  private final int[] widths;
  private final BufferAllocator allocator;
  private final MemorySource memory;
  private final KernelOutputs outputs;
  private final List<FixedBuffers> buffers = new ArrayList<>();
  private boolean manyPass;
  private int rowsMax;
  private long work;
  private long workBytes;

  /**
   * Outputs of a kernel.
   *
   * @param widths bytes a value of each output, 0 for bits
   */
  FusedOutputs(
      FilterProjectKernel kernel, int[] widths, BufferAllocator allocator, MemorySource memory) {
    this.kernel = kernel;
    this.widths = widths;
    this.allocator = allocator;
    this.memory = memory;
    this.outputs = new KernelOutputs(widths.length);
  }

  /**
   * Runs the kernel over the first {@code rows} rows.
   *
   * @param selectionOut 0, or room for the indices of the rows that pass
   * @return how many passed; if any did, every output is to be taken, or all are to be dropped
   */
  int run(long columns, int rows, long selectionOut) {
    boolean direct = manyPass;
    if (direct) {
      for (int i = 0; i < widths.length; i++) {
        FixedBuffers target = FixedBuffers.allocate(widths[i], rows, allocator);
        buffers.add(target);
        outputs.setFixed(i, target.dataAddress(), target.validityAddress());
      }
    } else {
      ensureWork(rows);
    }
    int kept = kernel.run(columns, 0, rows, selectionOut, outputs);
    manyPass = kept > rows / WASTE_MAX;
    if (kept == 0) {
      drop();
    }
    return kept;
  }

  /** Makes an empty vector into an output of the last run. */
  void moveTo(FieldVector vector, int output, int rows) {
    int nulls = outputs.nullCount(output);
    if (!buffers.isEmpty()) {
      FixedBuffers written = buffers.get(output);
      written.moveTo(vector, rows, nulls);
      return;
    }
    FixedBuffers copy = FixedBuffers.allocate(widths[output], rows, allocator);
    OffHeap.copy(
        outputs.dataAddress(output),
        copy.dataAddress(),
        FixedBuffers.dataBytes(widths[output], rows));
    if (nulls > 0) {
      OffHeap.copy(
          outputs.validityAddress(output), copy.validityAddress(), FixedBuffers.bitsBytes(rows));
    }
    copy.moveTo(vector, rows, nulls);
  }

  /** Forgets the last run's outputs; those that became vectors are the vectors'. */
  void drop() {
    buffers.forEach(FixedBuffers::close);
    buffers.clear();
  }

  private void ensureWork(int rows) {
    if (rows > rowsMax) {
      freeWork();
      long bytes = 0;
      for (int width : widths) {
        bytes += aligned(FixedBuffers.dataBytes(width, rows)) + FixedBuffers.bitsBytes(rows);
      }
      work = memory.allocate(Math.max(1, bytes));
      workBytes = Math.max(1, bytes);
      rowsMax = rows;
    }
    long at = work;
    for (int i = 0; i < widths.length; i++) {
      long validity = at + aligned(FixedBuffers.dataBytes(widths[i], rowsMax));
      outputs.setFixed(i, at, validity);
      at = validity + FixedBuffers.bitsBytes(rowsMax);
    }
  }

  private static long aligned(long bytes) {
    return (bytes + Long.BYTES - 1) & -Long.BYTES;
  }

  private void freeWork() {
    if (workBytes > 0) {
      memory.free(work, workBytes);
      workBytes = 0;
      rowsMax = 0;
    }
  }

  @Override
  public void close() {
    drop();
    freeWork();
  }
}
