package io.arrowmill.kernel;

import io.arrowmill.codegen.compile.HashLanes;
import io.arrowmill.codegen.compile.LaneStart;
import io.arrowmill.codegen.kernel.KernelMode;
import io.arrowmill.codegen.table.KeyHash;
import java.time.ZoneId;

/**
 * How expressions are evaluated.
 *
 * @param mode interpreted, or what compiled kernels may use
 * @param zone the session's time zone
 * @param lanes of mode SIMD: when lanes are used
 */
public record KernelSettings(KernelMode mode, ZoneId zone, LaneStart lanes) {

  /** Settings that use lanes as soon as that pays. */
  public KernelSettings(KernelMode mode, ZoneId zone) {
    this(mode, zone, LaneStart.WHEN_FAST);
  }

  /** A hash function for the tables of one operator, with a seed that nobody knows before. */
  public KeyHash newKeyHash() {
    long seed = System.nanoTime();
    if (mode != KernelMode.SIMD) {
      return KeyHash.seeded(seed);
    }
    return KeyHash.seeded(
        seed, lanes == LaneStart.WHEN_FAST ? HashLanes.SHARED : new HashLanes(lanes));
  }

  /** Whether expressions are compiled at all. */
  public boolean compiles() {
    return mode != KernelMode.INTERPRETED;
  }
}
