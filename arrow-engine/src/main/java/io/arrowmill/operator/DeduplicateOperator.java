package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyRouter;
import io.arrowmill.codegen.table.KeySet;
import io.arrowmill.codegen.table.RowHasher;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.kernel.Gather;
import io.arrowmill.plan.Expression.Attribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/**
 * Hands on the first rows of one task's batches.
 *
 * <p>A slice of rows is sorted by partition, each partition is probed once for its share, and what
 * was new is marked in a bitmap over the batch; the rows that are marked are copied in their order.
 */
final class DeduplicateOperator implements Operator {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final DeduplicateRun run;
  private final int task;
  private final Operator next;
  private final MemorySource memory;
  private final RowHasher hasher;
  private final RowScatter scatter;
  private final ColumnDescriptors keys;
  private final ColumnDescriptors time;
  private final int[] keyColumns;
  private final int[] timeColumn;
  private final long selection;
  private final long fresh;
  private final long[] marks = new long[RecordBatch.ROWS_MAX / Long.SIZE];
  private boolean closed;

  DeduplicateOperator(DeduplicateRun run, int task, Operator next) {
    this.run = run;
    this.task = task;
    this.next = next;
    DeduplicatePlan plan = run.plan();
    this.memory = run.store().memory();
    this.keyColumns = Columns.positions(plan.input(), plan.keys());
    Attribute late = plan.time().late();
    this.timeColumn = late == null ? new int[0] : new int[] {Columns.position(plan.input(), late)};
    GroupTablePlan table = run.store().partitions().getFirst().plan();
    try (Parts parts = new Parts()) {
      this.hasher =
          parts.add(
              run.store().sets().isEmpty()
                  ? new GroupTable(table, run.store().hash(), memory)
                  : new KeyRouter(table, run.store().hash(), memory, run.hashesKeys()));
      this.scatter = parts.add(new RowScatter(run.partitions(), memory));
      this.keys = parts.add(new ColumnDescriptors(keyColumns.length, memory));
      this.time = parts.add(new ColumnDescriptors(1, memory));
      this.selection = parts.allocate(memory, 4L * SLICE);
      this.fresh = parts.allocate(memory, 4L * SLICE);
      parts.complete();
    }
  }

  @Override
  public void process(RecordBatch batch) {
    long started = System.nanoTime();
    int rows = batch.rowCount();
    keys.set(batch, keyColumns);
    time.set(batch, timeColumn);
    Arrays.fill(marks, 0, (rows + Long.SIZE - 1) / Long.SIZE, 0);
    int made = 0;
    int late = 0;
    for (int start = 0; start < rows; start += SLICE) {
      int count = Math.min(SLICE, rows - start);
      int onTime = count - late(batch, start, count);
      if (onTime < count) {
        LateRows.select(time.address(), run.store().lateMicros(), start, count, selection);
      }
      late += count - onTime;
      made += onTime == count ? add(0, start, count) : add(selection, 0, onTime);
    }
    StateCounters counters = run.store().counters();
    counters.rowsDroppedLate().add(late);
    counters.duplicateRows().add(rows - late - made);
    counters.updateNanos().add(System.nanoTime() - started);
    if (run.plan().flag() == null) {
      emit(batch, made);
    } else {
      emitFlagged(batch);
    }
  }

  /** Counts the late rows of a slice, and gives them to who wants to have them. */
  private int late(RecordBatch batch, int start, int count) {
    long bound = run.store().lateMicros();
    if (timeColumn.length == 0 || bound == Long.MIN_VALUE) {
      return 0;
    }
    int late = LateRows.selectLate(time.address(), bound, start, count, selection);
    if (late > 0 && run.plan().flag() == null) { // else the aggregation behind has them, too
      run.context().lateRows(run.plan(), batch, selection, late);
    }
    return late;
  }

  /** Adds the keys of some rows and marks the rows that were first; returns how many were. */
  private int add(long rows, int start, int count) {
    hasher.hash(keys.address(), rows, start, count, scatter.hashes());
    scatter.scatterPositions(rows, start, count);
    int partitions = run.partitions();
    int first = task * partitions / Math.max(1, run.context().workers().count());
    int made = 0;
    for (int i = 0; i < partitions; i++) {
      int p = (first + i) % partitions;
      int of = scatter.count(p);
      if (of == 0) {
        continue;
      }
      run.lock(p).lock();
      try {
        made += addTo(p, scatter.start(p), of);
      } finally {
        run.lock(p).unlock();
      }
    }
    return made;
  }

