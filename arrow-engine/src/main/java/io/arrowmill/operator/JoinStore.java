package io.arrowmill.operator;

import io.arrowmill.state.join.StoredSide;

/**
 * What a join of two streams keeps.
 *
 * @param left rows of the left side
 * @param right rows of the right side, in as many partitions, by the same hash function
 * @param lateMicros rows whose event time is at or before this come too late; {@link
 *     Long#MIN_VALUE} for none
 * @param evictionMicros the watermark by which rows are given up; {@link Long#MIN_VALUE} for none
 * @param counters what the run did to the rows
 */
public record JoinStore(
    StoredSide left,
    StoredSide right,
    long lateMicros,
    long evictionMicros,
    StateCounters counters) {

  /** The rows of one side. */
  StoredSide side(boolean isLeft) {
    return isLeft ? left : right;
  }
}
