package io.arrowmill.benchmarks.kernels;

import java.util.Locale;

/**
 * One run of a query on each engine, one after the other.
 *
 * @param arrowmillNanos time that passed
 * @param arrowmillCpuNanos time that all cores together were busy
 */
record PairRun(
    double arrowmillNanos, double arrowmillCpuNanos, double duckdbNanos, double duckdbCpuNanos) {

  /** What {@link KernelBenchmarks#paired} counted. */
  static PairRun of(JmhIteration iteration) {
    return new PairRun(
        iteration.value("arrowmillNanos"),
        iteration.value("arrowmillCpuNanos"),
        iteration.value("duckdbNanos"),
        iteration.value("duckdbCpuNanos"));
  }

  /** How many times DuckDB's speed. */
  double ratio() {
    return duckdbNanos / arrowmillNanos;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "Arrowmill %.1f ms, DuckDB %.1f ms, ratio %.2f",
        arrowmillNanos / 1e6,
        duckdbNanos / 1e6,
        ratio());
  }
}
