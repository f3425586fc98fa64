package io.arrowmill.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@link Sessions} as a user runs it, on events whose sessions are counted by hand. */
@Timeout(180)
class SessionsTest {
  @TempDir Path directory = Path.of(".");

  @Test
  void sessionsGoOnFromRunToRun() throws Exception {
    Path input = Files.createDirectories(directory.resolve("input"));
    write(
        input.resolve("1.csv"),
        "anna,2026-01-01T10:00:00Z",
        "bert,2026-01-01T10:00:30Z",
        "anna,2026-01-01T10:01:00Z");
    assertThat(run(input)).isEmpty();

    // Both are quiet for a minute after their newest events; carl's moves the watermark past that.
    write(input.resolve("2.csv"), "anna,2026-01-01T10:01:20Z", "carl,2026-01-01T10:02:00Z");
    assertThat(run(input)).containsExactly("bert,1,2026-01-01T10:00:30Z,0");

    write(input.resolve("3.csv"), "carl,2026-01-01T10:03:00Z");
    assertThat(run(input)).containsExactly("anna,3,2026-01-01T10:00:00Z,80");
  }

  private static void write(Path file, String... events) throws IOException {
    Files.writeString(
        file, "user,event_time\n" + String.join("\n", events) + "\n", StandardCharsets.UTF_8);
  }

  private List<String> run(Path input) throws Exception {
    Path out = directory.resolve("out.txt");
    Path err = directory.resolve("err.txt");
    Process process =
        ExampleProcess.of(
                "Sessions",
                "--input=" + input,
                "--checkpoint=" + directory.resolve("checkpoint"),
                "--quiet-seconds=60")
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(err, StandardCharsets.UTF_8)).isZero();
    return Files.readAllLines(out, StandardCharsets.UTF_8);
  }
}
