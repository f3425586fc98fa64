package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;

import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.kernel.TransformTask;
import io.arrowmill.plan.JoinType;
import io.arrowmill.state.join.RowRef;
import io.arrowmill.state.join.StoredRows;
import io.arrowmill.state.join.StoredStage;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Stores the rows that have come of a partition of a join of streams and lets them meet those of
 * the other side; then gives up the old ones. A row with a null that is compared meets nothing.
 *
 * <p>Does one partition after the other, for one task.
 */
final class StreamJoinMeeting implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final StreamJoinRun run;
  private final @Nullable TransformTask residual;
  private final Operator next;
  private final Side left;
  private final Side right;
  private final int[] chainRows = new int[SLICE];
  private final long[] chainRefs = new long[SLICE];
  private final long[] chainNext = new long[SLICE];
  private final long[] chainTimes = new long[SLICE];
  private final boolean[] chainFits = new boolean[SLICE];

  /** What is needed of the rows of a side. */
  private static final class Side {
    final boolean isLeft;
    final StreamJoinPairing pairing;
    final JoinBounds.Bound[] bounds;
    final long[] ownTimes;
    final int[] compared;

    Side(StreamJoinRun run, boolean isLeft, StreamJoinPairing pairing) {
      this.isLeft = isLeft;
      this.pairing = pairing;
      this.bounds = JoinBounds.of(run.plan(), isLeft).toArray(new JoinBounds.Bound[0]);
      this.ownTimes = new long[bounds.length];
      StreamJoinSide side = run.plan().side(isLeft);
      this.compared = side.compared().stream().mapToInt(side::position).toArray();
    }
  }

  /**
   * For one task.
   *
   * @param residual what else must hold of pairs, owned from now on; null for nothing
   */
  StreamJoinMeeting(StreamJoinRun run, @Nullable TransformTask residual, Operator next) {
    this.run = run;
    this.residual = residual;
    this.next = next;
    this.left = new Side(run, true, new StreamJoinPairing(run, true, residual, next));
    this.right = new Side(run, false, new StreamJoinPairing(run, false, residual, next));
  }

  /** Does everything that is to be done with a partition. */
  void run(int partition) {
    long started = System.nanoTime();
    // A semi-join's right side goes first: left rows that find a partner at once are not kept.
    boolean leftFirst = run.plan().type() != JoinType.LEFT_SEMI;
    add(leftFirst ? left : right, partition);
    add(leftFirst ? right : left, partition);
    run.store().counters().updateNanos().add(System.nanoTime() - started);
    run.expire(partition, next);
  }

  private void add(Side side, int partition) {
    StoredRows own = run.store().side(side.isLeft).partitions().get(partition);
    StoredRows other = run.store().side(!side.isLeft).partitions().get(partition);
    side.pairing.begin(partition);
    for (StoredStage stage : run.stages(side.isLeft)) {
      own.storeAll(
          stage,
          partition,
          (first, count, heads) -> {
            run.context().checkActive();
            int chains = chains(side, own, first, count, heads);
            meet(side, other, first, chains);
          });
    }
    side.pairing.end();
  }

  /** Lists the chains that are there to be gone through. */
  private int chains(Side side, StoredRows own, long first, int count, long heads) {
    for (int b = 0; b < side.ownTimes.length; b++) {
      side.ownTimes[b] = own.longValues(first, side.bounds[b].own());
    }
    boolean canBeNull = false;
    for (int column : side.compared) {
      canBeNull |= own.mayBeNull(first, column);
    }
    int chains = 0;
    for (int i = 0; i < count; i++) {
      long ref = getLong(heads + 8L * i);
      chainRows[chains] = i;
      chainRefs[chains] = ref;
      boolean meets = ref != RowRef.NONE && (!canBeNull || !hasNull(side, own, first + i));
      chains += meets ? 1 : 0;
    }
    return chains;
  }

  private static boolean hasNull(Side side, StoredRows own, long ref) {
    for (int column : side.compared) {
      if (own.isNull(ref, column)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Goes through the chains of stored rows, one step of all of them after the other: the loads of a
   * step wait for none of their like.
   *
   * @param first the first new row
   */
  private void meet(Side side, StoredRows other, long first, int chains) {
    JoinBounds.Bound[] bounds = side.bounds;
    int compared = bounds.length == 0 ? StoredRows.NO_COLUMN : bounds[0].stored();
    int left = chains;
    while (left > 0) {
      other.follow(chainRefs, left, compared, chainNext, chainTimes);
      compareTimes(side, other, left);
      int kept = 0;
      for (int i = 0; i < left; i++) {
        int row = chainRows[i];
        long ref = chainRefs[i];
        if (chainFits[i] && hasTimes(side, other, ref)) {
          side.pairing.add(first + row, ref);
        }
        long next = chainNext[i];
        chainRows[kept] = row;
        chainRefs[kept] = next;
        kept += next == RowRef.NONE ? 0 : 1;
      }
      left = kept;
    }
  }

  /** Notes which stored rows have times that fit; {@link #chainTimes} are of the first bound. */
  private void compareTimes(Side side, StoredRows other, int count) {
    Arrays.fill(chainFits, 0, count, true);
    for (int b = 0; b < side.bounds.length; b++) {
      JoinBounds.Bound bound = side.bounds[b];
      if (b > 0 && bound.stored() != side.bounds[b - 1].stored()) {
        for (int i = 0; i < count; i++) {
          chainTimes[i] = other.longValue(chainRefs[i], bound.stored());
        }
      }
      bound.narrow(side.ownTimes[b], chainRows, chainTimes, chainFits, count);
    }
  }

  private static boolean hasTimes(Side side, StoredRows other, long ref) {
    for (JoinBounds.Bound bound : side.bounds) {
      if (!other.hasValue(ref, bound.stored())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    TransformTask condition = residual;
    if (condition != null) {
      condition.close();
    }
  }
}
