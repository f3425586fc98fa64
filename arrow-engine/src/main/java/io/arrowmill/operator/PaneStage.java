package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.kernel.Gather;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * Rows that wait until there are enough of them for each partition: what is looked up of a
 * partition then stays in the cache. Of each batch the rows are kept by bucket, of which a
 * partition has {@value #BUCKETS}. Owns the rows; confined to one task while it is filled.
 */
final class PaneStage implements AutoCloseable {
  /** So many parts of a partition are taken one after the other. */
  static final int BUCKETS = 4;

  private static final long ROWS_MAX = 1 << 19;
  private static final long BYTES_MAX = 32L << 20;

  private final int[] columns;

  /** Where the keys, and behind them the arguments, are among the columns that are kept. */
  private final int[] kept;

  private final int keyCount;
  private final int buckets;
  private final MemorySource memory;
  private final BufferAllocator allocator;
  private final List<Staged> staged = new ArrayList<>();
  private final long hashes;
  private final long positions;
  private final long sorted;
  private final int[] bucketOf = new int[RecordBatch.ROWS_MAX];
  private int count;
  private long rows;
  private long bytes;

  /**
   * An empty stage.
   *
   * @param keyColumns of the batches
   * @param argumentColumns of the batches; negative for none
   */
  PaneStage(
      int[] keyColumns,
      int[] argumentColumns,
      int partitions,
      MemorySource memory,
      BufferAllocator allocator) {
    this.columns =
        IntStream.concat(Arrays.stream(keyColumns), Arrays.stream(argumentColumns))
            .filter(column -> column >= 0)
            .distinct()
            .sorted()
            .toArray();
    this.kept =
        IntStream.concat(Arrays.stream(keyColumns), Arrays.stream(argumentColumns))
            .map(column -> column < 0 ? column : Arrays.binarySearch(columns, column))
            .toArray();
    this.keyCount = keyColumns.length;
    this.buckets = partitions * BUCKETS;
    this.memory = memory;
    this.allocator = allocator;
    this.hashes = memory.allocate(16L * RecordBatch.ROWS_MAX);
    this.positions = hashes + 8L * RecordBatch.ROWS_MAX;
    this.sorted = hashes + 12L * RecordBatch.ROWS_MAX;
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

  /** Keeps what has been added of the current batch. */
  void keep(RecordBatch batch) {
    if (count == 0) {
      return;
    }
    int[] starts = new int[buckets + 1];
    for (int i = 0; i < count; i++) {
      int bucket = KeyHash.partition(getLong(hashes + 8L * i), buckets);
      bucketOf[i] = bucket;
      starts[bucket + 1]++;
    }
    for (int b = 0; b < buckets; b++) {
      starts[b + 1] += starts[b];
    }
    Staged sortedRows = new Staged(this, starts);
    staged.add(sortedRows);
    sortedRows.take(batch);
    rows += count;
    bytes += sortedRows.bytes();
    count = 0;
  }

  /** Whether what waits should be taken. */
  boolean isFull() {
    return rows >= ROWS_MAX || bytes >= BYTES_MAX;
  }

  /** What waits in some stages, by time. */
  static List<Staged> staged(List<PaneStage> stages) {
    List<Staged> all = new ArrayList<>();
    stages.forEach(stage -> all.addAll(stage.staged));
    all.sort(Comparator.comparingLong(Staged::firstTime));
    return all;
  }

  /** Lets go of what has waited. */
  void clear() {
    staged.forEach(Staged::close);
    staged.clear();
    rows = 0;
    bytes = 0;
  }

  @Override
  public void close() {
    clear();
    memory.free(hashes, 16L * RecordBatch.ROWS_MAX);
  }

  /** Rows of a batch, those of one bucket after those of another. */
  static final class Staged implements AutoCloseable {
    private final PaneStage stage;
    private final int[] starts;
    private final List<FieldVector> columns = new ArrayList<>();
    private final ColumnDescriptors descriptors;

    /** Address of the hashes; 0 if there are none yet. */
    private long hashes;

    private Staged(PaneStage stage, int[] starts) {
      this.stage = stage;
      this.starts = starts;
      this.descriptors = new ColumnDescriptors(stage.kept.length, stage.memory);
    }

    /** Takes the rows that have been added to the stage. */
    private void take(RecordBatch batch) {
      hashes = stage.memory.allocate(8L * count());
      int[] next = Arrays.copyOf(starts, stage.buckets);
      for (int i = 0; i < count(); i++) {
        int at = next[stage.bucketOf[i]]++;
        putLong(hashes + 8L * at, getLong(stage.hashes + 8L * i));
        putInt(stage.sorted + 4L * at, getInt(stage.positions + 4L * i));
      }
      for (int column : stage.columns) {
        FieldVector from = batch.columns().get(column);
        boolean hasNulls = from.getNullCount() > 0;
        columns.add(Gather.rows(from, hasNulls, stage.sorted, count(), stage.allocator));
      }
      descriptors.set(columns, stage.kept);
    }

    private int count() {
      return starts[starts.length - 1];
    }

    /** Where a bucket's rows begin; they end where the next one's do. */
    int start(int bucket) {
      return starts[bucket];
    }

    /** Address of the int64 hashes of the rows from one on. */
    long hashes(int row) {
      return hashes + 8L * row;
    }

    /** Descriptors of the keys, that of the panes last. */
    long keys() {
      return descriptors.address();
    }

    /** Descriptors of the aggregates' arguments. */
    long arguments() {
      return descriptors.address(stage.keyCount);
    }

    /** Start of the pane of one of the rows. */
    private long firstTime() {
      return getLong(ColumnDescriptor.data(descriptors.address(stage.keyCount - 1)));
    }

    private long bytes() {
      return 8L * count() + columns.stream().mapToLong(FieldVector::getBufferSize).sum();
    }

    @Override
    public void close() {
      columns.forEach(FieldVector::close);
      descriptors.close();
      if (hashes != 0) {
        stage.memory.free(hashes, 8L * count());
        hashes = 0;
      }
    }
  }
}
