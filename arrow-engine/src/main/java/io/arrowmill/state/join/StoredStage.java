package io.arrowmill.state.join;

import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one side of a join that one task has read, by partition, before they are stored: the
 * tasks fill a stage each, then each partition takes its rows from all of them. So a partition's
 * rows are looked up together, while its index is in the cache, and no task waits for another.
 *
 * <p>Owns its memory. Rows are added by one task; after that each partition's are taken by one.
 */
public final class StoredStage implements AutoCloseable {
  /** So many rows are not sorted by partition but listed. */
  static final int FEW = 1024;

  private static final int FIRST_CAPACITY = 256;
  private static final int GROWTH = 4;

  private final StoredColumns columns;
  private final MemorySource memory;
  private final BufferAllocator allocator;
  private final List<ArrayDeque<Segment>> partitions = new ArrayList<>();

  /** The first rows, of all partitions: a small batch needs no more. */
  private @Nullable Segment few;

  /** Of each partition its newest row among the few, plus 1, and of each row the one before. */
  private final int[] fewLast;

  private final int[] fewBefore = new int[FEW];

  /** No rows. */
  StoredStage(StoredColumns columns, int partitions, StoredSide.Memory memory) {
    this.columns = columns;
    this.memory = memory.source();
    this.allocator = memory.allocator();
    this.fewLast = new int[partitions];
    for (int p = 0; p < partitions; p++) {
      this.partitions.add(new ArrayDeque<>(4));
    }
  }

  /** Whether the columns of a batch have nulls: known once for all calls of {@link #add}. */
  public static boolean[] hasNulls(RecordBatch batch) {
    return Segment.hasNulls(batch.columns());
  }

  /**
   * Takes rows of a partition.
   *
   * @param batch of the columns kept; borrowed
   * @param hasNulls what {@link #hasNulls} said of it
   * @param positions address of int32 row numbers
   * @param hashes address of the hashes of their keys, int64
   */
  public void add(
      int partition,
      RecordBatch batch,
      boolean[] hasNulls,
      long positions,
      int count,
      long hashes) {
    int done = addFew(partition, batch, hasNulls, positions, count, hashes);
    while (done < count) {
      Segment open = open(partitions.get(partition));
      int more = Math.min(open.room(), count - done);
      open.append(batch.columns(), hasNulls, positions + 4L * done, more, hashes + 8L * done);
      done += more;
    }
  }

  /** Adds rows to the few as long as there is room; returns how many. */
  private int addFew(
      int partition,
      RecordBatch batch,
      boolean[] hasNulls,
      long positions,
      int count,
      long hashes) {
    Segment first = few;
    if (first == null) {
      first = new Segment(FEW, columns, memory, allocator);
      few = first;
    }
    int start = first.rows;
    int added = Math.min(first.room(), count);
    if (added > 0) {
      first.append(batch.columns(), hasNulls, positions, added, hashes);
      for (int row = start; row < start + added; row++) {
        fewBefore[row] = fewLast[partition];
        fewLast[partition] = row + 1;
      }
    }
    return added;
  }

  private Segment open(ArrayDeque<Segment> segments) {
    Segment last = segments.peekLast();
    if (last != null && last.room() > 0) {
      return last;
    }
    int capacity =
        last == null ? FIRST_CAPACITY : Math.min(StoredRows.CAPACITY_MAX, last.capacity * GROWTH);
    Segment opened = new Segment(capacity, columns, memory, allocator);
    segments.add(opened);
    return opened;
  }

  /** The first rows of all partitions, or null if there are none. */
  @Nullable Segment few() {
    return few;
  }

  /**
   * Lists the rows of a partition that are among the few, in their order.
   *
   * @param positionsOut address for int32, {@link #FEW} at most
   * @return how many there are
   */
  int few(int partition, long positionsOut) {
    int count = 0;
    for (int row = fewLast[partition]; row != 0; row = fewBefore[row - 1]) {
      count++;
    }
    int at = count;
    for (int row = fewLast[partition]; row != 0; row = fewBefore[row - 1]) {
      putInt(positionsOut + 4L * --at, row - 1);
    }
    return count;
  }

  /** Takes some other rows of a partition out, or null when there are none; owned by the caller. */
  @Nullable Segment take(int partition) {
    return partitions.get(partition).poll();
  }

  @Override
  public void close() {
    Segment first = few;
    if (first != null) {
      few = null;
      first.close();
    }
    for (ArrayDeque<Segment> segments : partitions) {
      segments.forEach(Segment::close);
      segments.clear();
    }
  }
}
