package io.arrowmill.benchmarks.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.benchmarks.Benchmarks;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs the benchmark at a size at which only its own check matters. */
class StateCommandTest {
  @Test
  void holdsEveryKeyAlsoAfterARestart(@TempDir Path target) {
    StringWriter printed = new StringWriter();
    CommandLine commands = Benchmarks.commandLine();
    commands.setOut(new PrintWriter(printed));
    commands.setErr(new PrintWriter(printed));

    int exit =
        commands.execute("state", "--keys=1000,300000", "--changes=100", "--target=" + target);

    assertThat(exit).as(printed.toString()).isZero();
    assertThat(printed.toString()).contains(" 1000 |", " 300000 |", "restart, s");
    assertThat(target.toFile().list()).as("checkpoints are gone").isEmpty();
  }
}
