package io.arrowmill.oracle;

import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is moved. */
final class MovableClock implements InstantSource {
  private volatile long millis;

  void set(long to) {
    millis = to;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis);
  }
}
