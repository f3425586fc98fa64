package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.kernel.TransformTask;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.JoinType;
import io.arrowmill.state.join.LongList;
import io.arrowmill.state.join.RowRef;
import io.arrowmill.state.join.StoredColumns;
import io.arrowmill.state.join.StoredGather;
import io.arrowmill.state.join.StoredRows;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Takes one task's rows of one side of a join of streams: stores them and gives their pairs with
 * what is stored of the other side. A row with a null that is compared meets nothing.
 */
final class StreamJoinOperator implements Operator {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;
  private static final int NO_COLUMN = StoredColumns.NO_TIME;
  private static final long SELECTION_BYTES = 16L * SLICE;

  private final StreamJoinRun run;
  private final boolean isLeft;
  private final boolean isSemi;
  private final StreamJoinSide side;
  private final StreamJoinSide otherSide;
  private final @Nullable TransformTask residual;
  private final Operator next;
  private final MemorySource memory;
  private final GroupTable hasher;
  private final RowScatter scatter;
  private final ColumnDescriptors keys;
  private final ColumnDescriptors time;
  private final int[] timeColumn;
  private final int[] keyColumns;
  private final int[] comparedColumns;
  private final StreamJoinOutput output;
  private final StreamJoinOutput candidates;
  private final StoredGather others;
  private final StreamJoinPairs pairs = new StreamJoinPairs();
  private final StreamJoinPairs unmatched = new StreamJoinPairs();
  private final LongList met = new LongList();
  private final LongList unwanted = new LongList();
  private final List<JoinBounds.Bound> bounds;
  private final long[] ownTimes;
  private final int[] chainRows = new int[SLICE];
  private final long[] chainOwn = new long[SLICE];
  private final long[] chainRefs = new long[SLICE];
  private final long[] chainNext = new long[SLICE];
  private final long[] chainTimes = new long[SLICE];
  private final long[] given;
  private final long selection;
  private final long heads;
  private final long lateSelection;
  private boolean closed;

  StreamJoinOperator(
      StreamJoinRun run, boolean isLeft, @Nullable TransformTask residual, Operator next) {
    this.run = run;
    this.isLeft = isLeft;
    this.isSemi = run.plan().type() == JoinType.LEFT_SEMI;
    this.side = run.plan().side(isLeft);
    this.otherSide = run.plan().side(!isLeft);
    this.residual = residual;
    this.next = next;
    this.memory = run.context().memory();
    this.hasher = run.store().side(isLeft).hasher(memory);
    this.scatter = new RowScatter(run.partitions(), memory);
    this.keyColumns = side.stored().keys().stream().mapToInt(Integer::intValue).toArray();
    this.comparedColumns = side.compared().stream().mapToInt(side::position).toArray();
    this.keys = new ColumnDescriptors(keyColumns.length, memory);
    this.output = new StreamJoinOutput(run.plan(), run.plan().output(), run.context().allocator());
    this.candidates =
        new StreamJoinOutput(run.plan(), run.plan().residualColumns(), run.context().allocator());
    this.others = new StoredGather(run.store().side(!isLeft), run.context().allocator());
    this.bounds = JoinBounds.of(run.plan(), isLeft);
    this.ownTimes = new long[bounds.size()];
    this.given = isSemi && !isLeft ? new long[StreamJoinPairs.PAIRS_MAX] : new long[0];
    this.timeColumn = new int[] {side.position(side.eventTime())};
    this.time = new ColumnDescriptors(1, memory);
    this.selection = memory.allocate(SELECTION_BYTES);
    this.heads = selection + 4L * SLICE;
    this.lateSelection = heads + 8L * SLICE;
  }

  @Override
  public void process(RecordBatch batch) {
    long started = System.nanoTime();
    keys.set(batch, keyColumns);
    if (timeColumn[0] >= 0) {
      time.set(batch, timeColumn);
    }
    for (int b = 0; b < ownTimes.length; b++) {
      ownTimes[b] = batch.column(bounds.get(b).own()).getDataBuffer().memoryAddress();
    }
    int rows = batch.rowCount();
    for (int start = 0; start < rows; start += SLICE) {
      int chosen = select(batch, start, Math.min(SLICE, rows - start));
      if (chosen > 0) {
        store(batch, chosen);
      }
      if (unmatched.count > StreamJoinPairs.PAIRS_MAX - SLICE) {
        giveUnmatched(batch);
      }
    }
    givePairs(batch);
    giveUnmatched(batch);
    run.store().counters().updateNanos().add(System.nanoTime() - started);
  }

  // ---- which rows take part

