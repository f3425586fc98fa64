package io.arrowmill.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.wal.CheckpointFiles;
import io.arrowmill.wal.LogWriteException;
import io.arrowmill.wal.PendingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesInProgressTest {
  @TempDir Path checkpoint = Path.of(".");

  private PendingFile file(String name) {
    return CheckpointFiles.begin(
        checkpoint,
        "state/" + name,
        channel -> channel.write(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8))));
  }

  private List<String> found() throws IOException {
    try (Stream<Path> files = Files.list(checkpoint.resolve("state"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void filesHaveTheirNamesAndContentOnceTheyHaveBeenWaitedFor() throws IOException {
    try (FilesInProgress files = new FilesInProgress(checkpoint)) {
      files.add(file("one"));
      files.add(file("two"));
      files.add(file("three"));

      files.await();

      assertThat(found()).containsExactly("one", "three", "two");
      assertThat(checkpoint.resolve("state/two")).hasContent("two");
    }
    assertThat(found()).containsExactly("one", "three", "two");
  }

  @Test
  void nothingIsThereToWaitFor() {
    try (FilesInProgress files = new FilesInProgress(checkpoint)) {
      files.await();
    }
    assertThat(checkpoint).isEmptyDirectory();
  }

  @Test
  void aFileThatCantGetItsNameIsToldAndLeavesNothing() throws IOException {
    Files.createDirectories(checkpoint.resolve("state/taken/inside"));
    try (FilesInProgress files = new FilesInProgress(checkpoint)) {
      files.add(file("one"));
      files.add(file("taken"));

      assertThatThrownBy(files::await)
          .isInstanceOf(LogWriteException.class)
          .hasMessageContaining("taken");
    }
    assertThat(found()).containsExactly("one", "taken");
  }

  @Test
  void closingLeavesNoHalfWrittenFiles() throws IOException {
    try (FilesInProgress files = new FilesInProgress(checkpoint)) {
      files.add(file("one"));
      files.add(file("two"));
    }
    assertThat(found()).isSubsetOf("one", "two");
  }
}
