package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.codegen.memory.ColumnDescriptor;

/** Tells rows that are on time from those that are late. */
final class LateRows {
  private LateRows() {}

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
