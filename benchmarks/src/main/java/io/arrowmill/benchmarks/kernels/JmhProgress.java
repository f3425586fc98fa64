package io.arrowmill.benchmarks.kernels;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.format.OutputFormat;

/** Hands on each iteration as JMH reports it, and prints nothing itself. */
final class JmhProgress implements OutputFormat {
  private final Consumer<JmhIteration> iterations;

  JmhProgress(Consumer<JmhIteration> iterations) {
    this.iterations = iterations;
  }

  @Override
  public void iterationResult(
      BenchmarkParams benchmark, IterationParams iteration, int number, IterationResult result) {
    Map<String, Double> counters = new HashMap<>();
    result.getSecondaryResults().forEach((name, value) -> counters.put(name, value.getScore()));
    boolean isWarmup = iteration.getType() == IterationType.WARMUP;
    iterations.accept(new JmhIteration(isWarmup, number, iteration.getCount(), counters));
  }

  @Override
  public void iteration(BenchmarkParams benchmark, IterationParams iteration, int number) {}

  @Override
  public void startBenchmark(BenchmarkParams benchmark) {}

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
