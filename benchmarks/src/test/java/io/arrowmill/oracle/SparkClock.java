package io.arrowmill.oracle;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.spark.util.Clock;

/**
 * A clock for Spark's triggers, which a test moves: the query waits at it after each trigger until
 * the test lets it go on.
 */
final class SparkClock implements Clock {
  private static final long BOUND_NANOS = Duration.ofSeconds(60).toNanos();

  private long millis;
  private boolean isWaitedFor;
  private boolean goesOn;

  SparkClock(long millis) {
    this.millis = millis;
  }

  /** Moves the clock, and returns when the query has done what there was to do. */
  synchronized void trigger(long at, BooleanSupplier isActive) {
    millis = at;
    goesOn = true;
    isWaitedFor = false;
    notifyAll();
    awaitQuery(isActive);
  }

  /** Returns when the query waits, or is no longer active. */
  synchronized void awaitQuery(BooleanSupplier isActive) {
    long started = System.nanoTime();
    while (!isWaitedFor && isActive.getAsBoolean()) {
      if (System.nanoTime() - started > BOUND_NANOS) {
        throw new IllegalStateException("trigger must end in time: clock=" + millis);
      }
      try {
        wait(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("test was interrupted", e);
      }
    }
  }

  @Override
  public synchronized long getTimeMillis() {
    return millis;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public synchronized long waitTillTime(long targetTime) {
    isWaitedFor = true;
    notifyAll();
    try {
      while (!goesOn) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the query is being stopped
    }
    goesOn = false;
    return millis;
  }
}
