package io.arrowmill.benchmarks.growth;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.arrowmill.benchmarks.BarChart;
import io.arrowmill.benchmarks.BenchmarkException;
import io.arrowmill.benchmarks.ChildJvm;
import io.arrowmill.benchmarks.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows that growth of a table never holds a batch up, and that nobody can choose slow keys. */
@Command(
    name = "growth",
    description = {
      "Lets tables grow in JVMs of their own, 4,096 keys at a time, and prints the longest that one"
          + " such slice took: the goal is less than 50 ms. The first table of a JVM is grown by"
          + " code that is not compiled yet; its first slice, for which classes are loaded, stands"
          + " alone.",
      "Then compares keys without a pattern to keys that were chosen to hash alike: the goal is at"
          + " most four times the time."
    },
    mixinStandardHelpOptions = true)
public final class GrowthCommand implements Callable<Integer> {
  private static final double LONGEST_MILLIS_GOAL = 50;
  private static final double ALIKE_GOAL = 4;

  @Option(names = "--keys", description = "keys of a table; default: ${DEFAULT-VALUE}")
  private long keys = 10_000_000;

  @Option(
      names = "--alike",
      description = "keys of a table of those that hash alike; default: ${DEFAULT-VALUE}")
  private long alike = 1_000_000;

  @Option(names = "--forks", description = "JVMs; default: ${DEFAULT-VALUE}")
  private int forks = 3;

  @Option(names = "--target", description = "directory of results")
  private Path target = Path.of(System.getProperty("arrowmill.benchmarks.target", "target"));

  @Spec private @Nullable CommandSpec spec;

  /**
   * What a fork told: tables of usual and dense keys in order, then pairs of usual and alike ones.
   */
  private record Fork(
      List<Growth> tables, List<Growth> dense, List<Growth> usual, List<Growth> alike) {
    Fork() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void take(String[] reply) {
      Growth growth =
          new Growth(
              Long.parseLong(reply[2]),
              Long.parseLong(reply[3]),
              Long.parseLong(reply[4]),
              Long.parseLong(reply[5]),
              Long.parseLong(reply[6]));
      switch (reply[1]) {
        case "DENSE" -> dense.add(growth);
        case "USUAL" -> usual.add(growth);
        case "ALIKE" -> alike.add(growth);
        default -> tables.add(growth);
      }
    }

    boolean isWhole() {
      return tables.size() == GrowthChild.TABLES
          && dense.size() == GrowthChild.TABLES
          && !usual.isEmpty()
          && !alike.isEmpty();
    }

    double alikeToUsual() {
      return best(alike) / best(usual);
    }

    private static double best(List<Growth> growths) {
      return growths.stream().mapToDouble(Growth::cpuNanosPerKey).min().orElseThrow();
    }
  }

