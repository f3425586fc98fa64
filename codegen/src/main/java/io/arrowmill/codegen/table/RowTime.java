package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getLong;

/**
 * Where a row's time is.
 *
 * @param offset bytes from the row's start to the time, int64
 * @param nullByte bytes from the row's start to the byte that says whether it has none
 * @param nullMask mask in that byte; 0 where every row has one
 */
record RowTime(int offset, int nullByte, int nullMask) {
  /** The time of the rows of a plan that has one. */
  static RowTime of(GroupTablePlan plan, RowLayout layout) {
    int key = plan.timeKey();
    if (key != GroupTablePlan.NO_TIME_KEY) {
      return new RowTime(layout.keyOffset(key), layout.keyNullByte(key), layout.keyNullMask(key));
    }
    return new RowTime(layout.state(plan.timeState()).offset(), 0, 0);
  }

  boolean isKnown(long row) {
    return (getByte(row + nullByte) & nullMask) == 0;
  }

  long of(long row) {
    return getLong(row + offset);
  }
}
