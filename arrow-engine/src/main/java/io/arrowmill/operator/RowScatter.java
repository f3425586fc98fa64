package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.KeyHash;

/**
 * Sorts a slice of rows by the partition that their hashes say, by counting. Owns its buffers;
 * confined to one task.
 *
 * <p>Two kinds of rows: positions in a batch (int32, {@link #scatterPositions}) and addresses of
 * groups (int64, {@link #scatterRows}).
 */
final class RowScatter implements AutoCloseable {
  private static final int ROWS = GroupTable.SLICE_ROWS_MAX;
  private static final long BYTES = 8L * ROWS * 4 + 4L * ROWS;

  private final MemorySource memory;
  private final int partitions;
  private final long block;
  private final int[] starts;
  private final int[] ends;
  private final int[] partitionOf = new int[ROWS];

  RowScatter(int partitions, MemorySource memory) {
    this.memory = memory;
    this.partitions = partitions;
    this.starts = new int[partitions];
    this.ends = new int[partitions];
    this.block = memory.allocate(BYTES);
  }

  /** Hashes of the slice's rows, int64, to be filled before a scatter. */
  long hashes() {
    return block;
  }

  /** Addresses of the slice's groups, int64, to be filled before {@link #scatterRows}. */
  long rows() {
    return block + 8L * ROWS;
  }

  /** Room for the groups found of one partition's rows, int64. */
  long found() {
    return block + 16L * ROWS;
  }

  private long scattered() {
    return block + 24L * ROWS;
  }

  /** Positions in the batch, int32, those of one partition after those of another. */
  long positions() {
    return block + 32L * ROWS;
  }

  /** Rows of the last scatter that belong to a partition. */
  int count(int partition) {
    return ends[partition] - starts[partition];
  }

  /** Index of a partition's first row in {@link #positions} and, after it, {@link #hashesOf}. */
  int start(int partition) {
    return starts[partition];
  }

  /** Hashes of a partition's rows after {@link #scatterPositions}. */
  long hashesOf(int partition) {
    return scattered() + 8L * starts[partition];
  }

  /** Addresses of a partition's groups after {@link #scatterRows}. */
  long rowsOf(int partition) {
    return scattered() + 8L * starts[partition];
  }

  /**
   * Sorts positions of a batch.
   *
   * @param selection address of int32 positions, or 0 for the rows from {@code start} on
   */
  void scatterPositions(long selection, int start, int count) {
    countPartitions(count);
    long positions = positions();
    long hashes = scattered();
    for (int i = 0; i < count; i++) {
      int at = ends[partitionOf[i]]++;
      int position = selection == 0 ? start + i : getInt(selection + 4L * (start + i));
      putInt(positions + 4L * at, position);
      putLong(hashes + 8L * at, getLong(block + 8L * i));
    }
  }

  /** Sorts the addresses in {@link #rows}. */
  void scatterRows(int count) {
    countPartitions(count);
    long rows = rows();
    long scattered = scattered();
    for (int i = 0; i < count; i++) {
      int at = ends[partitionOf[i]]++;
      putLong(scattered + 8L * at, getLong(rows + 8L * i));
    }
  }

  private void countPartitions(int count) {
    java.util.Arrays.fill(ends, 0);
    for (int i = 0; i < count; i++) {
      int partition = KeyHash.partition(getLong(block + 8L * i), partitions);
      partitionOf[i] = partition;
      ends[partition]++;
    }
    int at = 0;
    for (int p = 0; p < partitions; p++) {
      starts[p] = at;
      at += ends[p];
      ends[p] = starts[p];
    }
  }

  @Override
  public void close() {
    memory.free(block, BYTES);
  }
}