  private int select(RecordBatch batch, int start, int count) {
    long late = run.store().lateMicros();
    FieldVector times = late == Long.MIN_VALUE ? null : column(batch, side.eventTime());
    FieldVector passes = column(batch, side.passes());
    if (times != null && passes == null) {
      int onTime = LateRows.select(time.address(), late, start, count, selection);
      if (onTime < count) {
        LateRows.selectLate(time.address(), late, start, count, lateSelection);
        dropLate(batch, count - onTime);
      }
      return onTime;
    }
    int chosen = 0;
    int dropped = 0;
    for (int row = start; row < start + count; row++) {
      if (times != null && isAtMost(times, row, late)) {
        putInt(lateSelection + 4L * dropped++, row);
      } else if (passes instanceof BitVector bits && (bits.isNull(row) || bits.get(row) == 0)) {
        unmatched.add(row, 0, RowRef.NONE, RowRef.NONE);
      } else {
        putInt(selection + 4L * chosen++, row);
      }
    }
    dropLate(batch, dropped);
    return chosen;
  }

  private void dropLate(RecordBatch batch, int count) {
    if (count > 0) {
      run.store().counters().rowsDroppedLate().add(count);
      run.context().lateRows(run.plan(), batch, lateSelection, count);
    }
  }

  private @Nullable FieldVector column(RecordBatch batch, @Nullable Attribute column) {
    int position = side.position(column);
    return position < 0 ? null : batch.column(position);
  }

  private static boolean isAtMost(FieldVector times, int row, long bound) {
    return getBit(times.getValidityBuffer().memoryAddress(), row)
        && getLong(times.getDataBuffer().memoryAddress() + 8L * row) <= bound;
  }

  private boolean hasNulls(RecordBatch batch) {
    for (int column : comparedColumns) {
      if (batch.column(column).getNullCount() > 0) {
        return true;
      }
    }
    return false;
  }

  private boolean hasNull(RecordBatch batch, int row) {
    for (int column : comparedColumns) {
      if (batch.column(column).isNull(row)) {
        return true;
      }
    }
    return false;
  }

  // ---- storing and meeting

  private void store(RecordBatch batch, int count) {
    List<StoredRows> own = run.store().side(isLeft).partitions();
    List<StoredRows> other = run.store().side(!isLeft).partitions();
    hasher.hash(keys.address(), selection, 0, count, scatter.hashes());
    scatter.scatterPositions(selection, 0, count);
    boolean canBeNull = hasNulls(batch);
    for (int p = 0; p < own.size(); p++) {
      int of = scatter.count(p);
      if (of == 0) {
        continue;
      }
      int at = scatter.start(p);
      long positions = scatter.positions();
      run.lock(p).lock();
      try {
        own.get(p).add(batch, keys.address(), positions, at, of, scatter.found());
        other.get(p).newest(keys.address(), positions, at, of, heads);
      } finally {
        run.lock(p).unlock();
      }
      int chains = 0;
      for (int i = 0; i < of; i++) {
        int row = getInt(positions + 4L * (at + i));
        long ref = getLong(heads + 8L * i);
        if (ref != RowRef.NONE && (!canBeNull || !hasNull(batch, row))) {
          chainRows[chains] = row;
          chainOwn[chains] = getLong(scatter.found() + 8L * i);
          chainRefs[chains++] = ref;
        }
      }
      meet(batch, other.get(p), p, chains);
    }
  }

  /**
   * Goes through the chains of stored rows, one step of all of them after the other: the loads of a
   * step wait for none of their like.
   */
  private void meet(RecordBatch batch, StoredRows other, int partition, int chains) {
    int left = chains;
    int compared = bounds.isEmpty() ? NO_COLUMN : bounds.getFirst().stored();
    while (left > 0) {
      other.follow(chainRefs, left, compared, chainNext, chainTimes);
      int kept = 0;
      for (int i = 0; i < left; i++) {
        int row = chainRows[i];
        long ref = chainRefs[i];
        long own = chainOwn[i];
        if (isWithinBounds(row, other, ref, chainTimes[i])) {
          pairs.add(row, partition, own, ref);
          if (pairs.isFull()) {
            givePairs(batch);
          }
        }
        long next = chainNext[i];
        chainRows[kept] = row;
        chainOwn[kept] = own;
        chainRefs[kept] = next;
        kept += next == RowRef.NONE ? 0 : 1;
      }
      left = kept;
    }
  }

