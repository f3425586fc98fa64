package io.arrowmill.benchmarks.kernels;

import io.arrowmill.benchmarks.BenchmarkException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.Profiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * A method of {@link KernelBenchmarks} that JMH runs in a process of its own, with this JVM's
 * flags.
 *
 * @param method its name
 */
record JmhFork(String method, KernelQuery query, long rows, int warmups, int repeat) {
  /**
   * Runs it.
   *
   * @param iterations is given each iteration as it ends, warm-ups too
   * @throws BenchmarkException if the process fails, or finds that answers differ
   */
  void run(List<Class<? extends Profiler>> profilers, Consumer<JmhIteration> iterations) {
    String pattern = KernelBenchmarks.class.getName().replace(".", "\\.") + "\\." + method;
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + pattern + "$")
            .param("query", query.label())
            .param("rows", Long.toString(rows))
            .warmupIterations(warmups)
            .measurementIterations(repeat)
            .forks(1)
            .shouldFailOnError(true);
    profilers.forEach(options::addProfiler);
    try {
      new Runner(options.build(), new JmhProgress(iterations)).run();
    } catch (RunnerException e) {
      throw failure(e);
    }
  }

  /** What stopped the process, which JMH hands on below its own exceptions. */
  private BenchmarkException failure(Throwable thrown) {
    Throwable root = thrown;
    for (Throwable at = thrown; at != null; at = next(at)) {
      if (at instanceof BenchmarkException known) {
        return known;
      }
      root = at;
    }
    return new BenchmarkException(
        "engines must run the query: benchmark=" + query + ", rows=" + rows + ", error=" + root);
  }

  private static @Nullable Throwable next(Throwable thrown) {
    return thrown.getCause() == null && thrown.getSuppressed().length > 0
        ? thrown.getSuppressed()[0]
        : thrown.getCause();
  }
}
