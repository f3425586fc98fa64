package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import java.util.List;

/**
 * One aggregate over frames of rows that slide along a column, in a number of steps that depends on
 * the rows alone and not on how wide the frames are.
 *
 * <p>Neither the starts nor the ends of frames go back. So a frame that is no longer reached from
 * the last cut is where the next cut is: at its end. Until then each frame is what lies before the
 * cut, of which the aggregates from each row up to the cut are made once, and what lies behind it,
 * of which an aggregate grows:
 *
 * <pre>
 *         before[i] = rows i to cut           after[j] = rows cut to j
 *   ──────────[==================│============]───────────
 *             start             cut          end            frame = before[start] + after[end - 1]
 * </pre>
 *
 * <p>Where all starts are one, after[j] begins with before[start], so that values are added in
 * their order, one by one. Results must be of fixed width. Owns its memory until {@link #close};
 * one thread.
 */
public final class FrameAggregate implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final AccumulatorPlan plan;
  private final Accumulator accumulator;
  private final BytesArena arena;
  private final ColumnSlice input;
  private final int stateBytes;

  /**
   * Blocks: states before the cut, states behind it, results; lists of addresses; one state each.
   */
  private final Scratch before;

  private final Scratch after;
  private final Scratch results;
  private final Scratch lists;
  private final Scratch single;

  private long column;
  private long starts;
  private long ends;
  private long output;

  /** Rows that {@link #after} has the states of, from the row it holds first. */
  private int afterFrom;

  private int afterTo;

  /** Results that wait to be written, and where the first one goes. */
  private int waiting;

  private int written;
  private int pairs;

  public FrameAggregate(AccumulatorPlan plan, MemorySource memory) {
    if (plan.resultKind() == ValueKind.BYTES) {
      throw new IllegalArgumentException("result must be of fixed width: plan=" + plan);
    }
    this.plan = plan;
    RowLayout layout = new RowLayout(List.of(), List.of(plan));
    stateBytes = layout.rowBytes();
    try (Parts parts = new Parts()) {
      arena = parts.add(new BytesArena(memory));
      input = parts.add(new ColumnSlice(memory));
      before = parts.add(new Scratch(memory));
      after = parts.add(new Scratch(memory));
      results = parts.add(new Scratch(memory));
      lists = parts.add(new Scratch(memory));
      single = parts.add(new Scratch(memory));
      accumulator = plan.bind(layout.state(0), arena);
      parts.complete();
    }
  }

  /**
   * Writes the aggregate of each row's frame.
   *
   * @param column address of the descriptor of the values; ignored by an aggregate that reads none
   * @param starts address of int32 numbers of each frame's first row; they do not go back
   * @param ends address of int32 numbers of the row behind each frame; they do not go back. A frame
   *     that ends before it starts is empty
   * @param output address of the descriptor of a column with room for the results
   */
  public void compute(long column, long starts, long ends, int rows, long output) {
    this.column = column;
    this.starts = starts;
    this.ends = ends;
    this.output = output;
    lists.ensure(3L * 8 * SLICE);
    zero(single.ensure(2L * stateBytes), stateBytes);
    results.ensure((long) SLICE * stateBytes);
    after.ensure((long) SLICE * stateBytes);
    waiting = 0;
    written = 0;
    pairs = 0;
    int next = 0;
    while (next < rows) {
      next = isEmpty(next) ? empty(next) : stretch(next, rows);
    }
    flush();
  }

  private int start(int row) {
    return getInt(starts + 4L * row);
  }

  private int end(int row) {
    return getInt(ends + 4L * row);
  }

  private boolean isEmpty(int row) {
    return start(row) >= end(row);
  }

  private int empty(int row) {
    add(single.ensure(1));
    return row + 1;
  }

  /** The results up to where the next cut is; returns the row that follows. */
  private int stretch(int first, int rows) {
    int cut = end(first);
    int lastStart = start(first);
    int lastEnd = cut;
    int behind = first;
    for (; behind < rows; behind++) {
      if (isEmpty(behind)) {
        continue;
      }
      if (start(behind) >= cut) {
        break;
      }
      lastStart = start(behind);
      lastEnd = end(behind);
    }
    int from = start(first);
    boolean grows = lastStart == from;
    makeBefore(from, lastStart, cut);
    afterFrom = cut;
    afterTo = cut;
    for (int row = first; row < behind; row++) {
      if (isEmpty(row)) {
        empty(row);
        continue;
      }
      long head = before.ensure(1) + (long) (start(row) - from) * stateBytes;
      int to = end(row);
      if (to == cut) {
        add(head);
        continue;
      }
      while (to > afterTo) {
        flush();
        extendAfter(lastEnd, grows ? before.ensure(1) : 0);
      }
      long tail = after.ensure(1) + (long) (to - 1 - afterFrom) * stateBytes;
      if (grows) {
        add(tail);
      } else {
        addSum(head, tail);
      }
    }
    flush();
    return behind;
  }

  /** Makes the states of rows {@code from} to {@code last}, each with all rows up to the cut. */
  private void makeBefore(int from, int last, int cut) {
    int count = last - from + 1;
    long states = before.ensure((long) count * stateBytes);
    zero(states, (long) count * stateBytes);
    update(last, cut, states + (long) (last - from) * stateBytes, 0);
    update(from, last, states, stateBytes);
    long targets = lists.ensure(1);
    long sources = targets + 8L * SLICE;
    int listed = 0;
    for (int i = count - 2; i >= 0; i--) {
      long state = states + (long) i * stateBytes;
      putLong(targets + 8L * listed, state);
      putLong(sources + 8L * listed++, state + stateBytes);
      if (listed == SLICE) {
        accumulator.merge(targets, sources, listed);
        listed = 0;
      }
    }
    accumulator.merge(targets, sources, listed);
  }

  /**
   * Replaces the states behind the cut by the next ones.
   *
   * @param limit row behind the last one that any frame has
   * @param head the state that the first one begins with, or 0
   */
  private void extendAfter(int limit, long head) {
    long states = after.ensure(1);
    long carried = single.ensure(1) + stateBytes;
    boolean begins = afterTo == afterFrom;
    if (!begins) {
      copy(states + (long) (afterTo - 1 - afterFrom) * stateBytes, carried, stateBytes);
    } else if (head != 0) {
      copy(head, carried, stateBytes);
    }
    afterFrom = afterTo;
    afterTo = Math.min(limit, afterFrom + SLICE);
    int count = afterTo - afterFrom;
    zero(states, (long) count * stateBytes);
    update(afterFrom, afterTo, states, stateBytes);
    long targets = lists.ensure(1);
    long sources = targets + 8L * SLICE;
    int listed = 0;
    for (int i = begins && head == 0 ? 1 : 0; i < count; i++) {
      long state = states + (long) i * stateBytes;
      putLong(targets + 8L * listed, state);
      putLong(sources + 8L * listed++, i == 0 ? carried : state - stateBytes);
    }
    accumulator.merge(targets, sources, listed);
  }

  /** Adds the values of rows to states that lie {@code step} bytes apart. */
  private void update(int from, int to, long state, int step) {
    long rows = lists.ensure(1);
    ValueKind kind = plan.inputKind();
    for (int at = from; at < to; at += SLICE) {
      int count = Math.min(SLICE, to - at);
      for (int i = 0; i < count; i++) {
        putLong(rows + 8L * i, state + (long) (at - from + i) * step);
      }
      if (kind != null && plan.readsValues()) {
        input.load(kind, column, 0, at, count);
      } else if (kind != null) {
        input.loadValid(column, 0, at, count);
      }
      accumulator.update(rows, input, count);
    }
  }

  /** The list of addresses of waiting results, behind the two that merges need. */
  private long waitingList() {
    return lists.ensure(1) + 2L * 8 * SLICE;
  }

  private void add(long state) {
    if (waiting == SLICE) {
      flush();
    }
    putLong(waitingList() + 8L * waiting++, state);
  }

  private void addSum(long head, long tail) {
    if (waiting == SLICE) {
      flush();
    }
    long sum = results.ensure(1) + (long) waiting * stateBytes;
    copy(head, sum, stateBytes);
    long targets = lists.ensure(1);
    putLong(targets + 8L * pairs, sum);
    putLong(targets + 8L * SLICE + 8L * pairs++, tail);
    putLong(waitingList() + 8L * waiting++, sum);
  }

  private void flush() {
    long targets = lists.ensure(1);
    accumulator.merge(targets, targets + 8L * SLICE, pairs);
    accumulator.finish(
        waitingList(), waiting, new ColumnOutput(plan.resultKind(), output, written));
    written += waiting;
    waiting = 0;
    pairs = 0;
  }

  @Override
  public void close() {
    arena.close();
    input.close();
    before.close();
    after.close();
    results.close();
    lists.close();
    single.close();
  }
}
