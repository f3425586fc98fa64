package io.arrowmill.benchmarks.streaming;

/**
 * The best run of one workload on one engine.
 *
 * @param nanos from start to termination
 * @param runs how many were timed
 */
record Result(Workload workload, EngineKind engine, long rows, long nanos, int runs) {
  double rowsPerSecond() {
    return rows * 1e9 / nanos;
  }
}
