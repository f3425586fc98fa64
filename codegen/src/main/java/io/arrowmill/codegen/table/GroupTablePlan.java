package io.arrowmill.codegen.table;

import java.util.List;

/**
 * What a table groups by and keeps.
 *
 * @param keys kinds of the key columns; none for one group of everything
 * @param accumulators the aggregates of each group
 * @param timeKey index of the I64 key that rows are evicted by, or -1
 */
public record GroupTablePlan(
    List<ValueKind> keys, List<AccumulatorPlan> accumulators, int timeKey) {
  public static final int NO_TIME_KEY = -1;

  public GroupTablePlan {
    keys = List.copyOf(keys);
    accumulators = List.copyOf(accumulators);
    if (timeKey != NO_TIME_KEY && keys.get(timeKey) != ValueKind.I64) {
      throw new IllegalArgumentException(
          "time key must be I64: timeKey=" + timeKey + ", kind=" + keys.get(timeKey));
    }
  }

  public GroupTablePlan(List<ValueKind> keys, List<AccumulatorPlan> accumulators) {
    this(keys, accumulators, NO_TIME_KEY);
  }
}
