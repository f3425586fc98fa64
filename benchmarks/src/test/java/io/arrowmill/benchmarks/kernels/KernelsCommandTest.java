package io.arrowmill.benchmarks.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.arrowmill.benchmarks.Benchmarks;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KernelsCommandTest {
  @BeforeAll
  static void measureBesideOtherBenchmarks() {
    // Nothing here depends on the times.
    System.setProperty("jmh.ignoreLock", "true");
  }

  @Test
  void writesTableAndJsonAndPicture(@TempDir Path target) throws IOException {
    StringWriter printed = new StringWriter();

    int exit =
        run(
            printed,
            "kernels",
            "--rows=5000",
            "--repeat=2",
            "--only=q6,group-10m",
            "--target=" + target);

    assertThat(exit).as(printed.toString()).isZero();
    Path results = target.resolve("results");
    List<Map<String, Object>> measured = readJson(results.resolve("kernels.json"));
    assertThat(measured)
        .extracting(result -> result.get("benchmark") + " " + result.get("engine"))
        .containsExactly("q6 arrowmill", "q6 duckdb", "group-10m arrowmill", "group-10m duckdb");
    assertThat(measured)
        .allSatisfy(result -> {
          assertThat(result)
              .containsOnlyKeys("benchmark", "engine", "rows_per_s", "ratio_to_duckdb");
          assertThat(number(result, "rows_per_s")).isPositive();
        });
    double ours = number(measured.get(0), "rows_per_s");
    double theirs = number(measured.get(1), "rows_per_s");
    assertThat(measured.get(0).get("ratio_to_duckdb")).isEqualTo(ours / theirs);
    assertThat(measured.get(1).get("ratio_to_duckdb")).isEqualTo(1.0);
    assertThat(Files.readString(results.resolve("kernels.svg")))
        .startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"")
        .contains(">q6</text>", ">group-10m</text>", ">goal</text>")
        .endsWith("</svg>\n");
    assertThat(printed.toString())
        .contains("q6: warm-up 1 of 4", "q6: run 2 of 2", "| q6        |  5,000 |");
  }

  @Test
  void explainsABenchmark(@TempDir Path target) {
    StringWriter printed = new StringWriter();

    int exit =
        run(
            printed,
            "kernels",
            "--rows=5000",
            "--repeat=1",
            "--explain=join-1k",
            "--target=" + target);

    assertThat(exit).as(printed.toString()).isZero();
    // 8 bytes a key and a bit that says whether it is null; 1,000 entries of 8 bytes.
    assertThat(printed.toString())
        .contains("join-1k, 5,000 rows, one core")
        .containsPattern("bytes +[0-9.]+ ns: 8\\.1 read and 0\\.0 written a row, at [0-9.]+ GB/s")
        .containsPattern("lookups +[0-9.]+ ns: 1\\.00 a row, in 0\\.0 MB")
        .containsPattern("allocation +[0-9.]+ bytes a row")
        .contains("== Physical Plan ==", "HashJoin");
  }

  @Test
  void namesAllBenchmarksIfOneIsUnknown(@TempDir Path target) {
    StringWriter printed = new StringWriter();

    int exit = run(printed, "kernels", "--only=q7", "--target=" + target);

    assertThat(exit).isEqualTo(1);
    assertThat(printed.toString())
        .contains("benchmark must be known: name=q7; use one of filter-project, filter-half, q6");
  }

  private static int run(StringWriter printed, String... args) {
    CommandLine commands = Benchmarks.commandLine();
    commands.setOut(new PrintWriter(printed));
    commands.setErr(new PrintWriter(printed));
    return commands.execute(args);
  }

  private static double number(Map<String, Object> result, String field) {
    return (Double) Objects.requireNonNull(result.get(field));
  }

  private static List<Map<String, Object>> readJson(Path file) throws IOException {
    List<Map<String, Object>> results = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        switch (token) {
          case START_OBJECT -> results.add(new LinkedHashMap<>());
          case VALUE_STRING -> results.getLast().put(json.currentName(), json.getText());
          case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT ->
              results.getLast().put(json.currentName(), json.getDoubleValue());
          default -> {}
        }
      }
    }
    return results;
  }
}
