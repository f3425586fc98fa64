package io.arrowmill.operator;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What one run did to the state of one operator. Any task adds. */
public final class StateCounters {
  private final LongAdder rowsUpdated = new LongAdder();
  private final LongAdder rowsRemoved = new LongAdder();
  private final LongAdder rowsDroppedLate = new LongAdder();
  private final LongAdder duplicateRows = new LongAdder();
  private final LongAdder updateNanos = new LongAdder();
  private final LongAdder removalNanos = new LongAdder();
  private final LongAccumulator nextTimeout = new LongAccumulator(Math::min, Long.MAX_VALUE);

  /**
   * When the operator has to run again at the latest, milliseconds since 1970-01-01 UTC; only of an
   * operator that {@link StatefulPlan#runsOnTime runs on time}.
   */
  public LongAccumulator nextTimeout() {
    return nextTimeout;
  }

  /** Windows updated, of an operator that keeps panes. */
  public LongAdder rowsUpdated() {
    return rowsUpdated;
  }

  /** Groups removed. */
  public LongAdder rowsRemoved() {
    return rowsRemoved;
  }

  /** Input rows that came too late. */
  public LongAdder rowsDroppedLate() {
    return rowsDroppedLate;
  }

  /** Rows that a deduplication has seen before. */
  public LongAdder duplicateRows() {
    return duplicateRows;
  }

  /** Time spent updating, added over tasks. */
  public LongAdder updateNanos() {
    return updateNanos;
  }

  /** Time spent removing, added over tasks. */
  public LongAdder removalNanos() {
    return removalNanos;
  }
}
