package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import java.util.List;

/**
 * Updates groups one after the other where there are few: the rows of a slice are told apart by
 * group first, so that each aggregate then adds a run of values to one state, instead of loading
 * and storing a state for every row, which would wait for the store before.
 *
 * <p>Takes the groups at the first {@value #GROUPS_MAX} places of a table. Owns its working memory;
 * one thread at a time.
 */
final class GroupRuns implements AutoCloseable {
  static final int GROUPS_MAX = 16;
  private static final int ROWS_MIN = 256;

  /**
   * Entries from one group's list to the next: not a power of two, which would share cache sets.
   */
  private static final int LIST_STEP = GroupTable.SLICE_ROWS_MAX + 48;

  private final List<AccumulatorPlan> plans;
  private final Accumulator[] accumulators;
  private final boolean possible;
  private final boolean alone;
  private final int rowBytes;
  private final int[] ends;
  private final DecimalTotal[] totals;
  private final int[] sameColumn;
  private final Scratch lists;
  private int places;
  private final Scratch rowScratch;
  private final ColumnSlice input;

  GroupRuns(
      int keys,
      List<AccumulatorPlan> plans,
      Accumulator[] accumulators,
      int rowBytes,
      MemorySource memory) {
    this.plans = plans;
    this.accumulators = accumulators;
    this.rowBytes = rowBytes;
    boolean all = accumulators.length > 0;
    boolean noDecimals = true;
    for (Accumulator accumulator : accumulators) {
      all &= accumulator instanceof RunAccumulator || accumulator instanceof DecimalRunAccumulator;
      noDecimals &= accumulator instanceof RunAccumulator;
    }
    possible = all;
    alone = keys == 0 && all && noDecimals;
    ends = new int[possible ? GROUPS_MAX * rowBytes / 8 : 0];
    totals = new DecimalTotal[accumulators.length];
    sameColumn = new int[accumulators.length];
    for (int a = 0; a < totals.length; a++) {
      totals[a] = new DecimalTotal();
    }
    lists = new Scratch(memory);
    rowScratch = new Scratch(memory);
    input = new ColumnSlice(memory);
  }

  long memoryBytes() {
    return lists.memoryBytes() + rowScratch.memoryBytes() + input.memoryBytes();
  }

  /** Whether it pays to call {@link #update}. */
  boolean worthATry(long groups, int count) {
    return possible && groups <= GROUPS_MAX && count >= ROWS_MIN;
  }

  /**
   * Adds a slice of rows to every aggregate.
   *
   * @param pages of the table
   * @return false if a row lies elsewhere; nothing is changed then
   */
  boolean update(RowPages pages, long rows, long columns, long selection, int start, int count) {
    if (alone) {
      updateAlone(getLong(rows), columns, selection, start, count);
      return true;
    }
    long first = pages.first();
    places = Math.min(GROUPS_MAX, pages.firstPlaces());
    long positions = lists.ensure(4L * places * LIST_STEP);
    if (!split(first, rows, selection, start, count, positions)) {
      return false;
    }
    findSameColumns(columns);
    for (int g = 0; g < places; g++) {
      int of = ends[g * (rowBytes / 8)] - g * LIST_STEP;
      if (of > 0) {
        updateGroup(first + (long) g * rowBytes, columns, positions + 4L * g * LIST_STEP, of);
      }
    }
    return true;
  }

  /** Adds all rows of the slice to the one group of a table without keys. */
  private void updateAlone(long row, long columns, long selection, int start, int count) {
    for (int a = 0; a < accumulators.length; a++) {
      load(a, ColumnDescriptor.at(columns, a), selection, start, count);
      ((RunAccumulator) accumulators[a]).updateRun(row, input, count);
    }
  }

  /** Lists the row numbers of each group. */
  private boolean split(
      long first, long rows, long selection, int start, int count, long positions) {
    for (int g = 0; g < places; g++) {
      ends[g * (rowBytes / 8)] = g * LIST_STEP;
    }
    int limit = places * (rowBytes / 8);
    for (int i = 0; i < count; i++) {
      long at = (getLong(rows + 8L * i) - first) >>> 3;
      if (at >= limit) {
        return false;
      }
      int end = ends[(int) at]++;
      putInt(
          positions + 4L * end, selection == 0 ? start + i : getInt(selection + 4L * (start + i)));
    }
    return true;
  }

  /** Sum and mean of one column share its total. */
  private void findSameColumns(long columns) {
    for (int a = 0; a < accumulators.length; a++) {
      sameColumn[a] = a;
      for (int b = 0; b < a && sameColumn[a] == a; b++) {
        boolean same =
            accumulators[a] instanceof DecimalRunAccumulator
                && accumulators[b] instanceof DecimalRunAccumulator
                && ColumnDescriptor.data(ColumnDescriptor.at(columns, a))
                    == ColumnDescriptor.data(ColumnDescriptor.at(columns, b));
        sameColumn[a] = same ? b : a;
      }
    }
  }

  private void updateGroup(long row, long columns, long positions, int count) {
    for (int a = 0; a < accumulators.length; a++) {
      Accumulator accumulator = accumulators[a];
      long column = ColumnDescriptor.at(columns, a);
      if (accumulator instanceof RunAccumulator runs) {
        load(a, column, positions, 0, count);
        runs.updateRun(row, input, count);
      } else if (!(accumulator instanceof DecimalRunAccumulator decimals)
          || !addTotal(a, decimals, row, column, positions, count)) {
        load(a, column, positions, 0, count);
        accumulator.update(repeated(row, count), input, count);
      }
    }
  }

  private boolean addTotal(
      int a, DecimalRunAccumulator accumulator, long row, long column, long positions, int count) {
    if (ColumnDescriptor.validity(column) != 0) {
      return false;
    }
    DecimalTotal total = totals[sameColumn[a]];
    boolean known =
        sameColumn[a] == a
            ? total.add(ColumnDescriptor.data(column), positions, count)
            : total.known();
    return known && accumulator.addTotal(row, total, count);
  }

  private void load(int a, long column, long selection, int start, int count) {
    ValueKind kind = plans.get(a).inputKind();
    if (kind == null) {
      return;
    }
    if (plans.get(a).readsValues()) {
      input.load(kind, column, selection, start, count);
    } else {
      input.loadValid(column, selection, start, count);
    }
  }

  private long repeated(long row, int count) {
    long rows = rowScratch.ensure(8L * count);
    for (int i = 0; i < count; i++) {
      putLong(rows + 8L * i, row);
    }
    return rows;
  }

  @Override
  public void close() {
    lists.close();
    rowScratch.close();
    input.close();
  }
}
