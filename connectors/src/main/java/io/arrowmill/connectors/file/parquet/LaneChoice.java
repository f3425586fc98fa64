package io.arrowmill.connectors.file.parquet;

/**
 * Whether some loop is run in lanes. Until the JVM has compiled it, code with lanes is a hundred
 * times slower than code without, and only loading it takes as long as millions of numbers do. So
 * it is left alone until some have been seen; then some calls use it, and are timed. Once they are
 * as fast as compiled code is, all do. Any thread may call this: a stale answer costs time only.
 */
final class LaneChoice {
  /** Fewer numbers aren't worth the set-up. */
  static final int COUNT_MIN = 64;

  private static final int TRY_EVERY = 8;
  private static final int FAST_TRIES = 8;
  private static final long NUMBERS_BEFORE = 1 << 20;
  private static final boolean HAS_MODULE =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

  /** Loaded when it is first asked. */
  private static final class Lanes {
    private static final boolean ARE_ENOUGH = LaneUnpacking.lanes() >= 8;

    private Lanes() {}
  }

  private volatile boolean settled;
  private long numbers;
  private int calls;
  private int fastTries;

  /** The loop over {@code count} numbers, in lanes. */
  @FunctionalInterface
  interface Loop {
    void run(int count);
  }

  /** Whether lanes are of use for good: the loop can be run in lanes without {@link #tries}. */
  boolean isSettled() {
    return settled;
  }

  /** Whether to run the next loop in lanes, by {@link #time}. */
  boolean tries(int count) {
    if (!HAS_MODULE || count < COUNT_MIN) {
      return false;
    }
    if (numbers < NUMBERS_BEFORE) {
      numbers += count;
      return false;
    }
    return Lanes.ARE_ENOUGH && ++calls % TRY_EVERY == 0;
  }

  /** Runs a loop that is on trial. */
  void time(int count, Loop loop) {
    long start = System.nanoTime();
    loop.run(count);
    boolean fast = System.nanoTime() - start < count + 100L;
    fastTries = fast ? fastTries + 1 : 0;
    settled = fastTries >= FAST_TRIES;
  }
}
