package io.arrowmill.oracle;

import java.util.List;

/**
 * A streaming query whose clock goes forward with its input.
 *
 * @param query the query; a batch without rows is time that passes without input
 * @param millis the time at which each batch comes, milliseconds since 1970-01-01 UTC
 * @param isOneBatch whether one batch does all that there is to do at a time: no watermark moves,
 *     and nothing is set for a time that is over
 */
record TimedCase(StreamCase query, List<Long> millis, boolean isOneBatch) {
  /** Whether both engines keep state at the same times: Spark does not count timers. */
  boolean hasNoTimers() {
    return query.steps().stream()
        .noneMatch(
            step -> step instanceof Step.CallProcessor call && call.rule().timerSeconds() > 0);
  }

  @Override
  public String toString() {
    return query + "times " + millis;
  }
}
