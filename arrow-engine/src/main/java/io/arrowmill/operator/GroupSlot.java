package io.arrowmill.operator;

import io.arrowmill.plan.StateFunction;
import io.arrowmill.plan.TimeSpans;
import io.arrowmill.streaming.GroupStateTimeout;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state of the key that a state function is called for; used for one key after the other. */
final class GroupSlot implements StateFunction.Slot {
  static final long NO_TIMEOUT = 0;

  private final Clock clock;
  private @Nullable Object value;
  private boolean updated;
  private boolean removed;
  private boolean timedOut;
  private long timeoutMillis;

  /**
   * What the batch says.
   *
   * @param nowMillis the time of the batch
   * @param watermarkMillis the watermark, or -1 if it is not known
   * @param hasWatermark whether the query has one before the operator
   */
  record Clock(
      GroupStateTimeout timeout, long nowMillis, long watermarkMillis, boolean hasWatermark) {}

  GroupSlot(Clock clock) {
    this.clock = clock;
  }

  /** Begins with another key. */
  void reset(@Nullable Object state, boolean hasTimedOut) {
    value = state;
    updated = false;
    removed = false;
    timedOut = hasTimedOut;
    timeoutMillis = NO_TIMEOUT;
  }

  /** The state, or null if there is none. */
  @Nullable Object value() {
    return value;
  }

  boolean updated() {
    return updated;
  }

  boolean removed() {
    return removed;
  }

  /** When the key times out, or {@link #NO_TIMEOUT}. */
  long timeoutMillis() {
    return timeoutMillis;
  }

  @Override
  public boolean exists() {
    return value != null;
  }

  @Override
  public Object get() {
    Object known = value;
    if (known == null) {
      throw new NoSuchElementException(
          "state must be defined and not removed: ask exists() before get()");
    }
    return known;
  }

  @Override
  public Optional<Object> getOption() {
    return Optional.ofNullable(value);
  }

  @Override
  @SuppressWarnings("NullAway") // programs need not check for nulls
  public void update(Object newState) {
    if (newState == null) {
      throw new IllegalArgumentException("a state must not be null; remove() drops it");
    }
    value = newState;
    updated = true;
    removed = false;
  }

  @Override
  public void remove() {
    value = null;
    updated = false;
    removed = true;
  }

  @Override
  public boolean hasTimedOut() {
    return timedOut;
  }

  @Override
  public void setTimeoutDuration(long durationMs) {
    if (clock.timeout() != GroupStateTimeout.PROCESSING_TIME_TIMEOUT) {
      throw new UnsupportedOperationException(
          "a timeout's duration needs timeouts by processing time: timeout="
              + clock.timeout()
              + "; use GroupStateTimeout.ProcessingTimeTimeout()");
    }
    if (durationMs <= 0) {
      throw new IllegalArgumentException(
          "a timeout's duration must be positive: durationMs=" + durationMs);
    }
    timeoutMillis = Math.addExact(clock.nowMillis(), durationMs);
  }

  @Override
  public void setTimeoutDuration(String duration) {
    setTimeoutDuration(millis(duration));
  }

  @Override
  public void setTimeoutTimestamp(long timestampMs) {
    if (clock.timeout() != GroupStateTimeout.EVENT_TIME_TIMEOUT) {
      throw new UnsupportedOperationException(
          "a timeout's time needs timeouts by event time: timeout="
              + clock.timeout()
              + "; use GroupStateTimeout.EventTimeTimeout()");
    }
    if (timestampMs <= 0) {
      throw new IllegalArgumentException(
          "a timeout's time must be positive: timestampMs=" + timestampMs);
    }
    if (timestampMs < clock.watermarkMillis()) {
      throw new IllegalArgumentException(
          "a timeout's time must not be before the watermark: timestampMs="
              + timestampMs
              + ", watermarkMs="
              + clock.watermarkMillis());
    }
    timeoutMillis = timestampMs;
  }

  @Override
  public void setTimeoutTimestamp(long timestampMs, String additionalDuration) {
    setTimeoutTimestamp(Math.addExact(timestampMs, millis(additionalDuration)));
  }

  private static long millis(String duration) {
    long micros = TimeSpans.parse(duration);
    if (micros < 0) {
      throw new IllegalArgumentException("a duration must not be negative: duration=" + duration);
    }
    return micros / 1_000;
  }

  @Override
  public void wakeAt(long millis) {
    timeoutMillis = Math.max(1, millis);
  }

  @Override
  public long clockMillis() {
    return clock.timeout() == GroupStateTimeout.EVENT_TIME_TIMEOUT
        ? clock.watermarkMillis()
        : clock.nowMillis();
  }

  @Override
  public long getCurrentWatermarkMs() {
    if (!clock.hasWatermark()) {
      throw new UnsupportedOperationException(
          "a query must have a watermark to ask for it; call withWatermark before groupByKey");
    }
    return clock.watermarkMillis();
  }

  @Override
  public long getCurrentProcessingTimeMs() {
    return clock.nowMillis();
  }

  @Override
  public String toString() {
    return "GroupState(" + (value == null ? "<undefined>" : value) + ")";
  }
}
