package io.arrowmill.benchmarks.kernels;

/**
 * One run of a query on each engine, one after the other.
 *
 * @param arrowmillNanos time that passed
 * @param arrowmillCpuNanos time that all cores together were busy
 */
record PairRun(
    double arrowmillNanos, double arrowmillCpuNanos, double duckdbNanos, double duckdbCpuNanos) {
  double ratio() {
    return duckdbNanos / arrowmillNanos;
  }
}
