package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.codegen.memory.ColumnDescriptor;

/** Tells rows that are on time from those that are late. */
final class LateRows {
  private LateRows() {}

  /** Takes some rows of a batch. */
  @FunctionalInterface
  interface Taker {
    /**
     * Takes rows.
     *
     * @param selection address of int32 positions, of which {@code count} from {@code start} on
     *     count, or 0 for those rows themselves; good for the call
     */
    void take(long selection, int start, int count);
  }

  /**
   * Goes through a batch by slices, and hands on each slice's late rows and then its others.
   *
   * @param column descriptor of an int64 column of times
   * @param bound times up to this are late; {@link Long#MIN_VALUE} if none are
   * @param selection room for the int32 positions of a slice
   */
  static void split(
      long column, long bound, int rows, int slice, long selection, Taker late, Taker onTime) {
    for (int start = 0; start < rows; start += slice) {
      int count = Math.min(slice, rows - start);
      int dropped =
          bound == Long.MIN_VALUE ? 0 : selectLate(column, bound, start, count, selection);
      if (dropped > 0) {
        late.take(selection, 0, dropped);
      }
      if (dropped == 0) {
        onTime.take(0, start, count);
      } else if (dropped < count) {
        onTime.take(selection, 0, select(column, bound, start, count, selection));
      }
    }
  }

  /**
   * Writes the positions of rows whose time is after {@code bound}, or that have none.
   *
   * @param column descriptor of an int64 column of times
   * @param selection room for {@code count} int32 positions
   * @return how many are on time
   */
  static int select(long column, long bound, int start, int count, long selection) {
    long validity = ColumnDescriptor.validity(column);
    long times = ColumnDescriptor.data(column);
    int kept = 0;
    for (int row = start; row < start + count; row++) {
      putInt(selection + 4L * kept, row);
      boolean late = getLong(times + 8L * row) <= bound && (validity == 0 || getBit(validity, row));
      kept += late ? 0 : 1;
    }
    return kept;
  }

  /** As {@link #select}, but writes the positions of the rows that are late. */
  static int selectLate(long column, long bound, int start, int count, long selection) {
    long validity = ColumnDescriptor.validity(column);
    long times = ColumnDescriptor.data(column);
    int kept = 0;
    for (int row = start; row < start + count; row++) {
      putInt(selection + 4L * kept, row);
      boolean late = getLong(times + 8L * row) <= bound && (validity == 0 || getBit(validity, row));
      kept += late ? 1 : 0;
    }
    return kept;
  }
}
