package io.arrowmill.streaming;

/** The clocks of a batch. All times are milliseconds since 1970-01-01 UTC. */
public interface TimerValues {
  /** The time of the batch. */
  long getCurrentProcessingTimeInMs();

  /**
   * The watermark.
   *
   * @throws UnsupportedOperationException if the query has none before the operator
   */
  long getCurrentWatermarkInMs();
}
