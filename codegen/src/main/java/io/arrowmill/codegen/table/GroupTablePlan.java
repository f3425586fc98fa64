package io.arrowmill.codegen.table;

import java.util.List;

/**
 * What a table groups by and keeps.
 *
 * @param keys kinds of the key columns; none for one group of everything
 * @param accumulators the aggregates of each group
 * @param timeKey index of the I64 key that rows are evicted by, or -1
 * @param timeState index of the stored integer that they are evicted by, or -1
 */
public record GroupTablePlan(
    List<ValueKind> keys, List<AccumulatorPlan> accumulators, int timeKey, int timeState) {
  public static final int NO_TIME_KEY = -1;
  private static final int NO_TIME_STATE = -1;

  public GroupTablePlan {
    keys = List.copyOf(keys);
    accumulators = List.copyOf(accumulators);
    if (timeKey != NO_TIME_KEY && keys.get(timeKey) != ValueKind.I64) {
      throw new IllegalArgumentException(
          "time key must be I64: timeKey=" + timeKey + ", kind=" + keys.get(timeKey));
    }
    if (timeState != NO_TIME_STATE
        && (timeKey != NO_TIME_KEY || !(accumulators.get(timeState) instanceof StoredLongPlan))) {
      throw new IllegalArgumentException(
          "time must be one key or one stored integer: timeKey="
              + timeKey
              + ", timeState="
              + timeState);
    }
  }

  public GroupTablePlan(List<ValueKind> keys, List<AccumulatorPlan> accumulators, int timeKey) {
    this(keys, accumulators, timeKey, NO_TIME_STATE);
  }

  public GroupTablePlan(List<ValueKind> keys, List<AccumulatorPlan> accumulators) {
    this(keys, accumulators, NO_TIME_KEY);
  }

  /** Rows are evicted by a stored integer, which their owner writes. */
  public static GroupTablePlan timedByState(
      List<ValueKind> keys, List<AccumulatorPlan> accumulators, int timeState) {
    return new GroupTablePlan(keys, accumulators, NO_TIME_KEY, timeState);
  }

  /** Whether rows have a time. */
  boolean isTimed() {
    return timeKey != NO_TIME_KEY || timeState != NO_TIME_STATE;
  }
}
