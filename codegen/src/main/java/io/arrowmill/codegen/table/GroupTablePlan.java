package io.arrowmill.codegen.table;

import java.util.List;

/**
 * What a table groups by and keeps.
 *
 * @param keys kinds of the key columns; none for one group of everything
 * @param accumulators the aggregates of each group
 * @param timeKey index of the I64 key that rows are evicted by, or -1
 * @param timeState index of the stored integer that they are evicted by, or -1
 * @param neighboursTogether whether {@link GroupTable#hash} says that keys which are neighbours
 *     belong to one partition, so that dense keys are dense in each table; for one integer key
 */
public record GroupTablePlan(
    List<ValueKind> keys,
    List<AccumulatorPlan> accumulators,
    int timeKey,
    int timeState,
    boolean neighboursTogether) {
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
    if (neighboursTogether && !isOneInteger(keys)) {
      throw new IllegalArgumentException("neighbours must have one integer key: keys=" + keys);
    }
  }

  public GroupTablePlan(List<ValueKind> keys, List<AccumulatorPlan> accumulators, int timeKey) {
    this(keys, accumulators, timeKey, NO_TIME_STATE, false);
  }

  public GroupTablePlan(List<ValueKind> keys, List<AccumulatorPlan> accumulators) {
    this(keys, accumulators, NO_TIME_KEY);
  }

  /** Rows are evicted by a stored integer, which their owner writes. */
  public static GroupTablePlan timedByState(
      List<ValueKind> keys, List<AccumulatorPlan> accumulators, int timeState) {
    return new GroupTablePlan(keys, accumulators, NO_TIME_KEY, timeState, false);
  }

  /** This plan with neighbours together, if it has one integer key. */
  public GroupTablePlan together() {
    return new GroupTablePlan(keys, accumulators, timeKey, timeState, isOneInteger(keys));
  }

  /** A plan that groups by the first keys as this one does, and keeps nothing. */
  public GroupTablePlan ofFirstKeys(int count) {
    List<ValueKind> first = keys.subList(0, count);
    return new GroupTablePlan(
        first, List.of(), NO_TIME_KEY, NO_TIME_STATE, neighboursTogether && count == 1);
  }

  private static boolean isOneInteger(List<ValueKind> keys) {
    return keys.size() == 1 && keys.getFirst().slotBytes() == 8 && !keys.getFirst().isFloating();
  }

  /** Whether rows have a time. */
  boolean isTimed() {
    return timeKey != NO_TIME_KEY || timeState != NO_TIME_STATE;
  }
}
