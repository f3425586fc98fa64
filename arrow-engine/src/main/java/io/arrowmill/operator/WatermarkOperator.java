package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.kernel.Gather;
import io.arrowmill.operator.PhysicalPlan.WatermarkPlan;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;

/**
 * Notes the event times that pass and hands every batch on as it is, but for rows that are further
 * in the future than the query takes.
 */
final class WatermarkOperator implements Operator {
  /**
   * Times that differ by less than this (two years) have differences whose sum over a batch does
   * not overflow.
   */
  private static final long SPREAD_MAX = Long.MAX_VALUE / (2L * RecordBatch.ROWS_MAX);

  private final WatermarkPlan plan;
  private final BatchContext context;
  private final Operator next;
  private final int column;
  private final long futureMicros;
  private EventTimeStats stats = EventTimeStats.NONE;

  WatermarkOperator(WatermarkPlan plan, BatchContext context, Operator next) {
    this.plan = plan;
    this.context = context;
    this.next = next;
    int found = -1;
    for (int i = 0; i < plan.output().size(); i++) {
      if (plan.output().get(i).id() == plan.column().id()) {
        found = i;
      }
    }
    this.column = found;
    this.futureMicros = context.futureMicros(plan.index());
  }

  @Override
  public void process(RecordBatch batch) {
    FieldVector vector = batch.column(column);
    // The event time of a window is the window's end.
    FieldVector times = vector instanceof StructVector window ? window.getChild("end") : vector;
    EventTimeStats seen = statsOf(times, batch.rowCount());
    if (seen.count() > 0 && seen.max() > futureMicros) {
      processUntil(batch, times, futureMicros);
    } else {
      stats = stats.plus(seen);
      next.process(batch);
    }
  }

  /** Hands on the rows that are not too far in the future. */
  private void processUntil(RecordBatch batch, FieldVector times, long bound) {
    int[] kept = new int[batch.rowCount()];
    int count = 0;
    int future = 0;
    long positions = context.memory().allocate(4L * batch.rowCount());
    try {
      long data = times.getDataBuffer().memoryAddress();
      for (int row = 0; row < batch.rowCount(); row++) {
        if (times.isNull(row) || getLong(data + 8L * row) <= bound) {
          kept[count++] = row;
        } else {
          putInt(positions + 4L * future++, row);
        }
      }
      context.futureRows(plan.index(), batch, positions, future);
    } finally {
      context.memory().free(positions, 4L * batch.rowCount());
    }
    List<FieldVector> columns = new ArrayList<>();
    try {
      for (FieldVector from : batch.columns()) {
        columns.add(Gather.rows(from, kept, count, context.allocator()));
      }
    } catch (RuntimeException | Error e) {
      columns.forEach(FieldVector::close);
      throw e;
    }
    try (RecordBatch rows = new RecordBatch(batch.schema(), columns, count)) {
      process(rows);
    }
  }

  /**
   * The event times of the first rows of a vector.
   *
   * @param vector of int64 microseconds, borrowed
   */
  static EventTimeStats statsOf(FieldVector vector, int rows) {
    if (rows == 0) {
      return EventTimeStats.NONE;
    }
    long times = vector.getDataBuffer().memoryAddress();
    return vector.getNullCount() == 0
        ? statsOf(times, rows)
        : statsOfPresent(times, vector.getValidityBuffer().memoryAddress(), rows);
  }

  private static EventTimeStats statsOf(long times, int rows) {
    long first = getLong(times);
    long min = first;
    long max = first;
    long sum = 0;
    for (int row = 0; row < rows; row++) {
      long time = getLong(times + 8L * row);
      min = Math.min(min, time);
      max = Math.max(max, time);
      // Of differences in integers, which the compiler may add up in any order, unlike doubles.
      sum += time - first;
    }
    long spread = max - min; // negative if it overflows
    return spread >= 0 && spread < SPREAD_MAX
        ? new EventTimeStats(rows, min, max, first + (double) sum / rows)
        : statsOfPresent(times, 0, rows);
  }

  private static EventTimeStats statsOfPresent(long times, long validity, int rows) {
    long count = 0;
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      if (validity == 0 || getBit(validity, row)) {
        long time = getLong(times + 8L * row);
        min = Math.min(min, time);
        max = Math.max(max, time);
        sum += time;
        count++;
      }
    }
    return count == 0 ? EventTimeStats.NONE : new EventTimeStats(count, min, max, sum / count);
  }

  @Override
  public void close() {
    context.eventTimes(plan.index(), stats);
    stats = EventTimeStats.NONE;
  }
}
