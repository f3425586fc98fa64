package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;

/**
 * Working memory of a probe, four int32 a row and one byte. What it says is good until the next
 * {@link #ensure}. Confined to one task.
 */
final class JoinRows implements AutoCloseable {
  private static final int ROW_BYTES = 17;

  private final MemorySource memory;
  private long block;
  private long rows;

  JoinRows(MemorySource memory) {
    this.memory = memory;
  }

  /** Makes room for a batch of so many rows, and for {@link RecordBatch#ROWS_MAX} pairs. */
  void ensure(int wanted) {
    if (wanted > rows) {
      long more = Math.max(RecordBatch.ROWS_MAX, wanted);
      close();
      block = memory.allocate(more * ROW_BYTES);
      rows = more;
    }
  }

  /** A build row for each probe row, or where its matches begin. */
  long found() {
    return block;
  }

  /** How many matches each probe row has. */
  long counts() {
    return block + 4 * rows;
  }

  /** The probe rows of pairs. */
  long probeRows() {
    return block + 8 * rows;
  }

  /** The build rows of pairs. */
  long buildRows() {
    return block + 12 * rows;
  }

  /** One byte for each probe row. */
  long flags() {
    return block + 16 * rows;
  }

  @Override
  public void close() {
    if (rows > 0) {
      memory.free(block, rows * ROW_BYTES);
      rows = 0;
    }
  }
}
