package io.arrowmill.state;

import static io.arrowmill.codegen.table.GroupTable.SLICE_ROWS_MAX;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.KeySet;
import io.arrowmill.codegen.table.RowHasher;
import io.arrowmill.state.StateSchema.StateField;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Puts record batches of state into tables, each row into the partition that its key belongs to.
 */
final class StateReader implements AutoCloseable {
  private static final long ROW_BYTES = 8L * SLICE_ROWS_MAX;

  private final StateSchema columns;
  private final RowHasher router;
  private final List<GroupTable> partitions;
  private final List<KeySet> sets;
  private final MemorySource memory;
  private final long bytes;
  private final long block;
  private final long hashes;
  private final long rows;
  private final long selection;
  private final long descriptors;
  private final int[] slots = new int[SLICE_ROWS_MAX];
  private final long[] removals = new long[SLICE_ROWS_MAX];

  /** Where each partition's rows begin, those that are removed and those that are not. */
  private final int[] starts;

  private final int[] ends;

  /**
   * A reader.
   *
   * @param router hashes the first of the columns, those that say which partition a row belongs to
   * @param sets beside the partitions' tables, if keys are kept as sets; else empty
   */
  StateReader(
      StateSchema columns,
      RowHasher router,
      List<GroupTable> partitions,
      List<KeySet> sets,
      MemorySource memory) {
    this.columns = columns;
    this.router = router;
    this.partitions = partitions;
    this.sets = sets;
    this.memory = memory;
    starts = new int[2 * partitions.size() + 1];
    ends = new int[starts.length];
    bytes = 3 * ROW_BYTES + (long) ColumnDescriptor.BYTES * columns.kinds().size();
    block = memory.allocate(bytes);
    hashes = block;
    rows = block + ROW_BYTES;
    selection = block + 2 * ROW_BYTES;
    descriptors = block + 3 * ROW_BYTES;
  }

  /** Removes the groups up to a time; {@link Long#MIN_VALUE} for none. */
  void evict(long bound, StateStore.Share share) {
    for (int p = share.first(); p < partitions.size() && bound != Long.MIN_VALUE; p += share.of()) {
      partitions.get(p).evictUntil(bound);
    }
  }

  /**
   * Removes the groups whose rows say so, then sets those of the others.
   *
   * @param share which partitions' rows are taken
   */
  void apply(VectorSchemaRoot root, StateStore.Share share) {
    for (int c = 0; c < columns.kinds().size(); c++) {
      StateSchema.describe(root.getVector(c), ColumnDescriptor.at(descriptors, c));
    }
    BitVector removed = (BitVector) root.getVector(columns.removedColumn());
    for (int start = 0; start < root.getRowCount(); start += SLICE_ROWS_MAX) {
      int count = Math.min(SLICE_ROWS_MAX, root.getRowCount() - start);
      router.hash(descriptors, 0, start, count, hashes);
      sort(start, count, removed, share);
      for (int p = share.first(); p < partitions.size(); p += share.of()) {
        int at = starts[2 * p];
        int set = starts[2 * p + 1];
        remove(partitions.get(p), at, set - at);
        put(p, set, starts[2 * p + 2] - set);
      }
    }
  }

  /** Sorts the rows of a slice by partition, of each those that are removed first. */
  private void sort(int start, int count, BitVector removed, StateStore.Share share) {
    Arrays.fill(starts, 0);
    for (int i = 0; i < count; i++) {
      int partition = KeyHash.partition(OffHeap.getLong(hashes + 8L * i), partitions.size());
      int slot = share.has(partition) ? 2 * partition + (removed.get(start + i) != 0 ? 0 : 1) : -1;
      slots[i] = slot;
      if (slot >= 0) {
        starts[slot + 1]++;
      }
    }
    for (int slot = 1; slot < starts.length; slot++) {
      starts[slot] += starts[slot - 1];
    }
    System.arraycopy(starts, 0, ends, 0, ends.length);
    for (int i = 0; i < count; i++) {
      if (slots[i] >= 0) {
        OffHeap.putInt(selection + 4L * ends[slots[i]]++, start + i);
      }
    }
  }

  private void remove(GroupTable table, int at, int count) {
    if (count == 0) {
      return;
    }
    if (!sets.isEmpty()) {
      throw new IllegalStateException("a set's keys must not be removed: keys=" + count);
    }
    table.find(descriptors, selection, at, count, rows);
    for (int i = 0; i < count; i++) {
      removals[i] = OffHeap.getLong(rows + 8L * i);
    }
    // A key that was removed, came back and was removed again is listed twice.
    Arrays.sort(removals, 0, count);
    int found = 0;
    long before = 0;
    for (int i = 0; i < count; i++) {
      OffHeap.putLong(rows + 8L * found, removals[i]);
      found += removals[i] == before ? 0 : 1;
      before = removals[i];
    }
    table.remove(rows, found);
  }

  private void put(int partition, int at, int count) {
    if (count == 0) {
      return;
    }
    if (!sets.isEmpty()) {
      sets.get(partition).add(descriptors, selection, at, count, 0, rows);
      return;
    }
    GroupTable table = partitions.get(partition);
    table.group(descriptors, selection, at, count, rows);
    for (int s = 0; s < columns.states().size(); s++) {
      StateField state = columns.states().get(s);
      long column = ColumnDescriptor.at(descriptors, columns.keyCount() + s);
      table
          .states()
          .importState(
              state.accumulator(), state.stateColumn(), rows, column, selection, at, count);
    }
  }

  @Override
  public void close() {
    memory.free(block, bytes);
  }
}
