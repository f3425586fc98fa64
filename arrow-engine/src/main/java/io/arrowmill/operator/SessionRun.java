package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTableException;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.operator.GroupStore.Emission;
import io.arrowmill.state.join.LongList;
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
  private static final long FIRSTS_BYTES = 8L * RecordBatch.ROWS_MAX;

  private final SessionPlan plan;
  private final GroupStore store;
  private final BatchContext context;
  private final List<ReentrantLock> locks = new ArrayList<>();
  private final List<SessionTable> sessions = new ArrayList<>();
  private final SessionColumns.Positions columns;

  private final SessionStage stage;

  /** {@link SessionRing#FIRST} for each row of a batch. */
  private final long firsts;

  private @Nullable LateGroups late;
  private boolean closed;

  SessionRun(SessionPlan plan, BatchContext context) {
    this.plan = plan;
    this.store = context.store(plan, 0);
    this.context = context;
    this.columns = SessionColumns.Positions.of(plan);
    this.firsts = store.memory().allocate(FIRSTS_BYTES);
    for (long at = 0; at < FIRSTS_BYTES; at += 8) {
      putLong(firsts + at, SessionRing.FIRST);
    }
    this.stage =
        new SessionStage(
            store.partitions().size(), columns.among(columns.distinct()), firsts, store.memory());
    try {
      for (GroupTable table : store.partitions()) {
        locks.add(new ReentrantLock());
        sessions.add(new SessionTable(plan, table, store.memory()));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
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

  /** Where the columns are in the input. */
  SessionColumns.Positions columns() {
    return columns;
  }

  /** Address of {@link SessionRing#FIRST} as often as a batch has rows, int64. */
  long firsts() {
    return firsts;
  }

  SessionStage stage() {
    return stage;
  }

  /** What a task adds to the stage through. */
  SessionStage.Filling later() {
    return new SessionStage.Filling(stage, columns.distinct(), store.memory(), context.allocator());
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

  /**
   * Gives a partition's sessions as the mode says, and removes those that have ended. Rows of the
   * stage are added in between: they are in no session that ends.
   */
  void emit(int partition, Operator out) {
    GroupTable table = store.partitions().get(partition);
    try (GroupOutput output = new GroupOutput(plan.schema(), plan.keys().size(), store.memory());
        SessionNursery nursery = new SessionNursery(plan, table, store.memory())) {
      if (store.mode() == Emission.ALL) {
        addStaged(partition, null);
        emitAll(table, output, out);
        return;
      }
      if (store.evictionMicros() != Long.MIN_VALUE) {
        long started = System.nanoTime();
        SessionEnds.Ended ended = (rows, count) -> push(table, rows, count, output, out);
        long bound = store.evictionMicros();
        long removed = nursery.end(bound, ended) + sessions.get(partition).end(bound, ended);
        store.counters().rowsRemoved().add(removed);
        store.counters().removalNanos().add(System.nanoTime() - started);
      }
      addStaged(partition, nursery);
    }
  }

  /**
   * Adds the stage's rows of a partition.
   *
   * @param nursery where they go if it pays; null if they never do
   */
  private void addStaged(int partition, @Nullable SessionNursery nursery) {
    long started = System.nanoTime();
    SessionTable table = sessions.get(partition);
    List<SessionStage.Piece> pieces = stage.pieces(partition);
    long found = store.memory().allocate(8L * SLICE);
    try {
      if (nursery != null && isFor(nursery, partition)) {
        addYoung(nursery, pieces, table);
      } else {
        for (SessionStage.Piece piece : pieces) {
          add(piece, (columns, start, count) -> table.add(columns, 0, start, count, found));
        }
      }
    } catch (GroupTableException e) {
      throw AggregateRun.doesNotFit(plan.describe(), e);
    } finally {
      store.memory().free(found, 8L * SLICE);
    }
    store.counters().updateNanos().add(System.nanoTime() - started);
  }

  /** Whether a partition's rows of the stage go to a nursery: not where most keys are settled. */
  private boolean isFor(SessionNursery nursery, int partition) {
    return nursery.settledSize() <= stage.rows(stage.whole(partition)) && stage.isLong(partition);
  }

  private void addYoung(
      SessionNursery nursery, List<SessionStage.Piece> pieces, SessionTable table) {
    List<LongList> settled = nursery.settled(stage, pieces);
    // How many keys a row has, as far as is known.
    double share = 1;
    for (int i = 0; i < pieces.size(); i++) {
      long rows = stage.rows(pieces.get(i));
      if (rows > 0) {
        try (SessionKeys keys = new SessionKeys(this, (long) (share * rows))) {
          nursery.tell(keys, settled.get(i));
          add(
              pieces.get(i),
              (columns, start, count) -> nursery.add(columns, start, count, keys, table));
          share = (double) keys.size() / rows;
        }
      }
    }
  }

  /** Takes rows of the stage. */
  @FunctionalInterface
  private interface Slice {
    void add(SessionTable.Columns columns, int start, int count);
  }

  private void add(SessionStage.Piece piece, Slice slice) {
    for (SessionStage.Part part : stage.parts()) {
      SessionTable.Columns columns = part.columns().columns();
      int end = piece.end(part);
      for (int start = piece.start(part); start < end; start += SLICE) {
        slice.add(columns, start, Math.min(SLICE, end - start));
      }
    }
    context.checkActive();
  }

  /** Sessions that the batch before has opened are to be found from now on; the lock is held. */
  void settle(int partition) {
    GroupTable table = store.partitions().get(partition);
    if (table.loose().size() > 0) {
      try (SessionNursery nursery = new SessionNursery(plan, table, store.memory())) {
        nursery.settle();
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
    if (closed) {
      return;
    }
    closed = true;
    stage.close();
    store.memory().free(firsts, FIRSTS_BYTES);
    sessions.forEach(SessionTable::close);
    sessions.clear();
    LateGroups known = late;
    late = null;
    if (known != null) {
      known.close();
    }
  }
}
