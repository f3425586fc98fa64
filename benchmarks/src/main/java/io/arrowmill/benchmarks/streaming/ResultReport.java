package io.arrowmill.benchmarks.streaming;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The results so far, as a table and as JSON. */
final class ResultReport {
  private static final int[] WIDTHS = {16, 15, 9, 9, 9, 4};

  private final List<Result> results = new ArrayList<>();

  void add(Result result) {
    results.add(result);
  }

  /** Rows a second of an engine over those of Spark, if both have run the workload. */
  OptionalDouble ratioToSpark(Result result) {
    return results.stream()
        .filter(
            other -> other.engine() == EngineKind.SPARK && other.workload() == result.workload())
        .mapToDouble(spark -> result.rowsPerSecond() / spark.rowsPerSecond())
        .findFirst();
  }

  /** A line for every workload and engine. */
  String table() {
    StringBuilder table = new StringBuilder();
    line(table, "benchmark", "engine", "M rows/s", "seconds", "to Spark", "runs");
    String dashes = "-".repeat(16);
    line(table, dashes, dashes, dashes, dashes, dashes, dashes);
    for (Workload workload : Workload.values()) {
      for (Result result : results) {
        if (result.workload() == workload) {
          OptionalDouble ratio = ratioToSpark(result);
          line(
              table,
              workload.label(),
              result.engine().title(),
              decimal(2, result.rowsPerSecond() / 1e6),
              decimal(3, result.nanos() / 1e9),
              ratio.isPresent() ? decimal(1, ratio.getAsDouble()) + "x" : "-",
              Integer.toString(result.runs()));
        }
      }
    }
    return table.toString();
  }

  private static void line(StringBuilder table, String... cells) {
    for (int i = 0; i < cells.length; i++) {
      String cell = cells[i].substring(0, Math.min(WIDTHS[i], cells[i].length()));
      String padding = " ".repeat(WIDTHS[i] - cell.length());
      table.append("| ").append(i < 2 ? cell + padding : padding + cell).append(' ');
    }
    table.append("|\n");
  }

  private static String decimal(int places, double value) {
    return String.format(Locale.ROOT, "%." + places + "f", value);
  }

  /** Writes a list of objects {@code benchmark, engine, rows_per_s, ratio_to_spark}. */
  void writeJson(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try (JsonGenerator json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.useDefaultPrettyPrinter();
      json.writeStartArray();
      for (Result result : results) {
        json.writeStartObject();
        json.writeStringField("benchmark", result.workload().label());
        json.writeStringField("engine", result.engine().label());
        json.writeNumberField("rows_per_s", result.rowsPerSecond());
        OptionalDouble ratio = ratioToSpark(result);
        if (ratio.isPresent()) {
          json.writeNumberField("ratio_to_spark", ratio.getAsDouble());
        } else {
          json.writeNullField("ratio_to_spark");
        }
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }
}
