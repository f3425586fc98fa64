package io.arrowmill.benchmarks.streaming;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.arrowmill.benchmarks.BarChart;
import io.arrowmill.benchmarks.BarChart.Bar;
import io.arrowmill.benchmarks.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The results so far, as a table, as JSON and as a picture. */
final class ResultReport {
  private final Suite suite;
  private final List<Result> results = new ArrayList<>();

  ResultReport(Suite suite) {
    this.suite = suite;
  }

  void add(Result result) {
    results.add(result);
  }

  /** Rows a second over those of another engine, if that has run the workload. */
  OptionalDouble ratio(Result result, EngineKind other) {
    return results.stream()
        .filter(found ->
            found.engine() == other
                && found.workload() == result.workload()
                && found.rows() == result.rows())
        .mapToDouble(found -> result.rowsPerSecond() / found.rowsPerSecond())
        .findFirst();
  }

  /** A line for every workload and engine. */
  String table() {
    TextTable table =
        new TextTable(
            2,
            "benchmark",
            "engine",
            "M rows",
            "M rows/s",
            "seconds",
            "to Spark",
            "goal",
            "to DuckDB",
            "runs");
    for (Result result : results) {
      boolean isOurs = result.engine() == EngineKind.ARROWMILL;
      table.add(
          result.workload().label(),
          result.engine().title(),
          decimal(2, result.rows() / 1e6),
          decimal(2, result.rowsPerSecond() / 1e6),
          decimal(3, result.nanos() / 1e9),
          times(1, ratio(result, EngineKind.SPARK)),
          isOurs ? decimal(0, result.workload().goal()) + "x" : "",
          times(2, ratio(result, EngineKind.DUCKDB)),
          Integer.toString(result.runs()));
    }
    return table.toString();
  }

  private static String times(int places, OptionalDouble ratio) {
    return ratio.isPresent() ? decimal(places, ratio.getAsDouble()) + "x" : "-";
  }

  private static String decimal(int places, double value) {
    return String.format(Locale.ROOT, "%." + places + "f", value);
  }

  /** Writes the files and prints the table. */
  void finish(Path directory, PrintWriter out) throws IOException {
    write(directory);
    out.println();
    out.print(table());
    out.println(
        "written to %s and %s.svg"
            .formatted(directory.resolve(suite.label() + ".json"), suite.label()));
    out.flush();
  }

  /** Writes {@code SUITE.json} and {@code SUITE.svg}. */
  private void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    writeJson(directory.resolve(suite.label() + ".json"));
    Files.writeString(directory.resolve(suite.label() + ".svg"), chart().svg());
  }

  /**
   * A list of objects {@code benchmark, engine, rows, rows_per_s, ratio_to_spark, ratio_to_duckdb}.
   */
  private void writeJson(Path file) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
      json.useDefaultPrettyPrinter();
      json.writeStartArray();
      for (Result result : results) {
        json.writeStartObject();
        json.writeStringField("benchmark", result.workload().label());
        json.writeStringField("engine", result.engine().label());
        json.writeNumberField("rows", result.rows());
        json.writeNumberField("rows_per_s", result.rowsPerSecond());
        writeRatio(json, "ratio_to_spark", ratio(result, EngineKind.SPARK));
        writeRatio(json, "ratio_to_duckdb", ratio(result, EngineKind.DUCKDB));
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }

  private static void writeRatio(JsonGenerator json, String field, OptionalDouble ratio)
      throws IOException {
    if (ratio.isPresent()) {
      json.writeNumberField(field, ratio.getAsDouble());
    } else {
      json.writeNullField(field);
    }
  }

  private BarChart chart() {
    BarChart chart =
        new BarChart(
            "Two cores, Parquet files: speed relative to Spark (longer is faster)",
            suite.engines().stream().map(EngineKind::series).toList(),
            suite.ratioShownMax());
    for (Workload workload : Workload.of(suite)) {
      if (results.stream().anyMatch(result -> result.workload() == workload)) {
        chart.add(
            workload.label(),
            suite.engines().stream().map(engine -> bar(workload, engine)).toList(),
            OptionalDouble.of(workload.goal()));
      }
    }
    return chart;
  }

  /** Nothing, where the engine or Spark has not run. */
  private Bar bar(Workload workload, EngineKind engine) {
    return results.stream()
        .filter(result -> result.workload() == workload && result.engine() == engine)
        .findFirst()
        .map(result -> bar(result, ratio(result, EngineKind.SPARK).orElse(Double.NaN)))
        .orElse(new Bar(Double.NaN, ""));
  }

  private static Bar bar(Result result, double ratio) {
    return new Bar(
        ratio,
        String.format(Locale.ROOT, "%.1fx, %.1f M rows/s", ratio, result.rowsPerSecond() / 1e6));
  }
}
