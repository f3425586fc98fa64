package io.arrowmill.streaming;

import java.time.Duration;

/**
 * How long values of a state variable live after they were written, by the time of the batch.
 *
 * @param ttlDuration zero for ever
 */
public record TTLConfig(Duration ttlDuration) {
  /** Values live until they are cleared. */
  public static final TTLConfig NONE = new TTLConfig(Duration.ZERO);

  /** Values live until they are cleared. */
  public static TTLConfig NONE() {
    return NONE;
  }
}
