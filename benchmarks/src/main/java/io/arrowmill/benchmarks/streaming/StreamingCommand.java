package io.arrowmill.benchmarks.streaming;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
  /** It takes long, and once it is warm its second run is about as fast as any later one. */
  private static final int SPARK_RUNS_MAX = 2;

  @Option(names = "--rows", description = "rows of input; default: ${DEFAULT-VALUE}")
  private long rows = 20_000_000;

  @Option(
      names = "--only",
      split = ",",
      completionCandidates = Names.class,
      description = "workloads: ${COMPLETION-CANDIDATES}; default: all")
  private List<Workload> only = Workload.of(Suite.STREAMING);

  @Option(
      names = "--engines",
      split = ",",
      description = "engines: ${COMPLETION-CANDIDATES}; default: all")
  private List<EngineKind> engines = List.of(EngineKind.values());

  @Option(
      names = "--repeat",
      description = "timed runs; of Spark at most two; default: ${DEFAULT-VALUE}")
  private int repeat = 3;

  @Option(
      names = "--warm-up",
      description = "seconds of each engine, its answer included; default: ${DEFAULT-VALUE}")
  private int warmUpSeconds = 5;

  @Option(
      names = "--files-per-batch",
      description = "of 20 files, in both streaming engines; default: ${DEFAULT-VALUE}")
  private int filesPerBatch = 5;

  @Option(names = "--target", description = "directory of data and results")
  private Path target = Path.of(System.getProperty("arrowmill.benchmarks.target", "target"));

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
    SuiteRun.Options options =
        new SuiteRun.Options(
            rows, only, engines, repeat, SPARK_RUNS_MAX, warmUpSeconds, filesPerBatch, target);
    ResultReport report = new ResultReport(Suite.STREAMING);
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    new SuiteRun(Suite.STREAMING, options, report, out).run();
    report.finish(target.resolve("results"), out);
    return 0;
  }
}
