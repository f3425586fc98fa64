package io.arrowmill.benchmarks.kernels;

import java.util.Map;

/**
 * What JMH reports of an iteration.
 *
 * @param number counted from one, of {@code count}
 * @param counters values of auxiliary counters and profilers, by name
 */
record JmhIteration(boolean warmup, int number, int count, Map<String, Double> counters) {
  JmhIteration {
    counters = Map.copyOf(counters);
  }

  double value(String counter) {
    Double value = counters.get(counter);
    if (value == null) {
      throw new IllegalStateException(
          "JMH must report the counter: name=" + counter + ", reported=" + counters.keySet());
    }
    return value;
  }

  /** Such as {@code run 2 of 7}. */
  String title() {
    return (warmup ? "warm-up " : "run ") + number + " of " + count;
  }
}
