package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.kernel.Gather;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * Rows of one run that are added to sessions when those that end in it have gone: rows that begin
 * after everything that ends is over. Without the sessions before, nearly every key has none, and
 * one look says so.
 *
 * <p>Also, a partition's rows are looked up together, while its table is in the cache, and no task
 * waits for another. Owns the rows until closed. Any task adds; after that each partition's are
 * read by one.
 */
final class SessionStage implements AutoCloseable {
  /** So many bytes are kept; the rows behind them are not worth more memory. */
  private static final long BYTES_MAX = 128L << 20;

  /** So many sessions have to fit one after the other into the time of a batch. */
  private static final double LENGTHS_MIN = 4;

  private final List<Part> parts = new ArrayList<>();
  private long bytes;

  /**
   * Rows of a batch, those of one partition after those of another.
   *
   * @param starts where each partition's rows begin, and where the last one's end
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Part(List<FieldVector> columns, int[] starts) {}

  /** Whether there is room for more. */
  synchronized boolean hasRoom() {
    return bytes < BYTES_MAX;
  }

  private synchronized void add(Part part) {
    parts.add(part);
    for (FieldVector column : part.columns()) {
      bytes += column.getBufferSize();
    }
  }

  /** What was added, borrowed. Called when all tasks have ended. */
  synchronized List<Part> parts() {
    return List.copyOf(parts);
  }

  /** Number of a partition's rows. */
  long rows(int partition) {
    return parts().stream()
        .mapToLong(part -> part.starts()[partition + 1] - part.starts()[partition])
        .sum();
  }

  /**
   * Whether a partition's rows lie so far apart that of their sessions the next batch, if it is
   * like this one, will end nearly all.
   *
   * @param columns where starts and ends are
   */
  boolean isLong(int partition, SessionColumns.Positions columns) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    double lengths = 0;
    for (Part part : parts()) {
      long starts = part.columns().get(columns.start()).getDataBuffer().memoryAddress();
      long ends = part.columns().get(columns.end()).getDataBuffer().memoryAddress();
      int end = part.starts()[partition + 1];
      for (int row = part.starts()[partition]; row < end; row++) {
        long start = OffHeap.getLong(starts + 8L * row);
        first = Math.min(first, start);
        last = Math.max(last, start);
        lengths += (double) OffHeap.getLong(ends + 8L * row) - start;
      }
    }
    long rows = rows(partition);
    return rows > 0 && (double) last - first > LENGTHS_MIN * (lengths / rows);
  }

  @Override
  public synchronized void close() {
    for (Part part : parts) {
      part.columns().forEach(FieldVector::close);
    }
    parts.clear();
  }

  /** Collects one task's rows, a batch after the other. Owns its buffers. */
  static final class Filling implements AutoCloseable {
    private static final int ROWS = RecordBatch.ROWS_MAX;
    private static final long BYTES = 8L * ROWS;

    private final SessionStage stage;
    private final int[] columns;
    private final MemorySource memory;
    private final BufferAllocator allocator;

    /** Positions in the batch as they come, then by partition; int32. */
    private final long positions;

    private final long sorted;
    private final short[] partitionOf = new short[ROWS];
    private final int[] counts;
    private int rows;

    /**
     * Begins to fill a stage.
     *
     * @param columns of the batches, those that are kept
     */
    Filling(
        SessionStage stage,
        int[] columns,
        int partitions,
        MemorySource memory,
        BufferAllocator allocator) {
      this.stage = stage;
      this.columns = columns.clone();
      this.memory = memory;
      this.allocator = allocator;
      this.counts = new int[partitions];
      this.positions = memory.allocate(BYTES);
      this.sorted = positions + 4L * ROWS;
    }

    /** Notes a row of the batch. */
    void add(int position, int partition) {
      OffHeap.putInt(positions + 4L * rows, position);
      partitionOf[rows++] = (short) partition;
      counts[partition]++;
    }

    /** Copies the rows noted to the stage. */
    void flush(RecordBatch batch) {
      if (rows == 0) {
        return;
      }
      int[] starts = new int[counts.length + 1];
      for (int p = 0; p < counts.length; p++) {
        starts[p + 1] = starts[p] + counts[p];
        counts[p] = starts[p];
      }
      for (int i = 0; i < rows; i++) {
        OffHeap.putInt(sorted + 4L * counts[partitionOf[i]]++, OffHeap.getInt(positions + 4L * i));
      }
      List<FieldVector> kept = new ArrayList<>();
      try {
        for (int column : columns) {
          FieldVector from = batch.columns().get(column);
          kept.add(Gather.rows(from, from.getNullCount() > 0, sorted, rows, allocator));
        }
      } catch (RuntimeException | Error e) {
        kept.forEach(FieldVector::close);
        throw e;
      }
      stage.add(new Part(List.copyOf(kept), starts));
      Arrays.fill(counts, 0);
      rows = 0;
    }

    @Override
    public void close() {
      memory.free(positions, BYTES);
    }
  }
}
