package io.arrowmill.benchmarks.kernels;

import com.sun.management.OperatingSystemMXBean;
import io.arrowmill.benchmarks.BenchmarkException;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs each query on both engines and prints rows a second. */
@Command(
    name = "kernels",
    description = {
      "Runs batch queries over rows in memory on Arrowmill and on DuckDB, one core each, in turn.",
      "Each query's answers are compared before it is timed. Rows a second are those of the best"
          + " run; median is the middle one of the ratios of all pairs."
    },
    mixinStandardHelpOptions = true)
public final class KernelsCommand implements Callable<Integer> {
  private static final long ROWS_DEFAULT = 20_000_000;
  private static final long ROWS_QUICK = 5_000_000;

  /** Free memory that 100 M rows with 10 M keys are run with, in both engines together. */
  private static final long ROOMY_BYTES = 16L << 30;

  @Option(
      names = "--rows",
      description = {
        "rows of input; default: 20,000,000, with --quick 5,000,000",
        "group-10m reads twice as many, or five times where 16 GB of memory are free"
      })
  private long rows;

  @Option(
      names = "--only",
      split = ",",
      description = "benchmarks: ${COMPLETION-CANDIDATES}; default: all",
      completionCandidates = Labels.class)
  private List<String> only = List.of();

  @Option(names = "--repeat", description = "timed runs; default: 7, with --quick 3")
  private int repeat;

  @Option(names = "--quick", description = "fewer rows and runs, for a first look")
  private boolean quick;

  @Option(
      names = "--explain",
      description =
          "says of one benchmark how near it comes to what memory allows, what it"
              + " allocates, and its plan",
      completionCandidates = Labels.class)
  private @Nullable String explain;

  @Option(names = "--target", description = "directory of results")
  private Path target = Path.of(System.getProperty("arrowmill.benchmarks.target", "target"));

  @Spec private @Nullable CommandSpec spec;

  /** The names of all benchmarks. */
  static final class Labels implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return KernelQueries.ALL.stream().map(KernelQuery::label).iterator();
    }
  }

  private final KernelReport report = new KernelReport();

  @Override
  public Integer call() throws IOException {
    if (rows < 0 || repeat < 0) {
      throw new BenchmarkException(
          "rows and repeat must be 1 or more: rows=" + rows + ", repeat=" + repeat);
    }
    if (explain != null) {
      KernelQuery query = KernelQueries.of(explain);
      progress(query + ": measuring...");
      progress(KernelExplanation.of(query, rows(query), repeat()));
      return 0;
    }
    Path directory = target.resolve("results");
    List<KernelQuery> queries =
        only.isEmpty() ? KernelQueries.ALL : only.stream().map(KernelQueries::of).toList();
    for (KernelQuery query : queries) {
      measure(query);
      // Written after every query: what is known survives an interruption.
      report.write(directory);
    }
    out().println();
    out().print(report.table());
    out().println("written to " + directory.resolve("kernels.json") + " and kernels.svg");
    out().flush();
    return 0;
  }

  private void measure(KernelQuery query) {
    long count = rows(query);
    progress(query + ": " + count + " rows: making them and comparing answers...");
    List<PairRun> runs = new ArrayList<>();
    new JmhFork("paired", query, count, quick ? 2 : 4, repeat())
        .run(
            List.of(),
            iteration -> {
              PairRun run = PairRun.of(iteration);
              progress(query + ": " + iteration.title() + ": " + run);
              if (!iteration.warmup()) {
                runs.add(run);
              }
            });
    report.add(new KernelResult(query, count, runs));
  }

  private int repeat() {
    return repeat != 0 ? repeat : quick ? 3 : 7;
  }

  private long rows(KernelQuery query) {
    long base = rows != 0 ? rows : quick ? ROWS_QUICK : ROWS_DEFAULT;
    if (!query.equals(KernelQueries.GROUP_10M)) {
      return base;
    }
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return base * (!quick && system.getFreeMemorySize() >= ROOMY_BYTES ? 5 : 2);
  }

  private void progress(String line) {
    out().println(line);
    out().flush();
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }
}
