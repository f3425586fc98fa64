package io.arrowmill.streaming;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.TimeSpans;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

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
    return ProcessingTime(Duration.of(TimeSpans.parse(interval), ChronoUnit.MICROS));
  }

  /** A batch every {@code interval}; zero means as soon as there is data. */
  static Trigger ProcessingTime(Duration interval) {
    requireNotNegative(interval);
    return new ProcessingTimeTrigger(interval);
  }

  /**
   * Batches that follow each other as soon as there is data, as of {@code ProcessingTime("0
   * seconds")}: each is exactly once, and takes what has come in the milliseconds of the one
   * before. A query of any kind may have it.
   *
   * @param interval how often Spark would write a checkpoint; here every batch does
   * @throws AnalysisException if the text is no time span or negative
   */
  static Trigger Continuous(String interval) {
    return Continuous(Duration.of(TimeSpans.parse(interval), ChronoUnit.MICROS));
  }

  /** As {@link #Continuous(String)}. */
  static Trigger Continuous(Duration interval) {
    requireNotNegative(interval);
    return new ProcessingTimeTrigger(Duration.ZERO);
  }

  /** One batch with all there is, then the query ends. */
  static Trigger Once() {
    return new OnceTrigger();
  }

  /** All there is at the start, in batches of the sources' limits, then the query ends. */
  static Trigger AvailableNow() {
    return new AvailableNowTrigger();
  }

  private static void requireNotNegative(Duration interval) {
    if (interval.isNegative()) {
      throw new AnalysisException(
          "INVALID_TRIGGER_INTERVAL",
          "trigger interval must not be negative: interval="
              + interval
              + "; use 0 seconds or more");
    }
  }
}
