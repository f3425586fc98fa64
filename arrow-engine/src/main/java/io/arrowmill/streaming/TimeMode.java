package io.arrowmill.streaming;

/** Which clock the timers and times to live of a {@link StatefulProcessor} go by. */
public enum TimeMode {
  /** There are no timers. */
  NONE,
  /** The time of the batch. */
  PROCESSING_TIME,
  /** The watermark. */
  EVENT_TIME;

  /** No timers. */
  public static TimeMode None() {
    return NONE;
  }

  /** Timers by the time of the batch. */
  public static TimeMode ProcessingTime() {
    return PROCESSING_TIME;
  }

  /** Timers by the watermark. */
  public static TimeMode EventTime() {
    return EVENT_TIME;
  }
}
