package io.arrowmill.operator;

import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeySet;
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
  private final boolean hashesKeys;

  DeduplicateRun(DeduplicatePlan plan, BatchContext context) {
    this.plan = plan;
    this.store = context.store(plan, 0);
    this.context = context;
    store.partitions().forEach(table -> locks.add(new ReentrantLock()));
    long rows = store.partitions().stream().mapToLong(GroupTable::size).sum();
    long bits = store.sets().stream().mapToLong(KeySet::size).sum();
    hashesKeys = rows >= bits;
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

  /** Whether keys are hashed to be looked up in tables: it is worth it while few are bits. */
  boolean hashesKeys() {
    return hashesKeys;
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
      removed = table.evictUntil(store.evictionMicros() - plan.time().expiryMicros());
    }
    store.counters().rowsRemoved().add(removed);
    store.counters().removalNanos().add(System.nanoTime() - started);
  }
}
