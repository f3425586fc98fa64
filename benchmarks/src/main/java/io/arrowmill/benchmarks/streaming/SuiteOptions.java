package io.arrowmill.benchmarks.streaming;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of a suite's command that those of other suites have too. */
final class SuiteOptions {
  @Option(names = "--rows", description = "rows of each stream; default: ${DEFAULT-VALUE}")
  private long rows;

  @Option(
      names = "--engines",
      split = ",",
      description = "engines, of ${COMPLETION-CANDIDATES}; default: all that can run the suite")
  private List<EngineKind> engines;

  /** After a third of it the short queries of a suite were seen to get faster still. */
  private static final int WARM_UP_SECONDS = 15;

  @Option(
      names = "--repeat",
      description = "timed runs, of Spark no more than are of use; default: ${DEFAULT-VALUE}")
  private int repeat = 3;

  @Option(
      names = "--warm-up",
      description =
          "seconds that each engine runs a query before it is timed; default: ${DEFAULT-VALUE}")
  private int warmUpSeconds = WARM_UP_SECONDS;

  @Option(
      names = "--files-per-batch",
      description = "of 20 files, of each stream; default: ${DEFAULT-VALUE}")
  private int filesPerBatch;

  @Option(names = "--target", description = "directory of data and results")
  private Path target = Path.of(System.getProperty("arrowmill.benchmarks.target", "target"));

  private final Suite suite;
  private final int sparkRunsMax;

  SuiteOptions(Suite suite, long rows, int filesPerBatch, int sparkRunsMax) {
    this.suite = suite;
    this.rows = rows;
    this.filesPerBatch = filesPerBatch;
    this.sparkRunsMax = sparkRunsMax;
    engines = List.copyOf(suite.engines());
  }

  Path results() {
    return target.resolve("results");
  }

  /** What a run needs, for some workloads of the suite. */
  SuiteRun.Options of(List<Workload> workloads) {
    List<EngineKind> able = engines.stream().filter(suite.engines()::contains).toList();
    return new SuiteRun.Options(
        rows, workloads, able, repeat, sparkRunsMax, warmUpSeconds, filesPerBatch, target);
  }
}