  /** As {@link #add}, of one partition's rows among the scattered ones. */
  private int addTo(int partition, int start, int count) {
    long positions = scatter.positions();
    long found = scatter.found();
    List<KeySet> sets = run.store().sets();
    if (!sets.isEmpty()) {
      long hashes = run.hashesKeys() ? scatter.hashesOf(partition) : 0;
      int added = sets.get(partition).add(keys.address(), positions, start, count, hashes, found);
      mark(positions + 4L * start, count, found);
      return added;
    }
    GroupTable table = run.store().partitions().get(partition);
    long hashes = scatter.hashesOf(partition);
    int added = table.addHashed(keys.address(), positions, start, count, hashes, found);
    mark(positions + 4L * start, count, found);
    if (run.plan().expires()) {
      keepTimes(found, table.layout().state(0).offset(), added);
    }
    return added;
  }

  /** Marks the rows that made a group, and brings them and their groups to the front. */
  private void mark(long positions, int count, long found) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      long row = getLong(found + 8L * i);
      int position = getInt(positions + 4L * i);
      putLong(found + 8L * kept, row);
      putInt(fresh + 4L * kept, position);
      long isNew = row == 0 ? 0 : 1;
      marks[position >> 6] |= isNew << position;
      kept += (int) isNew;
    }
  }

  /** Writes the times of new groups' rows into them; a row without a time is of 1970. */
  private void keepTimes(long groups, int offset, int count) {
    long validity = ColumnDescriptor.validity(time.address());
    long times = ColumnDescriptor.data(time.address());
    for (int i = 0; i < count; i++) {
      int row = getInt(fresh + 4L * i);
      boolean known = validity == 0 || getBit(validity, row);
      putLong(getLong(groups + 8L * i) + offset, known ? getLong(times + 8L * row) : 0);
    }
  }

  /** Hands on every row, and which of them are marked. */
  private void emitFlagged(RecordBatch batch) {
    BufferAllocator allocator = run.context().allocator();
    int rows = batch.rowCount();
    BitVector flags = new BitVector("flag", allocator);
    flags.allocateNew(Math.max(1, rows));
    int bytes = (rows + 7) / 8;
    long bits = flags.getDataBuffer().memoryAddress();
    for (int i = 0; i < bytes; i++) {
      putByte(bits + i, (byte) (marks[i >> 3] >>> (8 * (i & 7))));
    }
    flags.getValidityBuffer().setOne(0L, bytes);
    flags.setValueCount(rows);
    List<FieldVector> columns = new ArrayList<>();
    for (FieldVector column : batch.columns()) {
      columns.add(RecordBatch.slice(column, 0, rows, allocator));
    }
    columns.add(flags);
    try (RecordBatch flagged = new RecordBatch(run.plan().schema(), columns, rows)) {
      next.process(flagged);
    }
  }

  private void emit(RecordBatch batch, int count) {
    if (count == batch.rowCount()) {
      next.process(batch);
      return;
    }
    if (count == 0) {
      return;
    }
    int[] positions = new int[count];
    int at = 0;
    for (int word = 0; at < count; word++) {
      for (long bits = marks[word]; bits != 0; bits &= bits - 1) {
        positions[at++] = (word << 6) + Long.numberOfTrailingZeros(bits);
      }
    }
    List<FieldVector> columns = new ArrayList<>();
    try {
      for (FieldVector column : batch.columns()) {
        columns.add(Gather.rows(column, positions, count, run.context().allocator()));
      }
    } catch (RuntimeException | Error e) {
      columns.forEach(FieldVector::close);
      throw e;
    }
    try (RecordBatch kept = new RecordBatch(batch.schema(), columns, count)) {
      next.process(kept);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    memory.free(fresh, 4L * SLICE);
    memory.free(selection, 4L * SLICE);
    time.close();
    keys.close();
    scatter.close();
    hasher.close();
  }
}
