package io.arrowmill.benchmarks.coldstart;

import io.arrowmill.benchmarks.BenchmarkException;
import io.arrowmill.benchmarks.ChildJvm;
import io.arrowmill.benchmarks.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times the first batch of new queries in cold JVMs, mode beside mode. */
@Command(
    name = "coldstart",
    description = {
      "Times the first 1,000 rows of queries that a JVM has not run before, with each way of"
          + " running expressions; every run has a JVM of its own, and the ways take turns.",
      "Prints medians, and how they compare to the interpreter, which has nothing to compile: the"
          + " goal is at most twice its time."
    },
    mixinStandardHelpOptions = true)
public final class ColdStartCommand implements Callable<Integer> {
  private static final List<String> MODES = List.of("interpreted", "scalar", "simd");

  @Option(names = "--forks", description = "JVMs for each way; default: ${DEFAULT-VALUE}")
  private int forks = 7;

  @Spec private @Nullable CommandSpec spec;

  /** Nanoseconds of each run, by query, then by mode. */
  private final Map<ColdQuery, List<List<Long>>> nanos = new EnumMap<>(ColdQuery.class);

  private final Map<ColdQuery, String> answers = new EnumMap<>(ColdQuery.class);

  @Override
  public Integer call() throws Exception {
    if (forks < 1) {
      throw new BenchmarkException("forks must be 1 or more: forks=" + forks);
    }
    for (ColdQuery query : ColdQuery.values()) {
      nanos.put(query, MODES.stream().map(mode -> (List<Long>) new ArrayList<Long>()).toList());
    }
    for (int fork = 0; fork < forks; fork++) {
      for (int mode = 0; mode < MODES.size(); mode++) {
        run(mode);
      }
    }
    out().print(table());
    out().flush();
    return 0;
  }

  private void run(int mode) throws IOException, InterruptedException {
    AtomicInteger replies = new AtomicInteger();
    int exit =
        ChildJvm.run(
            List.of("coldstart-child", MODES.get(mode)),
            reply -> {
              take(reply, mode);
              replies.incrementAndGet();
            });
    if (exit != 0 || replies.get() != ColdQuery.values().length) {
      throw new BenchmarkException(
          "the queries must run: mode=" + MODES.get(mode) + "; the error is printed above");
    }
  }

  private void take(String[] reply, int mode) {
    ColdQuery query = ColdQuery.valueOf(reply[1]);
    Objects.requireNonNull(nanos.get(query)).get(mode).add(Long.parseLong(reply[2]));
    String known = answers.putIfAbsent(query, reply[3]);
    if (known != null && !known.equals(reply[3])) {
      throw new BenchmarkException(
          "all modes must give the same rows: query="
              + query.title()
              + ", mode="
              + MODES.get(mode));
    }
  }

  private TextTable table() {
    TextTable table =
        new TextTable(1, "query", "interpreted", "scalar", "simd", "scalar to it", "simd to it");
    nanos.forEach((query, runs) -> {
      List<Double> millis = runs.stream().map(ColdStartCommand::medianMillis).toList();
      table.add(
          query.title(),
          decimal(millis.get(0)) + " ms",
          decimal(millis.get(1)) + " ms",
          decimal(millis.get(2)) + " ms",
          decimal(millis.get(1) / millis.get(0)) + "x",
          decimal(millis.get(2) / millis.get(0)) + "x");
    });
    return table;
  }

  private static double medianMillis(List<Long> runs) {
    List<Long> sorted = runs.stream().sorted().toList();
    return sorted.get(sorted.size() / 2) / 1e6;
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }
}
