package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.KeyHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Batches that wait until there are enough rows for each partition: what is looked up of a
 * partition then stays in the cache. Rows are told by partition. Owns the batches; confined to one
 * task.
 */
final class PaneStage implements AutoCloseable {
  private static final long ROWS_MAX = 1 << 19;
  private static final long BYTES_MAX = 32L << 20;

  private final int partitions;
  private final MemorySource memory;
  private final BufferAllocator allocator;
  private final List<Staged> staged = new ArrayList<>();
  private final long hashes;
  private final long positions;
  private final int[] partitionOf = new int[RecordBatch.ROWS_MAX];
  private int count;
  private long rows;
  private long bytes;

  PaneStage(int partitions, MemorySource memory, BufferAllocator allocator) {
    this.partitions = partitions;
    this.memory = memory;
    this.allocator = allocator;
    this.hashes = memory.allocate(12L * RecordBatch.ROWS_MAX);
    this.positions = hashes + 8L * RecordBatch.ROWS_MAX;
  }

  /**
   * Some rows of a batch, those of one partition after those of another.
   *
   * @param starts index of each partition's first row, and behind them the number of rows
   * @param hashes address of their hashes, int64, and behind them their int32 positions
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Staged(RecordBatch batch, int[] starts, long hashes) {
    int count() {
      return starts[starts.length - 1];
    }

    long positions() {
      return hashes + 8L * count();
    }

    private long bytes() {
      return Math.max(1, 12L * count());
    }
  }

  /** Where the hashes of the next rows of the current batch go. */
  long nextHashes() {
    return hashes + 8L * count;
  }

  /**
   * Adds rows of the current batch, whose hashes are in place.
   *
   * @param selection address of int32 positions, of which those from {@code start} on count, or 0
   *     for those rows themselves
   */
  void add(long selection, int start, int rowCount) {
    for (int i = 0; i < rowCount; i++) {
      int position = selection == 0 ? start + i : getInt(selection + 4L * (start + i));
      putInt(positions + 4L * (count + i), position);
    }
    count += rowCount;
  }

  /** Keeps the current batch, of which rows have been added. */
  void keep(RecordBatch batch) {
    if (count == 0) {
      return;
    }
    int[] starts = new int[partitions + 1];
    for (int i = 0; i < count; i++) {
      int partition = KeyHash.partition(getLong(hashes + 8L * i), partitions);
      partitionOf[i] = partition;
      starts[partition + 1]++;
    }
    for (int p = 0; p < partitions; p++) {
      starts[p + 1] += starts[p];
    }
    long block = memory.allocate(12L * count);
    long sorted = block + 8L * count;
    int[] next = Arrays.copyOf(starts, partitions);
    for (int i = 0; i < count; i++) {
      int at = next[partitionOf[i]]++;
      putLong(block + 8L * at, getLong(hashes + 8L * i));
      putInt(sorted + 4L * at, getInt(positions + 4L * i));
    }
    RecordBatch kept;
    try {
      kept = batch.retain(allocator);
    } catch (RuntimeException | Error e) {
      memory.free(block, 12L * count);
      throw e;
    }
    staged.add(new Staged(kept, starts, block));
    rows += count;
    bytes += batch.bytes();
    count = 0;
  }

  /** Whether what waits should be taken. */
  boolean isFull() {
    return rows >= ROWS_MAX || bytes >= BYTES_MAX;
  }

  /** What waits, in the order it came. */
  List<Staged> staged() {
    return staged;
  }

  /** Lets go of what has waited. */
  void clear() {
    for (Staged each : staged) {
      each.batch().close();
      memory.free(each.hashes(), each.bytes());
    }
    staged.clear();
    rows = 0;
    bytes = 0;
  }

  @Override
  public void close() {
    clear();
    memory.free(hashes, 12L * RecordBatch.ROWS_MAX);
  }
}
