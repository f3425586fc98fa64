package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

/**
 * The states of the aggregates in rows of a {@link GroupTable}: read, written, and added to one
 * another. Owned by the table; as it, one thread at a time.
 */
public final class RowStates {
  private final GroupTablePlan plan;
  private final RowLayout layout;
  private final GroupRows groups;
  private final Accumulator[] accumulators;
  private final ColumnSlice input;
  private final Scratch scratch;
  private final RangeMerges ranged;

  RowStates(
      GroupTablePlan plan, RowLayout layout, GroupRows groups, ColumnSlice input, Scratch scratch) {
    this.plan = plan;
    this.layout = layout;
    this.groups = groups;
    this.accumulators = groups.accumulators();
    this.input = input;
    this.scratch = scratch;
    this.ranged = new RangeMerges(accumulators, scratch);
  }

  /**
   * Writes an aggregate's values to a column of its result's kind, from row {@code start} of the
   * column on.
   */
  public void finish(int accumulator, long rows, int count, long column, int start) {
    ValueKind kind = plan.accumulators().get(accumulator).resultKind();
    accumulators[accumulator].finish(rows, count, new ColumnOutput(kind, column, start));
  }

  /** Bytes of data that {@link #finish} will write, where the result's kind is BYTES; else 0. */
  public long finishBytes(int accumulator, long rows, int count) {
    return accumulators[accumulator].finishBytes(rows, count);
  }

  /** Writes one column of an aggregate's state, see {@link AccumulatorPlan#stateColumns}. */
  public void exportState(
      int accumulator, int stateColumn, long rows, int count, long column, int start) {
    ValueKind kind = plan.accumulators().get(accumulator).stateColumns().get(stateColumn).kind();
    ColumnOutput output = new ColumnOutput(kind, column, start);
    accumulators[accumulator].exportState(rows, count, stateColumn, output);
  }

  /**
   * Bytes of data that {@link #exportState} will write, where the column's kind is BYTES; else 0.
   */
  public long exportBytes(int accumulator, int stateColumn, long rows, int count) {
    return accumulators[accumulator].exportBytes(rows, count, stateColumn);
  }

  /**
   * Sets one column of an aggregate's state for the groups that {@link GroupTable#group} gave for
   * the same slice.
   */
  public void importState(
      int accumulator,
      int stateColumn,
      long rows,
      long column,
      long selection,
      int start,
      int count) {
    ValueKind kind = plan.accumulators().get(accumulator).stateColumns().get(stateColumn).kind();
    GroupTable.checkSlice(count);
    input.load(kind, column, selection, start, count);
    accumulators[accumulator].importState(rows, count, stateColumn, input);
  }

  /**
   * Adds the states of other rows to those of {@code targets}, pair by pair in order.
   *
   * @param sources addresses of rows whose states lie as those of the table do
   */
  public void merge(long targets, long sources, int count) {
    for (Accumulator accumulator : accumulators) {
      accumulator.merge(targets, sources, count);
    }
  }

  /** Adds the states that another row of the table has to those of {@code target}. */
  public void mergeOne(long target, long source) {
    long rows = scratch.ensure(16);
    putLong(rows, target);
    putLong(rows + 8, source);
    for (Accumulator accumulator : accumulators) {
      accumulator.merge(rows, rows + 8, 1);
    }
  }

  /**
   * Adds the states of a range of rows to each target, range by range.
   *
   * @param targets addresses of rows with empty states
   * @param ranges of each target the positions of the first of its sources and of the one behind
   *     the last, two int32; not empty
   * @param sources addresses of rows whose states lie as those of the table do
   */
  public void mergeRanges(long targets, long ranges, long sources, int count) {
    GroupTable.checkSlice(count);
    ranged.merge(targets, ranges, sources, count);
  }

  /** Gives {@code target} the states of another row of the table, which is left without any. */
  public void move(long target, long source) {
    for (int a = 0; a < accumulators.length; a++) {
      accumulators[a].release(target);
      StateSlot slot = layout.state(a);
      for (int flag = 0; flag < plan.accumulators().get(a).flagBits(); flag++) {
        slot.setFlag(target, flag, slot.flag(source, flag));
        slot.setFlag(source, flag, false);
      }
      int end = slot.offset() + plan.accumulators().get(a).stateBytes();
      for (int at = slot.offset(); at < end; at += 8) {
        putLong(target + at, getLong(source + at));
        putLong(source + at, 0);
      }
    }
  }

  /**
   * Makes a row that is no group's somewhere: with a last key, which is an integer, and empty
   * states. {@link #mergeRanges} can add to these, and that key and the results be read as of any
   * row; {@link #release} ends it.
   *
   * @param bytes of the row: up to states that are not merged, or all
   */
  public void beginRow(long row, long lastKey, int bytes) {
    // Words one by one: a call would take longer.
    int keysEnd = layout.keysEnd();
    for (int at = layout.keysStart() - 8; at >= 0; at -= 8) {
      putLong(row + at, 0);
    }
    for (int at = keysEnd; at < bytes; at += 8) {
      putLong(row + at, 0);
    }
    putLong(row + keysEnd - 8, lastKey);
  }

  /** Gives back what the states of some rows hold, each given once. */
  public void release(long rows, int count) {
    if (!groups.isArenaUsed()) {
      return;
    }
    for (Accumulator accumulator : accumulators) {
      for (int i = 0; i < count; i++) {
        accumulator.release(getLong(rows + 8L * i));
      }
    }
  }
}
