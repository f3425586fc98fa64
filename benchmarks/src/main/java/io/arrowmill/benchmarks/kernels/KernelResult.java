package io.arrowmill.benchmarks.kernels;

import java.util.Comparator;
import java.util.List;

/** The timed runs of one query. Rows a second are those of each engine's best run. */
record KernelResult(KernelQuery query, long rows, List<PairRun> runs) {
  KernelResult {
    runs = List.copyOf(runs);
  }

  double arrowmillRowsPerSecond() {
    return rows * 1e9 / runs.stream().mapToDouble(PairRun::arrowmillNanos).min().orElseThrow();
  }

  double duckdbRowsPerSecond() {
    return rows * 1e9 / runs.stream().mapToDouble(PairRun::duckdbNanos).min().orElseThrow();
  }

  /** How many times DuckDB's rows a second. */
  double ratio() {
    return arrowmillRowsPerSecond() / duckdbRowsPerSecond();
  }

  /** The middle one of the ratios of all pairs. */
  double ratioMedian() {
    List<Double> ratios =
        runs.stream().map(PairRun::ratio).sorted(Comparator.naturalOrder()).toList();
    return ratios.get(ratios.size() / 2);
  }

  boolean reachesGoal() {
    return ratio() >= query.goal();
  }

  /** Core-seconds of Arrowmill's cheapest run. */
  double arrowmillCoreSeconds() {
    return runs.stream().mapToDouble(PairRun::arrowmillCpuNanos).min().orElseThrow() / 1e9;
  }

  /** Core-seconds of DuckDB's cheapest run. */
  double duckdbCoreSeconds() {
    return runs.stream().mapToDouble(PairRun::duckdbCpuNanos).min().orElseThrow() / 1e9;
  }
}
