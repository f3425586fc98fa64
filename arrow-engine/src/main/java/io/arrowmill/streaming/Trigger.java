package io.arrowmill.streaming;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.TimeSpans;
import java.time.Duration;

/** When a query runs its batches. */
public sealed interface Trigger {

  /**
   * A batch whenever the interval has passed since the last one started; zero means as soon as
   * there is data.
   */
  record ProcessingTimeTrigger(Duration interval) implements Trigger {}

  /** One batch with all there is, then the query ends. */
  record OnceTrigger() implements Trigger {}

  /** All there is at the start, in batches of the sources' limits, then the query ends. */
  record AvailableNowTrigger() implements Trigger {}

  /**
   * A batch every {@code interval}, read as {@code "10 seconds"}.
   *
   * @throws AnalysisException if the text is no time span or negative
   */
  static Trigger ProcessingTime(String interval) {
    return ProcessingTime(
        Duration.of(TimeSpans.parse(interval), java.time.temporal.ChronoUnit.MICROS));
  }

  /** A batch every {@code interval}; zero means as soon as there is data. */
  static Trigger ProcessingTime(Duration interval) {
    if (interval.isNegative()) {
      throw new AnalysisException(
          "INVALID_TRIGGER_INTERVAL",
          "trigger interval must not be negative: interval="
              + interval
              + "; use 0 seconds or more");
    }
    return new ProcessingTimeTrigger(interval);
  }

  /** One batch with all there is, then the query ends. */
  static Trigger Once() {
    return new OnceTrigger();
  }

  /** All there is at the start, in batches of the sources' limits, then the query ends. */
  static Trigger AvailableNow() {
    return new AvailableNowTrigger();
  }
}