  @Override
  public Integer call() throws Exception {
    if (keys < 1 || alike < 1 || forks < 1) {
      throw new BenchmarkException(
          "keys, alike and forks must be 1 or more: keys=%d, alike=%d, forks=%d"
              .formatted(keys, alike, forks));
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    List<Fork> results = new ArrayList<>();
    for (int fork = 1; fork <= forks; fork++) {
      out.println("JVM " + fork + " of " + forks + "...");
      out.flush();
      results.add(run());
    }
    Path directory = target.resolve("results");
    Files.createDirectories(directory);
    writeJson(directory.resolve("growth.json"), results);
    Files.writeString(directory.resolve("growth.svg"), chart(results).svg());
    out.println();
    out.print(table(results));
    out.println("written to " + directory.resolve("growth.json") + " and growth.svg");
    out.flush();
    return 0;
  }

  private Fork run() throws IOException, InterruptedException {
    Fork fork = new Fork();
    int exit =
        ChildJvm.run(
            List.of("growth-child", Long.toString(keys), Long.toString(alike)), fork::take);
    if (exit != 0 || !fork.isWhole()) {
      throw new BenchmarkException("the tables must grow; the error is printed above");
    }
    return fork;
  }

  /** The worst of all JVMs. */
  private TextTable table(List<Fork> results) {
    TextTable table =
        new TextTable(
            1, "keys added 4,096 at a time", "keys", "longest slice", "its CPU time", "goal");
    for (int index = 0; index < GrowthChild.TABLES; index++) {
      addLongest(table, label(index), tablesAt(index, results, Fork::tables));
    }
    for (int index = 0; index < GrowthChild.TABLES; index++) {
      addLongest(table, "dense keys, " + label(index), tablesAt(index, results, Fork::dense));
    }
    table.add(
        "first " + Growth.SLICE_ROWS + " keys of a JVM",
        Integer.toString(Growth.SLICE_ROWS),
        decimal(firstMillis(results)) + " ms",
        "",
        decimal(LONGEST_MILLIS_GOAL) + " ms");
    double worst = results.stream().mapToDouble(Fork::alikeToUsual).max().orElseThrow();
    table.add(
        "keys that hash alike, to usual ones",
        Long.toString(alike),
        "",
        decimal(worst) + "x",
        decimal(ALIKE_GOAL) + "x");
    return table;
  }

  private static double firstMillis(List<Fork> results) {
    return results.stream().mapToLong(fork -> fork.tables().get(0).firstNanos()).max().orElseThrow()
        / 1e6;
  }

  private static String label(int index) {
    return index == 0 ? "first table of a JVM" : "table " + (index + 1);
  }

  private static List<Growth> tablesAt(
      int index, List<Fork> results, Function<Fork, List<Growth>> tables) {
    return results.stream().map(fork -> tables.apply(fork).get(index)).toList();
  }

  private void addLongest(TextTable table, String label, List<Growth> growths) {
    long longest = growths.stream().mapToLong(Growth::longestNanos).max().orElseThrow();
    long cpu = growths.stream().mapToLong(Growth::longestCpuNanos).max().orElseThrow();
    table.add(
        label,
        Long.toString(keys),
        decimal(longest / 1e6) + " ms",
        decimal(cpu / 1e6) + " ms",
        decimal(LONGEST_MILLIS_GOAL) + " ms");
  }

  private static BarChart chart(List<Fork> results) {
    BarChart chart =
        new BarChart(
            "Longest slice of 4,096 keys while a table grows, ms (shorter is better)",
            List.of("on the wall", "of the CPU"),
            1.2 * LONGEST_MILLIS_GOAL);
    for (int fork = 0; fork < results.size(); fork++) {
      for (int index = 0; index < GrowthChild.TABLES; index++) {
        String label = "JVM %d, table %d".formatted(fork + 1, index + 1);
        addBars(chart, label, results.get(fork).tables().get(index));
        addBars(chart, label + ", dense", results.get(fork).dense().get(index));
      }
    }
    return chart;
  }

  private static void addBars(BarChart chart, String label, Growth growth) {
    chart.add(
        label,
        List.of(bar(growth.longestNanos()), bar(growth.longestCpuNanos())),
        OptionalDouble.of(LONGEST_MILLIS_GOAL));
  }

  private static BarChart.Bar bar(long nanos) {
    return new BarChart.Bar(nanos / 1e6, decimal(nanos / 1e6) + " ms");
  }

  /** A list of objects, one a table, by fork. */
  private static void writeJson(Path file, List<Fork> results) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.useDefaultPrettyPrinter();
      json.writeStartArray();
      for (int fork = 0; fork < results.size(); fork++) {
        write(json, fork, "usual", results.get(fork).tables());
        write(json, fork, "dense", results.get(fork).dense());
        write(json, fork, "usual", results.get(fork).usual());
        write(json, fork, "alike", results.get(fork).alike());
      }
      json.writeEndArray();
    }
  }

  private static void write(JsonGenerator json, int fork, String kind, List<Growth> growths)
      throws IOException {
    for (Growth growth : growths) {
      json.writeStartObject();
      json.writeNumberField("jvm", fork + 1);
      json.writeStringField("kind", kind);
      json.writeNumberField("keys", growth.keys());
      json.writeNumberField("first_slice_ms", growth.firstNanos() / 1e6);
      json.writeNumberField("longest_slice_ms", growth.longestNanos() / 1e6);
      json.writeNumberField("longest_slice_cpu_ms", growth.longestCpuNanos() / 1e6);
      json.writeNumberField("cpu_ns_per_key", growth.cpuNanosPerKey());
      json.writeEndObject();
    }
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
