package io.arrowmill.benchmarks.growth;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.benchmarks.Benchmarks;
import io.arrowmill.codegen.runtime.WordHash;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs the whole benchmark on few keys. */
class GrowthCommandTest {
  @TempDir Path directory;

  private static int run(StringWriter printed, String... arguments) {
    CommandLine commands = Benchmarks.commandLine();
    commands.setOut(new PrintWriter(printed));
    commands.setErr(new PrintWriter(printed));
    return commands.execute(arguments);
  }

  @Test
  void printsTheLongestSlicesAndWritesThem() {
    StringWriter printed = new StringWriter();

    int exit =
        run(
            printed,
            "growth",
            "--keys=20000",
            "--alike=5000",
            "--forks=1",
            "--target=" + directory);

    assertThat(exit).as(printed.toString()).isZero();
    assertThat(printed.toString())
        .contains("| first table of a JVM ", "| table 3 ", "| keys that hash alike", " ms |");
    assertThat(directory.resolve("results/growth.json")).content().contains("\"kind\" : \"alike\"");
    assertThat(directory.resolve("results/growth.svg")).content().startsWith("<svg");
  }

  @Test
  void refusesNoKeys() {
    StringWriter printed = new StringWriter();

    assertThat(run(printed, "growth", "--keys=0")).isEqualTo(1);
    assertThat(printed.toString()).contains("keys=0");
  }

  /** Under the hash without a seed they agree in its lower half, and are distinct. */
  @Test
  void alikeKeysAreAlike() {
    Set<Long> keys = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      long key = Keys.ALIKE.applyAsLong(i);
      keys.add(key);
      assertThat(WordHash.combine(0, key)).isEqualTo((long) i << 32);
    }
    assertThat(keys).hasSize(100_000);
  }
}
