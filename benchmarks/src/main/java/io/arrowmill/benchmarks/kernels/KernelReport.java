package io.arrowmill.benchmarks.kernels;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.arrowmill.benchmarks.BarChart;
import io.arrowmill.benchmarks.BarChart.Bar;
import io.arrowmill.benchmarks.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The results so far, as a table, as JSON and as a picture. */
final class KernelReport {
  private static final double RATIO_SHOWN_MAX = 5;

  private final List<KernelResult> results = new ArrayList<>();

  void add(KernelResult result) {
    results.add(result);
  }

  /** A line for every query. */
  String table() {
    TextTable table =
        new TextTable(
            1,
            "benchmark",
            "rows",
            "Arrowmill M rows/s",
            "DuckDB M rows/s",
            "ratio",
            "median",
            "goal",
            "",
            "core-s",
            "DuckDB core-s",
            "core ratio");
    for (KernelResult result : results) {
      table.add(
          result.query().label(),
          String.format(Locale.ROOT, "%,d", result.rows()),
          decimal(1, result.arrowmillRowsPerSecond() / 1e6),
          decimal(1, result.duckdbRowsPerSecond() / 1e6),
          decimal(2, result.ratio()),
          decimal(2, result.ratioMedian()),
          decimal(1, result.query().goal()),
          result.reachesGoal() ? "yes" : "no",
          decimal(3, result.arrowmillCoreSeconds()),
          decimal(3, result.duckdbCoreSeconds()),
          decimal(2, result.duckdbCoreSeconds() / result.arrowmillCoreSeconds()));
    }
    return table.toString();
  }

  private static String decimal(int places, double value) {
    return String.format(Locale.ROOT, "%." + places + "f", value);
  }

  /** Writes {@code kernels.json} and {@code kernels.svg}. */
  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    writeJson(directory.resolve("kernels.json"));
    Files.writeString(directory.resolve("kernels.svg"), chart().svg());
  }

  /** A list of objects {@code benchmark, engine, rows_per_s, ratio_to_duckdb}. */
  private void writeJson(Path file) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.useDefaultPrettyPrinter();
      json.writeStartArray();
      for (KernelResult result : results) {
        String name = result.query().label();
        writeJson(json, name, "arrowmill", result.arrowmillRowsPerSecond(), result.ratio());
        writeJson(json, name, "duckdb", result.duckdbRowsPerSecond(), 1);
      }
      json.writeEndArray();
    }
  }

  private static void writeJson(
      JsonGenerator json, String benchmark, String engine, double rowsPerSecond, double ratio)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("benchmark", benchmark);
    json.writeStringField("engine", engine);
    json.writeNumberField("rows_per_s", rowsPerSecond);
    json.writeNumberField("ratio_to_duckdb", ratio);
    json.writeEndObject();
  }

  private BarChart chart() {
    double highest =
        results.stream()
            .mapToDouble(result -> Math.max(result.ratio(), result.query().goal()))
            .max()
            .orElse(1);
    BarChart chart =
        new BarChart(
            "One core, rows in memory: speed relative to DuckDB (longer is faster)",
            List.of("Arrowmill", "DuckDB"),
            Math.min(RATIO_SHOWN_MAX, Math.ceil(highest)));
    for (KernelResult result : results) {
      chart.add(
          result.query().label(),
          List.of(
              bar(result.ratio(), result.arrowmillRowsPerSecond()),
              bar(1, result.duckdbRowsPerSecond())),
          OptionalDouble.of(result.query().goal()));
    }
    return chart;
  }

  private static Bar bar(double ratio, double rowsPerSecond) {
    return new Bar(
        ratio, String.format(Locale.ROOT, "%.2fx, %.0f M rows/s", ratio, rowsPerSecond / 1e6));
  }
}
