package io.arrowmill.connectors.file.parquet;

import java.lang.foreign.MemorySegment;

/**
 * Whether numbers are unpacked in lanes. Until the JVM has compiled it, code with lanes is a
 * hundred times slower than code without, and only loading it takes as long as unpacking millions
 * of numbers. So it is left alone until some have been seen; then some calls use it, and are timed.
 * Once they are as fast as compiled code is, all do. Any thread may call this: a stale answer costs
 * time only.
 */
final class UnpackingChoice {
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

  private static volatile boolean settled;
  private static long numbers;
  private static int calls;
  private static int fastTries;

  private UnpackingChoice() {}

  /**
   * Unpacks some of {@code count} numbers from a whole byte on, if lanes are of use.
   *
   * @return how many, a multiple of eight
   */
  static int unpack(MemorySegment in, long from, int width, int[] out, int outIndex, int count) {
    if (!HAS_MODULE || count < COUNT_MIN || width > LaneUnpacking.WIDTH_MAX) {
      return 0;
    }
    if (settled) {
      int whole = count - count % LaneUnpacking.lanes();
      LaneUnpacking.unpack(in, from, width, out, outIndex, whole);
      return whole;
    }
    if (numbers < NUMBERS_BEFORE) {
      numbers += count;
      return 0;
    }
    if (!Lanes.ARE_ENOUGH || ++calls % TRY_EVERY != 0) {
      return 0;
    }
    int whole = count - count % LaneUnpacking.lanes();
    long start = System.nanoTime();
    LaneUnpacking.unpack(in, from, width, out, outIndex, whole);
    boolean fast = System.nanoTime() - start < whole + 100L;
    fastTries = fast ? fastTries + 1 : 0;
    settled = fastTries >= FAST_TRIES;
    return whole;
  }
}
