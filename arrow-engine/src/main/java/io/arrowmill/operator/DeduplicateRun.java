package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.RowCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One run of a deduplication: tasks add keys and hand on first rows, then keys whose time is over
 * are forgotten. Who adds to a partition holds its lock for a slice of rows.
 */
final class DeduplicateRun {
  private final DeduplicatePlan plan;
  private final GroupStore store;
  private final BatchContext context;
  private final List<ReentrantLock> locks = new ArrayList<>();

  DeduplicateRun(DeduplicatePlan plan, BatchContext context) {
    this.plan = plan;
    this.store = context.store(plan, 0);
    this.context = context;
    store.partitions().forEach(table -> locks.add(new ReentrantLock()));
  }

  DeduplicatePlan plan() {
    return plan;
  }

  GroupStore store() {
    return store;
  }

  BatchContext context() {
    return context;
  }

  ReentrantLock lock(int partition) {
    return locks.get(partition);
  }

  int partitions() {
    return locks.size();
  }

  /** Forgets the keys of a partition whose time is over. */
  void evict(int partition) {
    if (store.evictionMicros() == Long.MIN_VALUE) {
      return;
    }
    long started = System.nanoTime();
    GroupTable table = store.partitions().get(partition);
    long removed = 0;
    if (plan.time().key() != GroupTablePlan.NO_TIME_KEY) {
      removed = table.evictUntil(store.evictionMicros() - plan.time().lengthMicros());
    } else if (plan.expires()) {
      removed = removeExpired(table, store.evictionMicros() - plan.time().expiryMicros());
    }
    store.counters().rowsRemoved().add(removed);
    store.counters().removalNanos().add(System.nanoTime() - started);
  }

  /** Removes keys whose first row is not after {@code bound}; a row without a time is of 1970. */
  private long removeExpired(GroupTable table, long bound) {
    int offset = table.layout().state(0).offset();
    long bytes = 8L * GroupTable.SLICE_ROWS_MAX;
    long rows = store.memory().allocate(bytes);
    long removed = 0;
    try {
      RowCursor cursor = new RowCursor();
      int count = table.nextRows(cursor, rows, GroupTable.SLICE_ROWS_MAX);
      while (count > 0) {
        int over = 0;
        for (int i = 0; i < count; i++) {
          long row = getLong(rows + 8L * i);
          putLong(rows + 8L * over, row);
          over += getLong(row + offset) <= bound ? 1 : 0;
        }
        table.remove(rows, over);
        removed += over;
        count = table.nextRows(cursor, rows, GroupTable.SLICE_ROWS_MAX);
      }
    } finally {
      store.memory().free(rows, bytes);
    }
    return removed;
  }
}
