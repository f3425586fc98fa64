package io.arrowmill.operator;

import io.arrowmill.streaming.OutputMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operator that keeps state from batch to batch.
 *
 * <p>Its rows are late by the watermark that the batch before had at this operator, and its state
 * ends by the watermark that this batch has there. The watermark at an operator is the least that
 * its inputs pass on.
 */
public sealed interface StatefulPlan extends PhysicalPlan
    permits PhysicalPlan.AggregatePlan,
        DeduplicatePlan,
        GroupsWithStatePlan,
        SessionPlan,
        StreamJoinPlan,
        StreamLimitPlan {
  /** The id of an operator of a bounded query, whose state lives for one run. */
  int BOUNDED = -1;

  /** Names the operator's state in the checkpoint; {@link #BOUNDED} in a bounded query. */
  int operatorId();

  /** What progress calls the operator; Spark's name. */
  String operatorName();

  /** What it keeps, in the order of the stores' numbers. */
  List<StateStorePlan> stores();

  /**
   * Whether the operator does something with a new watermark alone, without new rows, so that a
   * batch without data is worth running.
   */
  boolean runsOnWatermark(OutputMode mode);

  /** Whether late rows are dropped and state ends, if the operator has a watermark at all. */
  default boolean usesWatermark(OutputMode mode) {
    return runsOnWatermark(mode);
  }

  /**
   * Whether the operator does something as time goes by, without new rows: then its runs note in
   * {@link StateCounters#nextTimeout} when.
   */
  default boolean runsOnTime() {
    return false;
  }

  /**
   * The watermark of the rows that the operator gives.
   *
   * @param inputMicros the watermark at the operator, microseconds since 1970-01-01 UTC
   */
  default long outputWatermark(long inputMicros) {
    return inputMicros;
  }

  /**
   * How to bound the state, if it can grow without end as long as new keys come; else null.
   *
   * @param mode the query's
   */
  @Nullable String unbounded(OutputMode mode);

  /** Stands in a fingerprint before the columns of a class of the program that is kept. */
  String STATE_COLUMNS = " state=";

  /** What must stay the same for the operator to go on with checkpointed state. */
  String fingerprint();

  /** The figures of a run that only this kind of operator has, by their names in progress. */
  default Map<String, Long> customMetrics(StateCounters counters) {
    return Map.of();
  }
}
