package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.kernel.TransformTask;
import io.arrowmill.plan.JoinType;
import io.arrowmill.state.join.LongList;
import io.arrowmill.state.join.RowRef;
import io.arrowmill.state.join.StoredGather;
import io.arrowmill.state.join.StoredRows;
import org.apache.arrow.vector.BitVector;
import org.jspecify.annotations.Nullable;

/**
 * Gives the pairs of new rows of one side of a join of streams with stored rows of the other, those
 * for which the rest of the condition holds. Does one partition after the other, for one task.
 */
final class StreamJoinPairing {
  private final StreamJoinRun run;
  private final boolean isLeft;
  private final boolean isSemi;
  private final StreamJoinSide side;
  private final StreamJoinSide otherSide;
  private final @Nullable TransformTask residual;
  private final Operator next;
  private final StreamJoinOutput output;
  private final StreamJoinOutput candidates;
  private final StoredGather own;
  private final StoredGather others;
  private final StreamJoinPairs pairs = new StreamJoinPairs();

  /** Left rows of a semi-join that have been given and are not needed any more. */
  private final LongList unwanted = new LongList();

  private int partition;

  /**
   * For new rows of a side.
   *
   * @param residual what else must hold of pairs, borrowed; null for nothing
   */
  StreamJoinPairing(
      StreamJoinRun run, boolean isLeft, @Nullable TransformTask residual, Operator next) {
    this.run = run;
    this.isLeft = isLeft;
    this.isSemi = run.plan().type() == JoinType.LEFT_SEMI;
    this.side = run.plan().side(isLeft);
    this.otherSide = run.plan().side(!isLeft);
    this.residual = residual;
    this.next = next;
    this.output = new StreamJoinOutput(run.plan(), run.plan().output(), run.context().allocator());
    this.candidates =
        new StreamJoinOutput(run.plan(), run.plan().residualColumns(), run.context().allocator());
    this.own = new StoredGather(run.store().side(isLeft), run.context().allocator());
    this.others = new StoredGather(run.store().side(!isLeft), run.context().allocator());
  }

  /** Pairs of a partition follow. */
  void begin(int partition) {
    this.partition = partition;
  }

  /** A pair, by names inside the partition. */
  void add(long ownRef, long otherRef) {
    pairs.add(partition, ownRef, otherRef);
    if (pairs.isFull()) {
      give();
    }
  }

  /** The partition has no more pairs. */
  void end() {
    give();
    if (unwanted.size() > 0) {
      StoredRows left = run.store().left().partitions().get(partition);
      for (int i = 0; i < unwanted.size(); i++) {
        left.remove(RowRef.local(unwanted.get(i)));
      }
      run.store().counters().rowsRemoved().add(unwanted.size());
      left.sweep();
      unwanted.clear();
    }
  }

  private void give() {
    if (pairs.count == 0) {
      return;
    }
    run.context().checkActive();
    keepResidualPairs();
    if (isSemi && !isLeft) {
      giveStoredLeft();
    } else {
      markOwn();
      markOthers();
      if (pairs.count > 0) {
        try (RecordBatch joined = output.pairs(isLeft, own, others, pairs)) {
          next.process(joined);
        }
      }
    }
    pairs.count = 0;
  }

  private void keepResidualPairs() {
    TransformTask condition = residual;
    if (condition == null) {
      return;
    }
    int kept = 0;
    try (RecordBatch all = candidates.pairs(isLeft, own, others, pairs);
        RecordBatch verdicts = condition.apply(all)) {
      if (verdicts != null) {
        kept = pairs.keep((BitVector) verdicts.column(0));
      }
    }
    pairs.count = kept;
  }

  /** Marks the rows of this side; of a semi-join only the first pair of each is kept. */
  private void markOwn() {
    if (!side.isPreserved() && !isSemi) {
      return;
    }
    StoredRows rows = run.store().side(isLeft).partitions().get(partition);
    int kept = 0;
    for (int i = 0; i < pairs.count; i++) {
      boolean isFirst = rows.setMatched(RowRef.local(pairs.own[i]));
      if (isSemi && isFirst) {
        unwanted.add(pairs.own[i]);
      }
      if (!isSemi || isFirst) {
        pairs.move(i, kept++);
      }
    }
    pairs.count = kept;
  }

  private void markOthers() {
    if (!otherSide.isPreserved()) {
      return;
    }
    StoredRows rows = run.store().side(!isLeft).partitions().get(partition);
    for (int i = 0; i < pairs.count; i++) {
      long ref = RowRef.local(pairs.others[i]);
      if (rows.setMatched(ref)) {
        rows.noteMatched(ref);
      }
    }
  }

  /** The right side of a semi-join: gives each left row when it meets its first partner. */
  private void giveStoredLeft() {
    StoredRows left = run.store().left().partitions().get(partition);
    int count = 0;
    for (int i = 0; i < pairs.count; i++) {
      if (left.setMatched(RowRef.local(pairs.others[i]))) {
        unwanted.add(pairs.others[i]);
        pairs.move(i, count++);
      }
    }
    if (count > 0) {
      try (RecordBatch batch = output.stored(true, others, pairs.others, count)) {
        next.process(batch);
      }
    }
  }
}
