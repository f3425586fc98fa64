package io.arrowmill.benchmarks.coldstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.benchmarks.Benchmarks;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Runs the whole benchmark once, which fails where the ways to run expressions disagree. */
class ColdStartCommandTest {
  private static int run(StringWriter printed, String... arguments) {
    CommandLine commands = Benchmarks.commandLine();
    commands.setOut(new PrintWriter(printed));
    commands.setErr(new PrintWriter(printed));
    return commands.execute(arguments);
  }

  @Test
  void timesEachQueryInEachMode() {
    StringWriter printed = new StringWriter();

    int exit = run(printed, "coldstart", "--forks=1");

    assertThat(exit).as(printed.toString()).isZero();
    assertThat(printed.toString().lines()).hasSize(2 + ColdQuery.values().length);
    assertThat(printed.toString()).contains("| filter, project", " ms |", "x |");
  }

  @Test
  void refusesNoForks() {
    StringWriter printed = new StringWriter();

    assertThat(run(printed, "coldstart", "--forks=0")).isEqualTo(1);
    assertThat(printed.toString()).contains("forks must be 1 or more: forks=0");
  }
}
