package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.operator.GroupStore.Emission;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One run of a session aggregation: tasks add rows, then partitions are emitted. Who adds to a
 * partition holds its lock for a slice of rows.
 */
final class SessionRun implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final SessionPlan plan;
  private final GroupStore store;
  private final BatchContext context;
  private final List<ReentrantLock> locks = new ArrayList<>();
  private final List<SessionTable> sessions = new ArrayList<>();
  private @Nullable LateGroups late;

  SessionRun(SessionPlan plan, BatchContext context) {
    this.plan = plan;
    this.store = context.store(plan, 0);
    this.context = context;
    for (GroupTable table : store.partitions()) {
      locks.add(new ReentrantLock());
      sessions.add(new SessionTable(plan, table, store.memory()));
    }
  }

  SessionPlan plan() {
    return plan;
  }

  GroupStore store() {
    return store;
  }

  BatchContext context() {
    return context;
  }

  int partitions() {
    return sessions.size();
  }

  ReentrantLock lock(int partition) {
    return locks.get(partition);
  }

  SessionTable sessions(int partition) {
    return sessions.get(partition);
  }

  /** Kinds of the keys. */
  List<ValueKind> keyKinds() {
    return plan.keys().stream().map(key -> AggregateColumns.kind(key.type())).toList();
  }

  /** A table that hashes keys as the partitions are chosen by. */
  GroupTable router() {
    return new GroupTable(new GroupTablePlan(keyKinds(), List.of()), store.hash(), store.memory());
  }

  /** The stretches that came too late, each key's stretch once, made at the first one. */
  synchronized LateGroups late() {
    LateGroups known = late;
    if (known == null) {
      List<ValueKind> kinds = new ArrayList<>(keyKinds());
      kinds.add(ValueKind.I64);
      kinds.add(ValueKind.I64);
      known = new LateGroups(store, kinds);
      late = known;
    }
    return known;
  }

  /** Gives a partition's sessions as the mode says, and removes those that have ended. */
  void emit(int partition, Operator out) {
    GroupTable table = store.partitions().get(partition);
    try (GroupOutput output = new GroupOutput(plan.schema(), plan.keys().size(), store.memory())) {
      if (store.mode() == Emission.ALL) {
        emitAll(table, output, out);
      } else if (store.evictionMicros() != Long.MIN_VALUE) {
        long started = System.nanoTime();
        long removed =
            sessions
                .get(partition)
                .end(
                    store.evictionMicros(), (rows, count) -> push(table, rows, count, output, out));
        store.counters().rowsRemoved().add(removed);
        store.counters().removalNanos().add(System.nanoTime() - started);
      }
    }
  }

  private void emitAll(GroupTable table, GroupOutput output, Operator out) {
    long rows = store.memory().allocate(8L * SLICE);
    try {
      RowCursor cursor = new RowCursor();
      for (int count = table.nextRows(cursor, rows, SLICE);
          count > 0;
          count = table.nextRows(cursor, rows, SLICE)) {
        context.checkActive();
        push(table, rows, count, output, out);
      }
    } finally {
      store.memory().free(rows, 8L * SLICE);
    }
  }

  private void push(GroupTable table, long rows, int count, GroupOutput output, Operator out) {
    try (RecordBatch batch = output.batch(table, rows, count, context.allocator())) {
      out.process(batch);
    }
  }

  @Override
  public synchronized void close() {
    sessions.forEach(SessionTable::close);
    sessions.clear();
    LateGroups known = late;
    late = null;
    if (known != null) {
      known.close();
    }
  }
}
