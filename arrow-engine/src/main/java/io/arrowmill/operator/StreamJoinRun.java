package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.kernel.TransformTask;
import io.arrowmill.plan.JoinType;
import io.arrowmill.state.join.LongList;
import io.arrowmill.state.join.RowRef;
import io.arrowmill.state.join.StoredGather;
import io.arrowmill.state.join.StoredRows;
import io.arrowmill.state.join.StoredSide;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One run of a join of two streams: the rows of one side, then those of the other, then what the
 * watermark gives up.
 *
 * <p>Each row is stored and meets what is stored of the other side: whichever of two partners comes
 * second finds the first. While rows of one side are added, those of the other stay as they are and
 * may be read by any task. Rows are added to a partition by whoever holds its lock.
 */
final class StreamJoinRun {
  private final StreamJoinPlan plan;
  private final JoinStore store;
  private final BatchContext context;
  private final List<ReentrantLock> locks = new ArrayList<>();

  /** Rows that have met their first partner in this pass, and what is to be done with them. */
  private final LongList met = new LongList();

  private final LongList unwanted = new LongList();

  StreamJoinRun(StreamJoinPlan plan, JoinStore store, BatchContext context) {
    this.plan = plan;
    this.store = store;
    this.context = context;
    store.left().partitions().forEach(rows -> locks.add(new ReentrantLock()));
  }

  StreamJoinPlan plan() {
    return plan;
  }

  JoinStore store() {
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

  /**
   * A semi-join's right side goes first: left rows that find a partner at once need not be stored.
   */
  boolean leftFirst() {
    return plan.type() != JoinType.LEFT_SEMI;
  }

  /** One task's operator for the rows of a side. */
  Operator operator(boolean isLeft, @Nullable TransformTask residual, Operator next) {
    return new StreamJoinOperator(this, isLeft, residual, next);
  }

  /** Rows of the other side that have met their first partner. */
  synchronized void addMet(LongList refs) {
    for (int i = 0; i < refs.size(); i++) {
      met.add(refs.get(i));
    }
  }

  /** Rows of the left side that have been given and are not needed any more. */
  synchronized void addUnwanted(LongList refs) {
    for (int i = 0; i < refs.size(); i++) {
      unwanted.add(refs.get(i));
    }
  }

  /** All rows of a side are in. */
  void finish(boolean isLeft) {
    List<StoredRows> others = store.side(!isLeft).partitions();
    for (int i = 0; i < met.size(); i++) {
      others.get(RowRef.partition(met.get(i))).noteMatched(RowRef.local(met.get(i)));
    }
    met.clear();
    List<StoredRows> left = store.left().partitions();
    for (int i = 0; i < unwanted.size(); i++) {
      left.get(RowRef.partition(unwanted.get(i))).remove(RowRef.local(unwanted.get(i)));
    }
    if (unwanted.size() > 0) {
      store.counters().rowsRemoved().add(unwanted.size());
      left.forEach(StoredRows::sweep);
      unwanted.clear();
    }
  }

  /** Gives up old rows of a partition, and gives those that never had a partner. */
  void expire(int partition, Operator out) {
    long started = System.nanoTime();
    for (boolean isLeft : new boolean[] {true, false}) {
      StreamJoinSide side = plan.side(isLeft);
      StoredSide stored = store.side(isLeft);
      StoredRows rows = stored.partitions().get(partition);
      long bound = side.expiryMicros(store.evictionMicros());
      long removed =
          rows.expire(
              bound,
              (refs, count) -> {
                if (side.isPreserved()) {
                  emitUnmatched(isLeft, partition, refs, count, out);
                }
              });
      store.counters().rowsRemoved().add(removed);
    }
    store.counters().removalNanos().add(System.nanoTime() - started);
  }

  private void emitUnmatched(boolean isLeft, int partition, long[] refs, int count, Operator out) {
    context.checkActive();
    StoredSide stored = store.side(isLeft);
    StoredRows rows = stored.partitions().get(partition);
    long[] unmatched = new long[count];
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (!rows.isMatched(refs[i])) {
        unmatched[kept++] = RowRef.in(partition, refs[i]);
      }
    }
    if (kept > 0) {
      StreamJoinOutput output = new StreamJoinOutput(plan, plan.output(), context.allocator());
      StoredGather gather = new StoredGather(stored, context.allocator());
      try (RecordBatch batch = output.stored(isLeft, gather, unmatched, kept)) {
        out.process(batch);
      }
    }
  }
}
