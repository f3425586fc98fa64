package io.arrowmill.benchmarks.kernels;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.format.OutputFormat;

/** Prints a line for each pair of runs that JMH reports, and keeps those that count. */
final class JmhProgress implements OutputFormat {
  private final String name;
  private final Consumer<String> progress;
  private final List<PairRun> runs = new ArrayList<>();

  JmhProgress(String name, Consumer<String> progress) {
    this.name = name;
    this.progress = progress;
  }

  /** The pairs after warm-up. */
  List<PairRun> runs() {
    return List.copyOf(runs);
  }

  @Override
  public void iterationResult(
      BenchmarkParams benchmark, IterationParams iteration, int number, IterationResult result) {
    if (!result.getSecondaryResults().containsKey("arrowmillNanos")) {
      return;
    }
    boolean isWarmup = iteration.getType() == IterationType.WARMUP;
    PairRun run =
        new PairRun(
            value(result, "arrowmillNanos"),
            value(result, "arrowmillCpuNanos"),
            value(result, "duckdbNanos"),
            value(result, "duckdbCpuNanos"));
    if (!isWarmup) {
      runs.add(run);
    }
    progress.accept(
        String.format(
            Locale.ROOT,
            "%s: %s %d of %d: Arrowmill %.1f ms, DuckDB %.1f ms, ratio %.2f",
            name,
            isWarmup ? "warm-up" : "run",
            number,
            iteration.getCount(),
            run.arrowmillNanos() / 1e6,
            run.duckdbNanos() / 1e6,
            run.ratio()));
  }

  private static double value(IterationResult result, String counter) {
    return Objects.requireNonNull(result.getSecondaryResults().get(counter)).getScore();
  }

  @Override
  public void iteration(BenchmarkParams benchmark, IterationParams iteration, int number) {}

  @Override
  public void startBenchmark(BenchmarkParams benchmark) {
    progress.accept(
        name + ": " + benchmark.getParam("rows") + " rows: made, and answers compared...");
  }

  @Override
  public void endBenchmark(BenchmarkResult result) {}

  @Override
  public void startRun() {}

  @Override
  public void endRun(Collection<RunResult> results) {}

  @Override
  public void print(String text) {}

  @Override
  public void println(String text) {}

  @Override
  public void verbosePrintln(String text) {}

  @Override
  public void write(int text) {}

  @Override
  public void write(byte[] text) {}

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