  /**
   * Whether a stored row's times fit.
   *
   * @param firstTime its value of the first bound's column, undefined where there is none
   */
  private boolean isWithinBounds(int row, StoredRows other, long ref, long firstTime) {
    for (int b = 0; b < bounds.size(); b++) {
      JoinBounds.Bound bound = bounds.get(b);
      boolean isFirst = bound.stored() == bounds.getFirst().stored();
      long time = isFirst ? firstTime : other.longValue(ref, bound.stored());
      // Nearly all rows that are told apart are so by the value, which is at hand.
      if (!bound.holds(getLong(ownTimes[b] + 8L * row), time)
          || !other.hasValue(ref, bound.stored())) {
        return false;
      }
    }
    return true;
  }

  // ---- giving

  private void givePairs(RecordBatch batch) {
    if (pairs.count == 0) {
      return;
    }
    run.context().checkActive();
    keepResidualPairs(batch);
    if (pairs.count == 0) {
      return;
    }
    if (isSemi && !isLeft) {
      giveStoredLeft();
    } else {
      markOwn();
      markOthers();
      if (pairs.count > 0) {
        try (RecordBatch joined = output.pairs(isLeft, batch, others, pairs, 0, pairs.count)) {
          next.process(joined);
        }
      }
    }
    pairs.count = 0;
  }

  private void keepResidualPairs(RecordBatch batch) {
    TransformTask condition = residual;
    if (condition == null) {
      return;
    }
    int kept = 0;
    try (RecordBatch all = candidates.pairs(isLeft, batch, others, pairs, 0, pairs.count);
        RecordBatch verdicts = condition.apply(all)) {
      if (verdicts != null) {
        BitVector matches = (BitVector) verdicts.column(0);
        for (int i = 0; i < pairs.count; i++) {
          if (!matches.isNull(i) && matches.get(i) == 1) {
            pairs.move(i, kept++);
          }
        }
      }
    }
    pairs.count = kept;
  }

  /** Marks the rows of this side; of a semi-join only the first pair of each is kept. */
  private void markOwn() {
    if (!side.isPreserved() && !isSemi) {
      return;
    }
    List<StoredRows> own = run.store().side(isLeft).partitions();
    int kept = 0;
    int i = 0;
    while (i < pairs.count) {
      int partition = RowRef.partition(pairs.own[i]);
      StoredRows rows = own.get(partition);
      ReentrantLock lock = run.lock(partition);
      lock.lock();
      try {
        for (; i < pairs.count && RowRef.partition(pairs.own[i]) == partition; i++) {
          long ref = RowRef.local(pairs.own[i]);
          boolean isFirst = !rows.isMatched(ref);
          if (isFirst) {
            rows.setMatched(ref);
          }
          if (isSemi && isFirst) {
            unwanted.add(pairs.own[i]);
          }
          if (!isSemi || isFirst) {
            pairs.move(i, kept++);
          }
        }
      } finally {
        lock.unlock();
      }
    }
    pairs.count = kept;
  }

  private void markOthers() {
    if (!otherSide.isPreserved()) {
      return;
    }
    List<StoredRows> other = run.store().side(!isLeft).partitions();
    for (int i = 0; i < pairs.count; i++) {
      StoredRows rows = other.get(RowRef.partition(pairs.others[i]));
      long ref = RowRef.local(pairs.others[i]);
      if (!rows.isMatched(ref)) {
        rows.setMatched(ref);
        met.add(pairs.others[i]);
      }
    }
  }

  /** The right side of a semi-join: gives each left row when it meets its first partner. */
  private void giveStoredLeft() {
    List<StoredRows> left = run.store().left().partitions();
    int count = 0;
    for (int i = 0; i < pairs.count; i++) {
      int partition = RowRef.partition(pairs.others[i]);
      StoredRows rows = left.get(partition);
      long ref = RowRef.local(pairs.others[i]);
      run.lock(partition).lock();
      try {
        if (!rows.isMatched(ref)) {
          rows.setMatched(ref);
          unwanted.add(pairs.others[i]);
          given[count++] = pairs.others[i];
        }
      } finally {
        run.lock(partition).unlock();
      }
    }
    if (count > 0) {
      try (RecordBatch batch = output.stored(true, others, given, count)) {
        next.process(batch);
      }
    }
  }

  /** Rows that can have no partner, because of what the condition says of them alone. */
  private void giveUnmatched(RecordBatch batch) {
    if (unmatched.count > 0 && side.isPreserved()) {
      try (RecordBatch rows = output.pairs(isLeft, batch, null, unmatched, 0, unmatched.count)) {
        next.process(rows);
      }
    }
    unmatched.count = 0;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    run.addMet(met);
    run.addUnwanted(unwanted);
    memory.free(selection, SELECTION_BYTES);
    time.close();
    keys.close();
    scatter.close();
    hasher.close();
    if (residual != null) {
      residual.close();
    }
  }
}
