package io.arrowmill.oracle;

import java.util.SplittableRandom;

/** The engines of this JVM, each started once, and the seed of its random cases. */
final class Engines {
  private static final SparkEngine SPARK = new SparkEngine();

  private Engines() {}

  /** Spark, which lives as long as the JVM. */
  static SparkEngine spark() {
    return SPARK;
  }

  /**
   * Seeds of random cases. {@code -Darrowmill.seed=N} runs one case alone; {@code
   * -Darrowmill.cases=N} runs more of them, from a new beginning.
   */
  static long[] seeds(int count) {
    Long seed = Long.getLong("arrowmill.seed");
    if (seed != null) {
      return new long[] {seed};
    }
    int cases = Integer.getInteger("arrowmill.cases", count);
    long start = cases == count ? 1 : new SplittableRandom().nextLong(1, 1_000_000_000L);
    long[] seeds = new long[cases];
    for (int i = 0; i < cases; i++) {
      seeds[i] = start + i;
    }
    return seeds;
  }
}
