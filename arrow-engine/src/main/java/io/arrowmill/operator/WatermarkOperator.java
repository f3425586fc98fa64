package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getLong;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.operator.PhysicalPlan.WatermarkPlan;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;

/** Notes the event times that pass and hands every batch on as it is. */
final class WatermarkOperator implements Operator {
  private final WatermarkPlan plan;
  private final BatchContext context;
  private final Operator next;
  private final int column;
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
  }

  @Override
  public void process(RecordBatch batch) {
    FieldVector vector = batch.column(column);
    // The event time of a window is the window's end.
    FieldVector times = vector instanceof StructVector window ? window.getChild("end") : vector;
    stats = stats.plus(statsOf(times, batch.rowCount()));
    next.process(batch);
  }

  private static EventTimeStats statsOf(FieldVector vector, int rows) {
    boolean noNulls = vector.getNullCount() == 0;
    long validity = noNulls ? 0 : vector.getValidityBuffer().memoryAddress();
    long times = vector.getDataBuffer().memoryAddress();
    long count = 0;
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      if (noNulls || getBit(validity, row)) {
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
