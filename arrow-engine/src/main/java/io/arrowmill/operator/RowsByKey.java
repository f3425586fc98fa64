package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.kernel.Gather;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/**
 * Keeps all rows that any task pushes, and says which partition of the keys each belongs to. Owns
 * the rows until closed.
 */
final class RowsByKey implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;
  private static final int NO_COLUMN = -1;

  private final StatefulPlan plan;
  private final Columns columns;
  private final GroupStore store;
  private final BatchContext context;
  private final List<Part> parts = new ArrayList<>();

  /**
   * Where things are in the rows.
   *
   * @param kinds kinds of the keys
   * @param keys positions of the keys
   * @param time position of the column that rows are late by, or -1
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Columns(List<ValueKind> kinds, int[] keys, int time) {
    Columns(List<ValueKind> kinds, int[] keys) {
      this(kinds, keys, NO_COLUMN);
    }
  }

  RowsByKey(StatefulPlan plan, Columns columns, GroupStore store, BatchContext context) {
    this.plan = plan;
    this.columns = columns;
    this.store = store;
    this.context = context;
  }

  /**
   * A batch of rows that are on time, those of one partition after those of another: what one task
   * does with a partition's rows then stays in its cache.
   *
   * @param starts where each partition's rows begin, and where the last one's end
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Part(RecordBatch batch, int[] starts) {}

  /** The batches, borrowed. Called when all tasks have ended. */
  synchronized List<Part> parts() {
    return List.copyOf(parts);
  }

  Columns columns() {
    return columns;
  }

  private synchronized void add(Part part) {
    parts.add(part);
  }

  /** An operator of one task that adds to these rows. */
  Operator operator() {
    return new Adding();
  }

  /** Takes the batches of one task. */
  private final class Adding implements Operator {
    private final MemorySource memory = context.memory();
    private final GroupTable hasher;
    private final ColumnDescriptors keys;
    private final ColumnDescriptors time;
    private final long selection;
    private final long hashes;
    private boolean closed;

    Adding() {
      GroupTablePlan hashed = new GroupTablePlan(columns.kinds(), List.of());
      try (Parts parts = new Parts()) {
        this.hasher = parts.add(new GroupTable(hashed, store.hash(), memory));
        this.keys = parts.add(new ColumnDescriptors(columns.keys().length, memory));
        this.time = parts.add(new ColumnDescriptors(1, memory));
        this.selection = parts.allocate(memory, 4L * SLICE);
        this.hashes = parts.allocate(memory, 8L * SLICE);
        parts.complete();
      }
    }

    @Override
    public void process(RecordBatch batch) {
      int rows = batch.rowCount();
      if (rows == 0) {
        return;
      }
      keys.set(batch, columns.keys());
      boolean late = columns.time() != NO_COLUMN && store.lateMicros() != Long.MIN_VALUE;
      if (late) {
        time.set(batch, new int[] {columns.time()});
      }
      int partitions = store.partitions().size();
      int[] kept = new int[rows];
      int[] partitionOf = new int[rows];
      int[] starts = new int[partitions + 1];
      int count = 0;
      for (int start = 0; start < rows; start += SLICE) {
        int slice = Math.min(SLICE, rows - start);
        int onTime =
            late
                ? LateRows.select(time.address(), store.lateMicros(), start, slice, selection)
                : slice;
        if (onTime < slice) {
          giveLate(batch, start, slice);
          LateRows.select(time.address(), store.lateMicros(), start, slice, selection);
        }
        hasher.hash(keys.address(), late ? selection : 0, late ? 0 : start, onTime, hashes);
        for (int i = 0; i < onTime; i++) {
          int partition = KeyHash.partition(getLong(hashes + 8L * i), partitions);
          kept[count] = late ? getInt(selection + 4L * i) : start + i;
          partitionOf[count++] = partition;
          starts[partition + 1]++;
        }
      }
      store.counters().rowsDroppedLate().add(rows - count);
      if (count > 0) {
        add(new Part(reordered(batch, sorted(kept, partitionOf, count, starts)), starts));
      }
    }

    private RecordBatch reordered(RecordBatch batch, int[] rows) {
      List<FieldVector> vectors = new ArrayList<>();
      try {
        for (FieldVector column : batch.columns()) {
          vectors.add(Gather.rows(column, rows, rows.length, context.allocator()));
        }
        return new RecordBatch(batch.schema(), vectors, rows.length);
      } catch (RuntimeException | Error e) {
        vectors.forEach(FieldVector::close);
        throw e;
      }
    }

    private void giveLate(RecordBatch batch, int start, int count) {
      int late = LateRows.selectLate(time.address(), store.lateMicros(), start, count, selection);
      context.lateRows(plan, batch, selection, late);
    }

    /** Sorts rows by partition, and makes starts of the partitions' counts. */
    private static int[] sorted(int[] rows, int[] partitionOf, int count, int[] starts) {
      for (int p = 1; p < starts.length; p++) {
        starts[p] += starts[p - 1];
      }
      int[] next = starts.clone();
      int[] sorted = new int[count];
      for (int i = 0; i < count; i++) {
        sorted[next[partitionOf[i]]++] = rows[i];
      }
      return sorted;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        memory.free(hashes, 8L * SLICE);
        memory.free(selection, 4L * SLICE);
        time.close();
        keys.close();
        hasher.close();
      }
    }
  }

  @Override
  public synchronized void close() {
    parts.forEach(part -> part.batch().close());
    parts.clear();
  }
}
