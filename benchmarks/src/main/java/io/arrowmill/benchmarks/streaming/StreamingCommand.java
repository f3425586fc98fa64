package io.arrowmill.benchmarks.streaming;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs each workload on each engine and prints rows a second. */
@Command(
    name = "streaming",
    description = {
      "Runs streaming queries over Parquet files on Arrowmill and on Spark, both with two threads"
          + " and checkpointed, and the same queries as batch on DuckDB.",
      "The answers of a query are compared before it is timed; each engine, in a process of its"
          + " own, is warmed up for the same time; then they take turns. Rows a second are those of"
          + " the best run, from start to termination."
    },
    mixinStandardHelpOptions = true)
public final class StreamingCommand implements Callable<Integer> {
  /** It takes long: no more than all have by default. */
  private static final int SPARK_RUNS_MAX = 3;

  @Option(
      names = "--only",
      split = ",",
      completionCandidates = Names.class,
      description = "workloads: ${COMPLETION-CANDIDATES}; default: all")
  private List<Workload> only = Workload.of(Suite.STREAMING);

  @Mixin
  private SuiteOptions options = new SuiteOptions(Suite.STREAMING, 20_000_000, 5, SPARK_RUNS_MAX);

  @Spec private @Nullable CommandSpec spec;

  /** The workloads that can be named. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Workload.of(Suite.STREAMING).stream().map(Workload::label).iterator();
    }
  }

  @Override
  public Integer call() throws Exception {
    ResultReport report = new ResultReport(Suite.STREAMING);
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    new SuiteRun(Suite.STREAMING, options.of(only), report, out).run();
    report.finish(options.results(), out);
    return 0;
  }
}
