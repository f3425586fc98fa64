package io.arrowmill.state;

import static io.arrowmill.codegen.table.GroupTable.SLICE_ROWS_MAX;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.KeySet;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.state.StateSchema.StateField;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowWriter;

/** Writes rows of tables as record batches of at most 4,096 rows. */
final class StateWriter implements AutoCloseable {
  private final StateSchema columns;
  private final MemorySource memory;
  private final VectorSchemaRoot root;
  private final long rows;
  private final long descriptor;

  /** A walk over some of a table's rows. */
  interface Walk {
    int next(RowCursor cursor, long rowsOut, int max);
  }

  /**
   * A writer.
   *
   * @param evictedUntil see {@link StateSchema#schema(long)}
   */
  StateWriter(
      StateSchema columns, long evictedUntil, MemorySource memory, BufferAllocator allocator) {
    this.columns = columns;
    this.memory = memory;
    long block = memory.allocate(scratchBytes());
    rows = block;
    descriptor = block + 8L * SLICE_ROWS_MAX;
    root = VectorSchemaRoot.create(columns.schema(evictedUntil), allocator);
  }

  private static long scratchBytes() {
    return 8L * SLICE_ROWS_MAX + ColumnDescriptor.BYTES;
  }

  VectorSchemaRoot root() {
    return root;
  }

  /** Writes every row of a walk; of removed ones there is nothing but the keys. */
  void write(GroupTable table, Walk walk, boolean removed, ArrowWriter writer) throws IOException {
    RowCursor cursor = new RowCursor();
    int count = walk.next(cursor, rows, SLICE_ROWS_MAX);
    while (count > 0) {
      fill(table, count, removed);
      writer.writeBatch();
      count = walk.next(cursor, rows, SLICE_ROWS_MAX);
    }
  }

  /** Writes every key of a walk over a set's bits, which gives keys instead of rows. */
  void write(KeySet set, Walk walk, ArrowWriter writer) throws IOException {
    RowCursor cursor = new RowCursor();
    int count = walk.next(cursor, rows, SLICE_ROWS_MAX);
    while (count > 0) {
      open(0, count, 0);
      set.putKeys(rows, count, descriptor);
      finish(0, count);
      fillRemovals(1, count, false);
      writer.writeBatch();
      count = walk.next(cursor, rows, SLICE_ROWS_MAX);
    }
  }

  private void fill(GroupTable table, int count, boolean removed) {
    int column = 0;
    for (; column < columns.keyCount(); column++) {
      open(column, count, table.readKeysBytes(column, rows, count));
      table.readKeys(column, rows, count, descriptor, 0);
      finish(column, count);
    }
    for (StateField state : columns.states()) {
      if (removed) {
        root.getVector(column).clear();
        open(column, count, 0);
        root.getVector(column).setValueCount(count);
      } else {
        int accumulator = state.accumulator();
        open(
            column,
            count,
            table.states().exportBytes(accumulator, state.stateColumn(), rows, count));
        table.states().exportState(accumulator, state.stateColumn(), rows, count, descriptor, 0);
        finish(column, count);
      }
      column++;
    }
    fillRemovals(column, count, removed);
  }

  /** Fills the last column, and says how many rows there are. */
  private void fillRemovals(int column, int count, boolean removed) {
    BitVector removals = (BitVector) root.getVector(column);
    removals.allocateNew(count);
    long bytes = (count + 7L) / 8;
    removals.getValidityBuffer().setOne(0, bytes);
    if (removed) {
      removals.getDataBuffer().setOne(0, bytes);
    }
    removals.setValueCount(count);
    root.setRowCount(count);
  }

  private void open(int column, int count, long bytes) {
    FieldVector vector = root.getVector(column);
    if (vector instanceof BaseVariableWidthVector variable) {
      variable.allocateNew(Math.max(1, bytes), count);
    } else {
      vector.setInitialCapacity(count);
      vector.allocateNew();
    }
    StateSchema.describe(vector, descriptor);
  }

  private void finish(int column, int count) {
    FieldVector vector = root.getVector(column);
    if (vector instanceof BaseVariableWidthVector variable) {
      variable.setLastSet(count - 1);
    }
    vector.setValueCount(count);
  }

  /** At most how many bytes {@link #write} writes for a walk, framing of the batches included. */
  long bytesMax(GroupTable table, Walk walk, boolean removed) {
    long total = 0;
    RowCursor cursor = new RowCursor();
    List<ValueKind> kinds = columns.kinds();
    int count = walk.next(cursor, rows, SLICE_ROWS_MAX);
    while (count > 0) {
      total += 512;
      for (int c = 0; c < kinds.size(); c++) {
        long data = 16L * count;
        if (kinds.get(c) == ValueKind.BYTES && c < columns.keyCount()) {
          data = 4L * count + table.readKeysBytes(c, rows, count);
        } else if (kinds.get(c) == ValueKind.BYTES && !removed) {
          StateField state = columns.states().get(c - columns.keyCount());
          data =
              4L * count
                  + table
                      .states()
                      .exportBytes(state.accumulator(), state.stateColumn(), rows, count);
        } else if (kinds.get(c) != ValueKind.BYTES) {
          data = (long) Math.max(1, kinds.get(c).columnBytes()) * count;
        }
        total += data + count / 8 + 256;
      }
      count = walk.next(cursor, rows, SLICE_ROWS_MAX);
    }
    return total;
  }

  /** At most how many bytes {@link #write(KeySet, Walk, ArrowWriter)} writes for so many keys. */
  long bytesMax(long keys) {
    long batches = keys / SLICE_ROWS_MAX + 1;
    return batches * 1_024 + keys * (columns.kinds().getFirst().columnBytes() + 1);
  }

  @Override
  public void close() {
    root.close();
    memory.free(rows, scratchBytes());
  }
}
