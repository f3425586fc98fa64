package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.kernel.Gather;
import io.arrowmill.kernel.interpreted.TimeWindows;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * The windows that have ended and would have held a row: what a row without panes would be late
 * for. Counts them and hands on the rows, each once for every such window. Confined to one task.
 */
final class LatePanes implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final PaneRun run;
  private final WindowPanes panes;
  private final int[] keyColumns;
  private final MemorySource memory;
  private final ColumnDescriptors keys;
  private final long positions;
  private final int[] rows = new int[SLICE];
  private final long[] starts = new long[SLICE];
  private int count;

  LatePanes(PaneRun run, int[] keyColumns) {
    this.run = run;
    this.panes = run.panes();
    this.keyColumns = keyColumns;
    this.memory = run.run().store().memory();
    try (Parts parts = new Parts()) {
      this.keys = parts.add(new ColumnDescriptors(keyColumns.length, memory));
      this.positions = parts.allocate(memory, 4L * SLICE);
      parts.complete();
    }
    for (int i = 0; i < SLICE; i++) {
      putInt(positions + 4L * i, i);
    }
  }

  /**
   * Fails if a window of a pane leaves the range of timestamps.
   *
   * @param column descriptor of the panes
   */
  void checkRange(long column, int start, int rowCount) {
    long times = ColumnDescriptor.data(column);
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int row = start; row < start + rowCount; row++) {
      min = Math.min(min, getLong(times + 8L * row));
      max = Math.max(max, getLong(times + 8L * row));
    }
    long reach = panes.window().lengthMicros() + panes.window().slideMicros();
    if (rowCount > 0 && min < Long.MIN_VALUE + 2 * reach) {
      TimeWindows.newestStart(panes.window(), min);
    }
    if (rowCount > 0 && max > Long.MAX_VALUE - 2 * reach) {
      TimeWindows.newestStart(panes.window(), max);
    }
  }

  /** Takes the rows of a batch at the given positions, whose first windows at least have ended. */
  void add(RecordBatch batch, long selection, int selected) {
    FieldVector times = batch.column(keyColumns[keyColumns.length - 1]);
    long address = times.getDataBuffer().memoryAddress();
    long ended = panes.newestEnded(run.lateMicros());
    for (int i = 0; i < selected; i++) {
      int row = getInt(selection + 4L * i);
      long pane = getLong(address + 8L * row);
      long last = Math.min(ended, panes.newestStart(pane));
      for (long start = panes.oldestStart(pane);
          start <= last;
          start += panes.window().slideMicros()) {
        rows[count] = row;
        starts[count++] = start;
        if (count == SLICE) {
          give(batch);
        }
      }
    }
    give(batch);
  }

  private void give(RecordBatch batch) {
    if (count == 0) {
      return;
    }
    BufferAllocator allocator = run.run().context().allocator();
    int window = keyColumns[keyColumns.length - 1];
    List<FieldVector> columns = new ArrayList<>();
    RecordBatch late;
    try {
      for (FieldVector column : batch.columns()) {
        columns.add(Gather.rows(column, rows, count, allocator));
      }
      long data = columns.get(window).getDataBuffer().memoryAddress();
      for (int i = 0; i < count; i++) {
        putLong(data + 8L * i, starts[i]);
      }
      late = new RecordBatch(batch.schema(), columns, count);
    } catch (RuntimeException | Error e) {
      columns.forEach(FieldVector::close);
      throw e;
    }
    try (late) {
      keys.set(late, keyColumns);
      run.run().late().add(keys.address(), positions, count);
      run.run().context().lateRows(run.run().plan(), late, positions, count);
    } finally {
      count = 0;
    }
  }

  @Override
  public void close() {
    memory.free(positions, 4L * SLICE);
    keys.close();
  }
}
