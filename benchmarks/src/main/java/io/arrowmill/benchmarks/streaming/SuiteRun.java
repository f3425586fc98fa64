package io.arrowmill.benchmarks.streaming;

import io.arrowmill.benchmarks.BenchmarkException;
import io.arrowmill.benchmarks.streaming.BenchmarkEngine.Input;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the workloads of a suite on each engine, at one size of the input. Used once. */
final class SuiteRun {
  private final Suite suite;
  private final Options options;
  private final ResultReport report;
  private final PrintWriter out;
  private final Map<Workload, String> answers = new EnumMap<>(Workload.class);
  private final Map<Workload, EngineKind> answered = new EnumMap<>(Workload.class);

  /**
   * What is run.
   *
   * @param rows of each stream's input
   * @param repeat timed runs of every engine but Spark
   * @param sparkRepeat timed runs of Spark
   * @param warmUpSeconds how long each engine runs a workload before it is timed, at least
   * @param target directory of data and results
   */
  record Options(
      long rows,
      List<Workload> workloads,
      List<EngineKind> engines,
      int repeat,
      int sparkRepeat,
      int warmUpSeconds,
      int filesPerBatch,
      Path target) {
    Options {
      workloads = List.copyOf(workloads);
      engines = List.copyOf(engines);
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
    }

    Options withRows(long other) {
      return new Options(
          other, workloads, engines, repeat, sparkRepeat, warmUpSeconds, filesPerBatch, target);
    }

    Options withEngines(List<EngineKind> others) {
      return new Options(
          rows, workloads, others, repeat, sparkRepeat, warmUpSeconds, filesPerBatch, target);
    }
  }

  SuiteRun(Suite suite, Options options, ResultReport report, PrintWriter out) {
    this.suite = suite;
    this.options = options;
    this.report = report;
    this.out = out;
  }

  /** Measures every workload and adds the results to the report. */
  void run() throws IOException, SQLException {
    progress("input: " + options.rows() + " rows in " + EventFiles.COUNT + " files");
    Path data = options.target().resolve("data");
    Path events = EventFiles.of(data, options.rows());
    boolean joins = options.workloads().stream().anyMatch(Workload::joinsStreams);
    Path others = joins ? EventFiles.others(data, options.rows()) : events;
    Input input = new Input(events, others, options.filesPerBatch());
    Path scratch = Files.createTempDirectory(options.target(), "scratch-");
    Map<EngineKind, EngineProcess> processes = new EnumMap<>(EngineKind.class);
    try {
      for (EngineKind engine : options.engines()) {
        processes.put(engine, new EngineProcess(engine, input, scratch));
      }
      for (Workload workload : Workload.of(suite)) {
        if (options.workloads().contains(workload)) {
          measure(workload, processes);
        }
      }
    } finally {
      for (EngineProcess process : processes.values()) {
        process.close();
      }
      EventFiles.delete(scratch);
    }
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
    for (int run = 1; run <= options.repeat(); run++) {
      for (Map.Entry<EngineKind, EngineProcess> engine : processes.entrySet()) {
        if (run <= runs(engine.getKey())) {
          long nanos = engine.getValue().nanos(workload);
          best.merge(engine.getKey(), nanos, Math::min);
          progress(runLine(engine.getKey(), workload, run, nanos));
        }
      }
    }
    best.forEach((engine, nanos) ->
        report.add(new Result(workload, engine, rows(workload), nanos, runs(engine))));
  }

  /** A stream runs for long, so what its compilers do at first is not what is measured. */
  private void warmUp(EngineProcess engine, Workload workload, long started) throws IOException {
    long wanted = TimeUnit.SECONDS.toNanos(options.warmUpSeconds());
    while (System.nanoTime() - started < wanted) {
      engine.nanos(workload);
    }
  }

  /** Rows that a run reads, those of both streams. */
  private long rows(Workload workload) {
    return workload.joinsStreams() ? 2 * options.rows() : options.rows();
  }

  private int runs(EngineKind engine) {
    return engine == EngineKind.SPARK
        ? Math.min(options.sparkRepeat(), options.repeat())
        : options.repeat();
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
        rows(workload) * 1e3 / nanos);
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
    out.println(line);
    out.flush();
  }
}
