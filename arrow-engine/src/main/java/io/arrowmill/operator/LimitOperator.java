package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import java.util.concurrent.atomic.AtomicLong;

/** Hands on rows while a count shared by all tasks lasts. */
final class LimitOperator implements Operator {
  private final AtomicLong left;
  private final BatchContext context;
  private final Operator next;

  LimitOperator(AtomicLong left, BatchContext context, Operator next) {
    this.left = left;
    this.context = context;
    this.next = next;
  }

  @Override
  public void process(RecordBatch batch) {
    int rows = batch.rowCount();
    long before = left.getAndUpdate(n -> Math.max(0, n - rows));
    if (before >= rows) {
      next.process(batch);
    } else if (before > 0) {
      try (RecordBatch first = batch.slice(0, (int) before, context.allocator())) {
        next.process(first);
      }
    }
  }

  @Override
  public void close() {}
}
