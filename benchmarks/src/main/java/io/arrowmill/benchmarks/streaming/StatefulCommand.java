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

/** Runs each workload that keeps much state on each engine and prints rows a second. */
@Command(
    name = "stateful",
    description = {
      "Runs streaming queries that keep much state on Arrowmill and on Spark, both with two threads"
          + " and checkpointed: joins of two streams, deduplication, sliding and session windows.",
      "The answers of a query are compared before it is timed; then the engines take turns, each in"
          + " a process of its own. Rows a second are those of the best run, from start to"
          + " termination; of a join, those of both streams."
    },
    mixinStandardHelpOptions = true)
public final class StatefulCommand implements Callable<Integer> {
  /** It takes about a minute. */
  private static final int SPARK_RUNS_MAX = 1;

  @Option(
      names = "--more-rows",
      description =
          "rows of each stream in a second pass without Spark, to show that the rate holds; 0 for"
              + " none; default: ${DEFAULT-VALUE}")
  private long moreRows = 20_000_000;

  @Option(
      names = "--only",
      split = ",",
      completionCandidates = Names.class,
      description = "workloads: ${COMPLETION-CANDIDATES}; default: all")
  private List<Workload> only = Workload.of(Suite.STATEFUL);

  @Mixin
  private SuiteOptions options = new SuiteOptions(Suite.STATEFUL, 5_000_000, 4, SPARK_RUNS_MAX);

  @Spec private @Nullable CommandSpec spec;

  /** The workloads that can be named. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Workload.of(Suite.STATEFUL).stream().map(Workload::label).iterator();
    }
  }

  @Override
  public Integer call() throws Exception {
    SuiteRun.Options first = options.of(only);
    ResultReport report = new ResultReport(Suite.STATEFUL);
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    new SuiteRun(Suite.STATEFUL, first, report, out).run();
    boolean runsOurs = first.engines().contains(EngineKind.ARROWMILL);
    if (moreRows > 0 && moreRows != first.rows() && runsOurs) {
      SuiteRun.Options more = first.withRows(moreRows).withEngines(List.of(EngineKind.ARROWMILL));
      new SuiteRun(Suite.STATEFUL, more, report, out).run();
    }
    report.finish(options.results(), out);
    return 0;
  }
}
