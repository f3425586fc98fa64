package io.arrowmill.state.join;

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
  private static final int FIRST_CAPACITY = 256;
  private static final int GROWTH = 4;

  private final StoredColumns columns;
  private final MemorySource memory;
  private final BufferAllocator allocator;
  private final List<ArrayDeque<Segment>> partitions = new ArrayList<>();

  /** No rows. */
  StoredStage(StoredColumns columns, int partitions, StoredSide.Memory memory) {
    this.columns = columns;
    this.memory = memory.source();
    this.allocator = memory.allocator();
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
    int done = 0;
    while (done < count) {
      Segment open = open(partitions.get(partition));
      int more = Math.min(open.room(), count - done);
      open.append(batch.columns(), hasNulls, positions + 4L * done, more, hashes + 8L * done);
      done += more;
    }
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

  /** Takes some rows of a partition out, or null when there are none; owned by the caller. */
  @Nullable Segment take(int partition) {
    return partitions.get(partition).poll();
  }

  @Override
  public void close() {
    for (ArrayDeque<Segment> segments : partitions) {
      segments.forEach(Segment::close);
      segments.clear();
    }
  }
}
