package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.state.join.RowRef;
import io.arrowmill.state.join.StoredGather;
import io.arrowmill.state.join.StoredRows;
import io.arrowmill.state.join.StoredSide;
import io.arrowmill.state.join.StoredStage;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of a join of two streams: the rows of one side are read, then those of the other; then
 * each partition stores its rows, lets them meet, and gives up what the watermark says.
 *
 * <p>Each row is stored and meets what is stored of the other side: whichever of two partners comes
 * second finds the first. A partition is done by one task, both sides of it, so that what is read
 * of it stays in the cache and nothing of it is shared.
 */
final class StreamJoinRun implements AutoCloseable {
  private final StreamJoinPlan plan;
  private final JoinStore store;
  private final BatchContext context;
  private final List<StoredStage> leftStages = new ArrayList<>();
  private final List<StoredStage> rightStages = new ArrayList<>();

  StreamJoinRun(StreamJoinPlan plan, JoinStore store, BatchContext context) {
    this.plan = plan;
    this.store = store;
    this.context = context;
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

  int partitions() {
    return store.left().partitionCount();
  }

  /** One task's operator for the rows of a side. Called before any runs. */
  Operator input(boolean isLeft, Operator next) {
    StoredStage stage = store.side(isLeft).stage();
    stages(isLeft).add(stage);
    return new StreamJoinInput(this, isLeft, stage, next);
  }

  /** What the tasks have read of a side. */
  List<StoredStage> stages(boolean isLeft) {
    return isLeft ? leftStages : rightStages;
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

  /** Frees rows that were read but not stored, as after a failure. */
  @Override
  public void close() {
    leftStages.forEach(StoredStage::close);
    rightStages.forEach(StoredStage::close);
  }
}
