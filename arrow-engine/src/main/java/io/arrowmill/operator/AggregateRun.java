package io.arrowmill.operator;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTableException;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.operator.GroupStore.Emission;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan.Eviction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One run of an aggregation: tasks add rows, then partitions are emitted.
 *
 * <p>A partition belongs to one task at a time: who adds to it holds its lock for a slice of rows.
 */
final class AggregateRun implements AutoCloseable {
  /** Rows emitted at a time. */
  private static final int EMIT_ROWS = 16_384;

  private final AggregatePlan plan;
  private final GroupStore store;
  private final BatchContext context;
  private final List<ReentrantLock> locks = new ArrayList<>();
  private @Nullable LateGroups late;

  AggregateRun(AggregatePlan plan, GroupStore store, BatchContext context) {
    this.plan = plan;
    this.store = store;
    this.context = context;
    store.partitions().forEach(table -> locks.add(new ReentrantLock()));
  }

  AggregatePlan plan() {
    return plan;
  }

  GroupStore store() {
    return store;
  }

  BatchContext context() {
    return context;
  }

  /** The groups of the late rows, made at the first one. */
  synchronized LateGroups late() {
    LateGroups known = late;
    if (known == null) {
      known = new LateGroups(store, store.partitions().getFirst().plan().keys());
      late = known;
    }
    return known;
  }

  ReentrantLock lock(int partition) {
    return locks.get(partition);
  }

  /** The operator of one task. */
  AggregateOperator operator(int task) {
    return new AggregateOperator(this, task);
  }

  /** Gives a partition's groups as the mode says, and removes the groups that have ended. */
  void emit(int partition, Operator out) {
    GroupTable table = store.partitions().get(partition);
    if (plan.keys().isEmpty() && store.mode() != Emission.ENDED && partition == 0) {
      table.globalRow();
    }
    long rows = store.memory().allocate(8L * EMIT_ROWS);
    try (GroupOutput output = new GroupOutput(plan.schema(), plan.keys().size(), store.memory())) {
      if (store.mode() == Emission.ALL) {
        RowCursor cursor = new RowCursor();
        emitAll(() -> table.nextRows(cursor, rows, EMIT_ROWS), table, rows, output, out);
      } else if (store.mode() == Emission.CHANGED) {
        RowCursor cursor = new RowCursor();
        emitAll(
            () -> table.changes().nextChanged(cursor, rows, EMIT_ROWS), table, rows, output, out);
      }
      evict(table, rows, output, out);
    } finally {
      store.memory().free(rows, 8L * EMIT_ROWS);
    }
  }

  /** Fills the row buffer with more rows; 0 at the end. */
  @FunctionalInterface
  private interface Rows {
    int next();
  }

  private void emitAll(Rows next, GroupTable table, long rows, GroupOutput output, Operator out) {
    for (int count = next.next(); count > 0; count = next.next()) {
      context.checkActive();
      try (RecordBatch batch = output.batch(table, rows, count, context.allocator())) {
        out.process(batch);
      }
    }
  }

  private void evict(GroupTable table, long rows, GroupOutput output, Operator out) {
    Eviction eviction = plan.eviction();
    if (eviction == null || store.evictionMicros() == Long.MIN_VALUE) {
      return;
    }
    long started = System.nanoTime();
    long bound = store.evictionMicros() - eviction.lengthMicros();
    if (store.mode() == Emission.ENDED) {
      RowCursor cursor = new RowCursor();
      int count = table.rowsUntil(bound, cursor, rows, EMIT_ROWS);
      while (count > 0) {
        try (RecordBatch batch = output.batch(table, rows, count, context.allocator())) {
          out.process(batch);
        }
        table.remove(rows, count);
        store.counters().rowsRemoved().add(count);
        count = table.rowsUntil(bound, cursor, rows, EMIT_ROWS);
      }
    } else {
      store.counters().rowsRemoved().add(table.evictUntil(bound));
    }
    store.counters().removalNanos().add(System.nanoTime() - started);
  }

  /** Adds groups to a partition, whose lock is held. */
  @FunctionalInterface
  interface Merge {
    /**
     * Adds groups.
     *
     * @param rows address of their int64 row addresses
     */
    void merge(int partition, long rows, int count);
  }

  /**
   * Adds the groups of a task's own table to the partitions they belong to, and empties that table.
   *
   * @param firstKeys so many of the first keys say which partition a group belongs to
   * @param merge adds groups to a partition
   */
  void merge(GroupTable local, int firstKeys, RowScatter scatter, Merge merge) {
    RowCursor cursor = new RowCursor();
    int slice = GroupTable.SLICE_ROWS_MAX;
    long rows = scatter.rows();
    for (int count = local.nextRows(cursor, rows, slice);
        count > 0;
        count = local.nextRows(cursor, rows, slice)) {
      local.hashFirstKeys(firstKeys, rows, count, scatter.hashes());
      scatter.scatterRows(count);
      for (int p = 0; p < locks.size(); p++) {
        int of = scatter.count(p);
        if (of > 0) {
          lock(p).lock();
          try {
            merge.merge(p, scatter.rowsOf(p), of);
          } catch (GroupTableException e) {
            throw doesNotFit(plan.describe(), e);
          } finally {
            lock(p).unlock();
          }
        }
      }
    }
    local.clear();
  }

  /** An aggregate that left the range of its type, as users see it. */
  static ArrowmillException doesNotFit(String expression, GroupTableException e) {
    return new ArrowmillException(
        e.condition().name(),
        "aggregate must fit its type: expression="
            + expression
            + ", error="
            + e.getMessage()
            + "; cast the argument to a wider type first",
        e);
  }

  @Override
  public synchronized void close() {
    LateGroups known = late;
    late = null;
    if (known != null) {
      known.close();
    }
  }
}
