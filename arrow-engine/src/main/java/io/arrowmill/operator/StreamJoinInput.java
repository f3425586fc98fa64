package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.state.join.StoredStage;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Takes one task's rows of one side of a join of streams: drops those that are late, gives those
 * that can have no partner, and sorts the others by partition into a stage.
 */
final class StreamJoinInput implements Operator {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;
  private static final long SELECTION_BYTES = 12L * SLICE;

  private final StreamJoinRun run;
  private final boolean isLeft;
  private final StreamJoinSide side;
  private final StoredStage stage;
  private final Operator next;
  private final MemorySource memory;
  private final GroupTable hasher;
  private final RowScatter scatter;
  private final ColumnDescriptors keys;
  private final ColumnDescriptors time;
  private final int[] timeColumn;
  private final int[] keyColumns;
  private final StreamJoinOutput output;
  private final long selection;
  private final long lateSelection;
  private final long unmatched;
  private boolean closed;

  StreamJoinInput(StreamJoinRun run, boolean isLeft, StoredStage stage, Operator next) {
    this.run = run;
    this.isLeft = isLeft;
    this.side = run.plan().side(isLeft);
    this.stage = stage;
    this.next = next;
    this.memory = run.context().memory();
    try (Parts parts = new Parts()) {
      this.hasher = parts.add(run.store().side(isLeft).hasher(memory));
      this.scatter = parts.add(new RowScatter(run.partitions(), memory));
      this.keyColumns = side.stored().keys().stream().mapToInt(Integer::intValue).toArray();
      this.keys = parts.add(new ColumnDescriptors(keyColumns.length, memory));
      this.output =
          new StreamJoinOutput(run.plan(), run.plan().output(), run.context().allocator());
      this.timeColumn = new int[] {side.position(side.eventTime())};
      this.time = parts.add(new ColumnDescriptors(1, memory));
      this.selection = parts.allocate(memory, SELECTION_BYTES);
      parts.complete();
    }
    this.lateSelection = selection + 4L * SLICE;
    this.unmatched = lateSelection + 4L * SLICE;
  }

  @Override
  public void process(RecordBatch batch) {
    long started = System.nanoTime();
    keys.set(batch, keyColumns);
    if (timeColumn[0] >= 0) {
      time.set(batch, timeColumn);
    }
    boolean[] hasNulls = StoredStage.hasNulls(batch);
    int rows = batch.rowCount();
    for (int start = 0; start < rows; start += SLICE) {
      int chosen = select(batch, start, Math.min(SLICE, rows - start));
      if (chosen > 0) {
        hasher.hash(keys.address(), selection, 0, chosen, scatter.hashes());
        scatter.scatterPositions(selection, 0, chosen);
        for (int p = 0; p < run.partitions(); p++) {
          if (scatter.count(p) > 0) {
            long positions = scatter.positions() + 4L * scatter.start(p);
            stage.add(p, batch, hasNulls, positions, scatter.count(p), scatter.hashesOf(p));
          }
        }
      }
    }
    run.store().counters().updateNanos().add(System.nanoTime() - started);
  }

  /** Lists the rows of a slice that take part. */
  private int select(RecordBatch batch, int start, int count) {
    long late = run.store().lateMicros();
    FieldVector times = late == Long.MIN_VALUE ? null : column(batch, side.eventTime());
    FieldVector passes = column(batch, side.passes());
    if (times != null && passes == null) {
      int onTime = LateRows.select(time.address(), late, start, count, selection);
      if (onTime < count) {
        LateRows.selectLate(time.address(), late, start, count, lateSelection);
        dropLate(batch, count - onTime);
      }
      return onTime;
    }
    int chosen = 0;
    int dropped = 0;
    int alone = 0;
    for (int row = start; row < start + count; row++) {
      if (times != null && isAtMost(times, row, late)) {
        putInt(lateSelection + 4L * dropped++, row);
      } else if (passes instanceof BitVector bits && (bits.isNull(row) || bits.get(row) == 0)) {
        putInt(unmatched + 4L * alone++, row);
      } else {
        putInt(selection + 4L * chosen++, row);
      }
    }
    dropLate(batch, dropped);
    giveUnmatched(batch, alone);
    return chosen;
  }

  private @Nullable FieldVector column(RecordBatch batch, @Nullable Attribute column) {
    int position = side.position(column);
    return position < 0 ? null : batch.column(position);
  }

  private static boolean isAtMost(FieldVector times, int row, long bound) {
    return getBit(times.getValidityBuffer().memoryAddress(), row)
        && getLong(times.getDataBuffer().memoryAddress() + 8L * row) <= bound;
  }

  private void dropLate(RecordBatch batch, int count) {
    if (count > 0) {
      run.store().counters().rowsDroppedLate().add(count);
      run.context().lateRows(run.plan(), batch, lateSelection, count);
    }
  }

  /** Rows that can have no partner, because of what the condition says of them alone. */
  private void giveUnmatched(RecordBatch batch, int count) {
    if (count > 0 && side.isPreserved()) {
      try (RecordBatch rows = output.rows(isLeft, batch, unmatched, count)) {
        next.process(rows);
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    memory.free(selection, SELECTION_BYTES);
    time.close();
    keys.close();
    scatter.close();
    hasher.close();
  }
}
