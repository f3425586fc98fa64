package io.arrowmill.state;

import static io.arrowmill.codegen.table.GroupTable.SLICE_ROWS_MAX;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.OffHeap;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.state.StateSchema.StateField;
import java.util.List;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Puts record batches of state into tables, each row into the partition that its key belongs to.
 */
final class StateReader implements AutoCloseable {
  private static final long ROW_BYTES = 8L * SLICE_ROWS_MAX;

  private final StateSchema columns;
  private final GroupTable router;
  private final List<GroupTable> partitions;
  private final MemorySource memory;
  private final long bytes;
  private final long block;
  private final long hashes;
  private final long rows;
  private final long selection;
  private final long descriptors;

  /**
   * A reader.
   *
   * @param router an empty table whose keys are the first of the columns, those that say which
   *     partition a row belongs to
   */
  StateReader(
      StateSchema columns, GroupTable router, List<GroupTable> partitions, MemorySource memory) {
    this.columns = columns;
    this.router = router;
    this.partitions = partitions;
    this.memory = memory;
    bytes = 3 * ROW_BYTES + (long) ColumnDescriptor.BYTES * columns.kinds().size();
    block = memory.allocate(bytes);
    hashes = block;
    rows = block + ROW_BYTES;
    selection = block + 2 * ROW_BYTES;
    descriptors = block + 3 * ROW_BYTES;
  }

  /** Removes the groups whose rows say so, then sets those of the others. */
  void apply(VectorSchemaRoot root) {
    for (int c = 0; c < columns.kinds().size(); c++) {
      StateSchema.describe(root.getVector(c), ColumnDescriptor.at(descriptors, c));
    }
    BitVector removed = (BitVector) root.getVector(columns.removedColumn());
    for (int start = 0; start < root.getRowCount(); start += SLICE_ROWS_MAX) {
      int count = Math.min(SLICE_ROWS_MAX, root.getRowCount() - start);
      router.hash(descriptors, 0, start, count, hashes);
      for (int p = 0; p < partitions.size(); p++) {
        int gone = select(p, start, count, removed, true);
        if (gone > 0) {
          remove(partitions.get(p), gone);
        }
        int set = select(p, start, count, removed, false);
        if (set > 0) {
          put(partitions.get(p), set);
        }
      }
    }
  }

  private int select(int partition, int start, int count, BitVector removed, boolean wanted) {
    int selected = 0;
    for (int i = 0; i < count; i++) {
      long hash = OffHeap.getLong(hashes + 8L * i);
      if (KeyHash.partition(hash, partitions.size()) == partition
          && (removed.get(start + i) != 0) == wanted) {
        OffHeap.putInt(selection + 4L * selected++, start + i);
      }
    }
    return selected;
  }

  private void remove(GroupTable table, int count) {
    table.find(descriptors, selection, 0, count, rows);
    int found = 0;
    for (int i = 0; i < count; i++) {
      long row = OffHeap.getLong(rows + 8L * i);
      OffHeap.putLong(rows + 8L * found, row);
      found += row == 0 ? 0 : 1;
    }
    table.remove(rows, found);
  }

  private void put(GroupTable table, int count) {
    table.group(descriptors, selection, 0, count, rows);
    for (int s = 0; s < columns.states().size(); s++) {
      StateField state = columns.states().get(s);
      long column = ColumnDescriptor.at(descriptors, columns.keyCount() + s);
      table.importState(
          state.accumulator(), state.stateColumn(), rows, column, selection, 0, count);
    }
  }

  @Override
  public void close() {
    memory.free(block, bytes);
  }
}
