package io.arrowmill.connectors.file.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.connectors.file.format.DataFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLogTest {
  @TempDir Path directory;

  private static DataFile file(int number) {
    return new DataFile(Path.of("/in/" + number), number, 1_000_000L + number);
  }

  @Test
  void staysBoundedAndForgetsNoBatchThatMayBeAskedFor() throws IOException {
    int compactEvery = 10;
    int batches = 1_000;
    SeenFiles seen = new SeenFiles(200);
    try (FileLog log = FileLog.open(directory, seen, false, compactEvery)) {
      for (int i = 0; i < batches; i++) {
        assertThat(log.append(List.of(file(i)))).isEqualTo(i);
      }
    }
    // Files of 200 ms of modification times, one a millisecond, and the one on the horizon.
    assertThat(seen.entries()).hasSize(201);
    assertThat(Files.readAllLines(directory.resolve("files.log")))
        .hasSizeLessThan(FileLog.BATCHES_RETAINED + compactEvery + 3);

    SeenFiles again = new SeenFiles(200);
    try (FileLog log = FileLog.open(directory, again, false, compactEvery)) {
      assertThat(log.latest()).isEqualTo(batches - 1);
      assertThat(log.files(batches - 50)).containsExactly(file(batches - 50));
      assertThat(again.entries()).isEqualTo(seen.entries());
      assertThat(again.isNew("/in/3", 1_000_003L)).as("behind the horizon").isFalse();
      assertThat(log.append(List.of(file(batches)))).isEqualTo(batches);
    }
  }

  @Test
  void keepsPartitionsOfFiles() throws IOException {
    Map<String, String> partition = Map.of("day", "2026-01-01");
    DataFile file =
        new DataFile(Path.of("/in/day=2026-01-01/a \"b\""), 7, 8, Map.copyOf(partition));
    try (FileLog log = FileLog.open(directory, new SeenFiles(1), false, 10)) {
      log.append(List.of(file));
    }
    try (FileLog log = FileLog.open(directory, new SeenFiles(1), false, 10)) {
      assertThat(log.files(0)).containsExactly(file);
    }
  }
}
