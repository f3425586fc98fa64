package io.arrowmill.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@link WordCount} as a user runs it, against counts that a loop over the files' lines makes. */
@Timeout(180)
class WordCountTest {
  private static final Pattern ROW = Pattern.compile("\\{\"word\":\"(\\w+)\",\"count\":(\\d+)}");
  private static final Pattern INPUT_ROWS =
      Pattern.compile("\"batchDuration\":\\d+,\"numInputRows\":(\\d+)");

  private final long seed = new Random().nextLong(1_000_000_000);
  private final Random random = new Random(seed);

  @TempDir Path directory;
  private Path input = Path.of("");

  @BeforeEach
  void makeInput() throws IOException {
    input = Files.createDirectories(directory.resolve("input"));
  }

  @Test
  void runAgainReadsOnlyWhatIsNew() throws Exception {
    write("a.txt", 1_000);
    write("b.txt", 500);
    assertRun(1_500);

    write("c.txt", 77);
    assertRun(77);
  }

  @Test
  void runAgainWithoutNewFilesReadsNothing() throws Exception {
    write("a.txt", 65);
    assertRun(65);

    Output output = run();
    assertThat(output.inputRows()).as("seed %d", seed).isZero();
  }

  private void assertRun(long newLines) throws Exception {
    Output output = run();
    assertThat(output.inputRows()).as("seed %d", seed).isEqualTo(newLines);
    assertThat(output.counts()).as("seed %d", seed).isEqualTo(counted());
  }

  /** Some lines are empty, some begin with blanks, some have several between words. */
  private void write(String name, int lines) throws IOException {
    List<String> text = new ArrayList<>();
    for (int line = 0; line < lines; line++) {
      text.add(
          random
              .ints(random.nextInt(8), 0, 300)
              .mapToObj(word -> " ".repeat(random.nextInt(3)) + "word" + word)
              .collect(Collectors.joining(" ")));
    }
    Files.write(input.resolve(name), text, StandardCharsets.UTF_8);
  }

  private Map<String, Long> counted() throws IOException {
    Map<String, Long> counts = new HashMap<>();
    try (Stream<Path> files = Files.list(input)) {
      for (Path file : files.toList()) {
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
          for (String word : line.strip().split(" +", -1)) {
            if (!word.isEmpty()) {
              counts.merge(word, 1L, Long::sum);
            }
          }
        }
      }
    }
    return counts;
  }

  /** What a run printed: its last table of counts, and the rows that all its batches read. */
  private record Output(Map<String, Long> counts, long inputRows) {}

  private Output run() throws Exception {
    Path out = directory.resolve("out.txt");
    Path err = directory.resolve("err.txt");
    Process process =
        ExampleProcess.of(
                "WordCount",
                "--input=" + input,
                "--checkpoint=" + directory.resolve("checkpoint"),
                "--json")
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String progress = Files.readString(err, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(progress).isZero();
    Map<String, Long> counts =
        ROW.matcher(Files.readString(out, StandardCharsets.UTF_8))
            .results()
            .collect(Collectors.toMap(row -> row.group(1), row -> Long.parseLong(row.group(2))));
    long inputRows =
        INPUT_ROWS
            .matcher(progress)
            .results()
            .mapToLong(found -> Long.parseLong(found.group(1)))
            .sum();
    return new Output(counts, inputRows);
  }
}
