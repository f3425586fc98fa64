package io.arrowmill.streaming;

/** Whether, and by which clock, a state function is called for keys without new rows. */
public enum GroupStateTimeout {
  /** It is not. */
  NO_TIMEOUT,
  /** By the time of the batch; see {@link GroupState#setTimeoutDuration(long)}. */
  PROCESSING_TIME_TIMEOUT,
  /** By the watermark; see {@link GroupState#setTimeoutTimestamp(long)}. */
  EVENT_TIME_TIMEOUT;

  /** No calls for keys without new rows. */
  public static GroupStateTimeout NoTimeout() {
    return NO_TIMEOUT;
  }

  /** Timeouts by the time of the batch. */
  public static GroupStateTimeout ProcessingTimeTimeout() {
    return PROCESSING_TIME_TIMEOUT;
  }

  /** Timeouts by the watermark. */
  public static GroupStateTimeout EventTimeTimeout() {
    return EVENT_TIME_TIMEOUT;
  }
}
