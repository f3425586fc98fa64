package io.arrowmill.connectors.file.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableTest {
  @TempDir Path directory;

  @Test
  void syncsManyFilesAndDirectoriesAtATime() throws IOException {
    List<Path> paths = new ArrayList<>(List.of(directory));
    for (int i = 0; i < 100; i++) {
      Path file = directory.resolve("d" + i % 10).resolve("f" + i);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "text of " + i);
      paths.add(file);
      paths.add(file.getParent());
    }
    Durable.syncAll(paths);
    Durable.syncAll(List.of());
    assertThat(directory.resolve("d3").resolve("f13")).hasContent("text of 13");
  }

  @Test
  void tellsOfAFileThatIsNotThere() throws IOException {
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      paths.add(Files.writeString(directory.resolve("f" + i), "text"));
    }
    paths.add(13, directory.resolve("missing"));
    assertThatThrownBy(() -> Durable.syncAll(paths))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("missing");
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void anInterruptIsKept() throws IOException {
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      paths.add(Files.createDirectory(directory.resolve("d" + i)));
    }
    Thread.currentThread().interrupt();
    try {
      Durable.syncAll(paths);
    } catch (IOException closedByInterrupt) {
      // as any channel of an interrupted thread is
    }
    assertThat(Thread.interrupted()).isTrue();
  }
}
