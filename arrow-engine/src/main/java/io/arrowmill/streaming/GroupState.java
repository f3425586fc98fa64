package io.arrowmill.streaming;

import java.time.Instant;
import java.util.Optional;

/**
 * What a state function has kept of one key, and when it wants to be called again without new rows.
 * Good for the call only, on the thread that makes it.
 *
 * <p>A timeout holds until the next call: a call that sets none leaves none. All times are
 * milliseconds since 1970-01-01 UTC.
 *
 * @param <S> the state's class
 */
public interface GroupState<S> {

  /** Whether there is a state. */
  boolean exists();

  /**
   * The state.
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  S get();

  /** The state, if there is one. */
  Optional<S> getOption();

  /**
   * Sets the state, to be kept when the call returns.
   *
   * @throws IllegalArgumentException if it is null
   */
  void update(S newState);

  /** Drops the state. */
  void remove();

  /** Whether this call is for a timeout, without rows. */
  boolean hasTimedOut();

  /**
   * Asks for a call once the time of a batch is after this one's by the duration.
   *
   * @throws UnsupportedOperationException if timeouts are not by processing time
   * @throws IllegalArgumentException if the duration is not positive
   */
  void setTimeoutDuration(long durationMs);

  /** As {@link #setTimeoutDuration(long)}, of a text such as {@code "10 seconds"}. */
  void setTimeoutDuration(String duration);

  /**
   * Asks for a call once the watermark is after a time.
   *
   * @throws UnsupportedOperationException if timeouts are not by event time
   * @throws IllegalArgumentException if the time is not positive, or before the watermark
   */
  void setTimeoutTimestamp(long timestampMs);

  /** As {@link #setTimeoutTimestamp(long)}, a duration such as {@code "1 hour"} later. */
  void setTimeoutTimestamp(long timestampMs, String additionalDuration);

  /** As {@link #setTimeoutTimestamp(long)}. */
  default void setTimeoutTimestamp(Instant timestamp) {
    setTimeoutTimestamp(timestamp.toEpochMilli());
  }

  /** As {@link #setTimeoutTimestamp(long, String)}. */
  default void setTimeoutTimestamp(Instant timestamp, String additionalDuration) {
    setTimeoutTimestamp(timestamp.toEpochMilli(), additionalDuration);
  }

  /**
   * The watermark.
   *
   * @throws UnsupportedOperationException if the query has none before the operator
   */
  long getCurrentWatermarkMs();

  /** The time of the batch. */
  long getCurrentProcessingTimeMs();
}
