package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.RowCursor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One run of a limit over a stream: rows pass while the count of this batch and those before lasts.
 */
final class StreamLimitRun {
  private final StreamLimitPlan plan;
  private final GroupTable table;
  private final long before;
  private final AtomicLong left;

  StreamLimitRun(StreamLimitPlan plan, BatchContext context) {
    this.plan = plan;
    this.table = context.store(plan, 0).partitions().getFirst();
    this.before = taken(context);
    this.left = new AtomicLong(Math.max(0, plan.count() - before));
  }

  /** Rows that may still pass, shared by all tasks. */
  AtomicLong left() {
    return left;
  }

  /** Keeps how many rows have passed, once all have. */
  void finish() {
    long passed = plan.count() - left.get();
    if (passed > before) {
      putLong(table.globalRow() + table.layout().state(0).offset(), passed);
    }
  }

  /** How many rows earlier batches have let pass; reading leaves the state untouched. */
  private long taken(BatchContext context) {
    long rows = context.memory().allocate(Long.BYTES);
    try {
      int count = table.nextRows(new RowCursor(), rows, 1);
      return count == 0 ? 0 : getLong(getLong(rows) + table.layout().state(0).offset());
    } finally {
      context.memory().free(rows, Long.BYTES);
    }
  }
}
