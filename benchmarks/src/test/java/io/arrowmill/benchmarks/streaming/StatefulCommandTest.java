package io.arrowmill.benchmarks.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.benchmarks.Benchmarks;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs the whole benchmark at a size at which only the answers matter. */
class StatefulCommandTest {
  @Test
  void measuresBothEnginesOnceTheAnswersAgree(@TempDir Path target) throws Exception {
    StringWriter printed = new StringWriter();

    int exit =
        run(
            printed,
            "stateful",
            "--only=join-left",
            "--rows=20000",
            "--more-rows=0",
            "--repeat=1",
            "--warm-up=0",
            "--files-per-batch=20",
            "--target=" + target);

    assertThat(exit).as(printed.toString()).isZero();
    assertThat(printed.toString())
        .contains("arrowmill join-left: run 1 of 1", "spark join-left: run 1 of 1");
    Path results = target.resolve("results");
    assertThat(Files.readString(results.resolve("stateful.json")))
        .contains("\"join-left\"", "\"spark\"", "\"rows\" : 40000");
    assertThat(Files.readString(results.resolve("stateful.svg"))).contains(">join-left</text>");
  }

  @Test
  void runsEachWorkloadAtTwoSizes(@TempDir Path target) {
    StringWriter printed = new StringWriter();

    int exit =
        run(
            printed,
            "stateful",
            "--engines=arrowmill",
            "--rows=5000",
            "--more-rows=6000",
            "--repeat=1",
            "--warm-up=0",
            "--files-per-batch=10",
            "--target=" + target);

    assertThat(exit).as(printed.toString()).isZero();
    for (Workload workload : Workload.of(Suite.STATEFUL)) {
      assertThat(printed.toString()).contains("arrowmill " + workload + ": run 1 of 1");
    }
    assertThat(printed.toString()).contains("input: 6000 rows");
  }

  @Test
  void refusesNoFilesABatch(@TempDir Path target) {
    StringWriter printed = new StringWriter();

    int exit = run(printed, "stateful", "--files-per-batch=0", "--target=" + target);

    assertThat(exit).isEqualTo(1);
    assertThat(printed.toString()).contains("rows, repeat and files-per-batch must be 1 or more");
  }

  private static int run(StringWriter printed, String... args) {
    CommandLine commands = Benchmarks.commandLine();
    commands.setOut(new PrintWriter(printed));
    commands.setErr(new PrintWriter(printed));
    return commands.execute(args);
  }
}
