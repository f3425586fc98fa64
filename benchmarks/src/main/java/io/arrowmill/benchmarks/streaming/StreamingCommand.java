package io.arrowmill.benchmarks.streaming;

import io.arrowmill.benchmarks.BenchmarkException;
import io.arrowmill.benchmarks.streaming.BenchmarkEngine.Input;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
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
      description = "workloads: ${COMPLETION-CANDIDATES}; default: all")
  private List<Workload> only = List.of(Workload.values());

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

  private final Map<Workload, String> answers = new EnumMap<>(Workload.class);
  private final Map<Workload, EngineKind> answered = new EnumMap<>(Workload.class);
  private final ResultReport report = new ResultReport();

  @Override
  public Integer call() throws Exception {
    if (rows < 1 || repeat < 1 || filesPerBatch < 1 || warmUpSeconds < 0) {
      throw new BenchmarkException(
          "rows, repeat and files-per-batch must be 1 or more, warm-up 0 or more: rows="
              + rows
              + ", repeat="
              + repeat
              + ", files-per-batch="
              + filesPerBatch
              + ", warm-up="
              + warmUpSeconds);
    }
    progress("input: " + rows + " rows in " + EventFiles.COUNT + " files");
    Input input = new Input(EventFiles.of(target.resolve("data"), rows), filesPerBatch);
    Path scratch = Files.createTempDirectory(target, "scratch-");
    Map<EngineKind, EngineProcess> processes = new EnumMap<>(EngineKind.class);
    try {
      for (EngineKind engine : engines) {
        processes.put(engine, new EngineProcess(engine, input, scratch));
      }
      for (Workload workload : Workload.values()) {
        if (only.contains(workload)) {
          measure(workload, processes);
        }
      }
    } finally {
      for (EngineProcess process : processes.values()) {
        process.close();
      }
      EventFiles.delete(scratch);
    }
    Path results = target.resolve("results");
    report.write(results);
    out().println();
    out().print(report.table());
    out().println("written to " + results.resolve("streaming.json") + " and streaming.svg");
    out().flush();
    return 0;
  }

  /**
   * Every engine's answer and warm-up, then runs of all of them in turn: what disturbs one disturbs
   * all.
   */
  private void measure(Workload workload, Map<EngineKind, EngineProcess> processes)
      throws IOException {
    for (Map.Entry<EngineKind, EngineProcess> engine : processes.entrySet()) {
      progress(engine.getKey() + " " + workload + ": answer and warm-up...");
      long started = System.nanoTime();
      check(engine.getKey(), workload, engine.getValue().answer(workload));
      warmUp(engine.getValue(), workload, started);
    }
    Map<EngineKind, Long> best = new EnumMap<>(EngineKind.class);
    for (int run = 1; run <= repeat; run++) {
      for (Map.Entry<EngineKind, EngineProcess> engine : processes.entrySet()) {
        if (run <= runs(engine.getKey())) {
          long nanos = engine.getValue().nanos(workload);
          best.merge(engine.getKey(), nanos, Math::min);
          progress(runLine(engine.getKey(), workload, run, nanos));
        }
      }
    }
    best.forEach(
        (engine, nanos) -> report.add(new Result(workload, engine, rows, nanos, runs(engine))));
  }

  /** A stream runs for long, so what its compilers do at first is not what is measured. */
  private void warmUp(EngineProcess engine, Workload workload, long started) throws IOException {
    long wanted = TimeUnit.SECONDS.toNanos(warmUpSeconds);
    while (System.nanoTime() - started < wanted) {
      engine.nanos(workload);
    }
  }

  private int runs(EngineKind engine) {
    return engine == EngineKind.SPARK ? Math.min(SPARK_RUNS_MAX, repeat) : repeat;
  }

  private String runLine(EngineKind engine, Workload workload, int run, long nanos) {
    return String.format(
        Locale.ROOT,
        "%s %s: run %d of %d: %.3f s, %.2f M rows/s",
        engine,
        workload,
        run,
        runs(engine),
        nanos / 1e9,
        rows * 1e3 / nanos);
  }

  private void check(EngineKind engine, Workload workload, String answer) {
    String known = answers.putIfAbsent(workload, answer);
    EngineKind first = answered.computeIfAbsent(workload, ignored -> engine);
    if (known != null && !known.equals(answer)) {
      throw new BenchmarkException(
          "engines must give the same answer: workload="
              + workload
              + ", digest="
              + String.join(", ", workload.digest())
              + ", "
              + first
              + "="
              + known
              + ", "
              + engine
              + "="
              + answer
              + "; one of them is wrong, so nothing is timed");
    }
  }

  private void progress(String line) {
    out().println(line);
    out().flush();
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }
}
