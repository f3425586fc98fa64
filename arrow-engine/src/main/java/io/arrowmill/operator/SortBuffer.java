package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.operator.PhysicalPlan.SortPlan;

/**
 * Takes all rows of a run, then gives them in order, or the first of them. The sort is stable
 * within one task's rows.
 */
final class SortBuffer implements AutoCloseable {
  private final SortPlan plan;
  private final BatchContext context;
  private final BatchCollector collected;

  SortBuffer(SortPlan plan, BatchContext context) {
    this.plan = plan;
    this.context = context;
    this.collected = new BatchCollector(context.allocator());
  }

  /** An operator of one task that adds rows. */
  Operator collector() {
    return plan.first() <= FirstRows.MAX
        ? new FirstRows(plan, collected, context)
        : collected.operator();
  }

  /** Sorts, and gives the rows. */
  void emit(Operator out) {
    try (OrderedRows ordered = new OrderedRows(plan.input(), plan.orders(), collected, context)) {
      int count = (int) Math.min(plan.first(), ordered.count());
      for (int from = 0; from < count; from += RecordBatch.ROWS_MAX) {
        context.checkActive();
        try (RecordBatch rows = ordered.rows(from, Math.min(RecordBatch.ROWS_MAX, count - from))) {
          out.process(rows);
        }
      }
    }
  }

  @Override
  public void close() {
    collected.close();
  }
}
