package io.arrowmill.benchmarks.streaming;

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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs the whole benchmark at a size at which only the answers matter. */
class StreamingCommandTest {
  @Test
  void measuresEachWorkloadOnEachEngineOnceTheAnswersAgree(@TempDir Path target)
      throws IOException {
    StringWriter printed = new StringWriter();

    int exit =
        run(
            printed,
            "streaming",
            "--rows=20000",
            "--repeat=1",
            "--warm-up=0",
            "--files-per-batch=10",
            "--target=" + target);

    assertThat(exit).as(printed.toString()).isZero();
    List<String> measured = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    readJson(target.resolve("results").resolve("streaming.json"), measured, rates);
    assertThat(measured)
        .containsExactlyInAnyOrder(
            "filter-project duckdb",
            "group-1k duckdb",
            "group-1m duckdb",
            "campaign-counts duckdb",
            "filter-project arrowmill",
            "group-1k arrowmill",
            "group-1m arrowmill",
            "campaign-counts arrowmill",
            "filter-project spark",
            "group-1k spark",
            "group-1m spark",
            "campaign-counts spark");
    assertThat(rates).allMatch(rate -> rate > 0);
    assertThat(printed.toString()).contains("| campaign-counts | Spark 4.2      |", "1.0x");
    assertThat(Files.readString(target.resolve("results").resolve("streaming.svg")))
        .contains(">campaign-counts</text>", ">goal</text>");
  }

  @Test
  void refusesNoRows(@TempDir Path target) {
    StringWriter printed = new StringWriter();

    int exit = run(printed, "streaming", "--rows=0", "--target=" + target);

    assertThat(exit).isEqualTo(1);
    assertThat(printed.toString()).contains("rows, repeat and files-per-batch must be 1 or more");
  }

  private static int run(StringWriter printed, String... args) {
    CommandLine commands = Benchmarks.commandLine();
    commands.setOut(new PrintWriter(printed));
    commands.setErr(new PrintWriter(printed));
    return commands.execute(args);
  }

  private static void readJson(Path file, List<String> measured, List<Double> rates)
      throws IOException {
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      String benchmark = "";
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token != JsonToken.FIELD_NAME) {
          continue;
        }
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "benchmark" -> benchmark = json.getText();
          case "engine" -> measured.add(benchmark + " " + json.getText());
          case "rows_per_s" -> rates.add(json.getDoubleValue());
          default -> {}
        }
      }
    }
  }
}
