package io.arrowmill.connectors.file;

import static io.arrowmill.connectors.file.FileReading.spec;
import static io.arrowmill.connectors.file.FileReading.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import io.arrowmill.connector.StreamSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStreamSourceTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path directory;
  private final FileReading files = new FileReading();
  private Path in = Path.of("");
  private Path metadata = Path.of("");

  @BeforeEach
  void makesDirectories() throws IOException {
    in = Files.createDirectories(directory.resolve("in"));
    metadata = directory.resolve("checkpoint/sources/0");
  }

  @AfterEach
  void closesEmpty() {
    files.close();
  }

  /** A file whose only line is its name. */
  private Path add(String name, int minutes) throws IOException {
    Path file = write(in.resolve(name), name + "\n");
    Files.setLastModifiedTime(file, FileTime.from(NOON.plusSeconds(60L * minutes)));
    return file;
  }

  private StreamSource open(String... options) throws IOException {
    return files.stream(spec("text", null, in, options), metadata);
  }

  /** Reads batch after batch until there is nothing new; each batch's rows in one list. */
  private List<List<String>> drain(StreamSource source, @Nullable String start) throws IOException {
    List<List<String>> batches = new ArrayList<>();
    String from = start;
    while (true) {
      String end = source.latestOffset(from);
      if (end == null || end.equals(from)) {
        return batches;
      }
      batches.add(files.rows(source, from, end));
      source.committed(end);
      from = end;
    }
  }

  @Test
  void readsNewFilesOnceInOrderOfTime() throws IOException {
    add("b", 1);
    add("a", 2);
    try (StreamSource source = open()) {
      String first = source.latestOffset(null);
      assertThat(first).isEqualTo("{\"logOffset\":0}");
      assertThat(files.rows(source, null, "{\"logOffset\":0}")).containsExactly("b", "a");
      assertThat(source.latestOffset(first)).isEqualTo(first);
      add("c", 3);
      add("older than all before", -60);
      assertThat(drain(source, first)).containsExactly(List.of("older than all before", "c"));
    }
  }

  @Test
  void limitsFilesOrBytesOfEachBatch() throws IOException {
    for (int i = 0; i < 5; i++) {
      add("f" + i, i);
    }
    try (StreamSource source = open("maxFilesPerTrigger", "2")) {
      assertThat(drain(source, null))
          .containsExactly(List.of("f0", "f1"), List.of("f2", "f3"), List.of("f4"));
    }
    metadata = directory.resolve("other");
    try (StreamSource source = open("maxBytesPerTrigger", "7b")) {
      assertThat(drain(source, null)).hasSize(3).contains(List.of("f0", "f1"));
    }
    metadata = directory.resolve("latest");
    try (StreamSource source = open("maxFilesPerTrigger", "2", "latestFirst", "true")) {
      assertThat(drain(source, null).getFirst()).containsExactly("f4", "f3");
    }
  }

  @Test
  void plansTheSameFilesAfterARestart() throws IOException {
    add("a", 1);
    try (StreamSource source = open()) {
      assertThat(source.latestOffset(null)).isEqualTo("{\"logOffset\":0}");
    }
    add("b", 0);
    try (StreamSource source = open()) {
      // The log knew of batch 0, the query did not: it is offered again, before anything newer.
      assertThat(source.latestOffset(null)).isEqualTo("{\"logOffset\":0}");
      assertThat(drain(source, null)).containsExactly(List.of("a"), List.of("b"));
    }
    try (StreamSource source = open()) {
      assertThat(files.rows(source, null, "{\"logOffset\":1}")).containsExactly("a", "b");
      assertThat(drain(source, "{\"logOffset\":1}")).isEmpty();
    }
  }

  @Test
  void dropsATornLastLine() throws IOException {
    add("a", 1);
    try (StreamSource source = open()) {
      drain(source, null);
    }
    Path log = metadata.resolve("files.log");
    byte[] whole = Files.readAllBytes(log);
    Files.write(log, Arrays.copyOf(whole, whole.length / 2), StandardOpenOption.APPEND);
    add("b", 2);
    try (StreamSource source = open()) {
      assertThat(drain(source, "{\"logOffset\":0}")).containsExactly(List.of("b"));
    }
    try (StreamSource source = open()) {
      assertThat(files.rows(source, null, "{\"logOffset\":1}")).containsExactly("a", "b");
    }
  }

  @Test
  void refusesADamagedLineInTheMiddleAndALostLog() throws IOException {
    add("a", 1);
    try (StreamSource source = open("maxFilesPerTrigger", "1")) {
      add("b", 2);
      drain(source, null);
    }
    Path log = metadata.resolve("files.log");
    byte[] bytes = Files.readAllBytes(log);
    bytes[20] ^= 1;
    Files.write(log, bytes);
    assertThatThrownBy(this::open)
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("FILE_LOG_CORRUPT");
    Files.delete(log);
    try (StreamSource source = open()) {
      assertThatThrownBy(() -> source.latestOffset("{\"logOffset\":1}"))
          .isInstanceOf(ArrowmillException.class)
          .hasMessageContaining("FILE_LOG_BATCH_MISSING");
    }
  }

  @Test
  void namesAFileThatVanishedOrShrank() throws IOException {
    Path file = add("a", 1);
    try (StreamSource source = open()) {
      String end = source.latestOffset(null);
      assertThat(end).isNotNull();
      Files.writeString(file, "");
      assertThatThrownBy(() -> files.rows(source, null, "{\"logOffset\":0}"))
          .isInstanceOf(ArrowmillException.class)
          .hasMessageContaining("FILE_CHANGED")
          .hasMessageContaining(file.toString());
      Files.delete(file);
      assertThatThrownBy(() -> files.rows(source, null, "{\"logOffset\":0}"))
          .isInstanceOf(ArrowmillException.class)
          .hasMessageContaining("FILE_NOT_EXIST")
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void aGrowingFileGivesTheSameRowsEachTime() throws IOException {
    Path file = add("a", 1);
    try (StreamSource source = open()) {
      String end = source.latestOffset(null);
      assertThat(end).isEqualTo("{\"logOffset\":0}");
      Files.writeString(file, "more\n", StandardOpenOption.APPEND);
      assertThat(files.rows(source, null, "{\"logOffset\":0}")).containsExactly("a");
    }
  }

  @Test
  void deletesOrArchivesCommittedFiles() throws IOException {
    Path file = add("a", 1);
    try (StreamSource source = open("cleanSource", "delete")) {
      drain(source, null);
    }
    assertThat(file).doesNotExist();
    Path second = add("b", 2);
    Path archive = directory.resolve("archive");
    try (StreamSource source =
        open("cleanSource", "archive", "sourceArchiveDir", archive.toString())) {
      assertThat(drain(source, "{\"logOffset\":0}")).containsExactly(List.of("b"));
    }
    assertThat(second).doesNotExist();
    assertThat(archive.resolve(second.getRoot().relativize(second))).hasContent("b");
  }

  @Test
  void availableNowReadsWhatIsThereWithinTheLimits() throws IOException {
    add("a", 1);
    add("b", 2);
    add("c", 3);
    try (StreamSource source = open("maxFilesPerTrigger", "2")) {
      source.prepareForAvailableNow();
      add("d", 4);
      assertThat(drain(source, null)).containsExactly(List.of("a", "b"), List.of("c"));
    }
  }

  @Test
  void forgetsOldFilesAndNeverReadsThemAgain() throws IOException {
    add("old", 0);
    add("older", -60);
    try (StreamSource source = open("maxFileAge", "2h")) {
      assertThat(drain(source, null)).containsExactly(List.of("older", "old"));
      add("new", 60 * 24);
      assertThat(drain(source, "{\"logOffset\":0}")).containsExactly(List.of("new"));
      add("too old", 60);
      add("old enough", 60 * 23);
      assertThat(drain(source, "{\"logOffset\":1}")).containsExactly(List.of("old enough"));
    }
  }

  @Test
  void comparesNamesOnlyIfAsked() throws IOException {
    write(in.resolve("d=1/x"), "1");
    try (StreamSource source = open("fileNameOnly", "true")) {
      assertThat(drain(source, null)).hasSize(1);
      write(in.resolve("d=2/x"), "2");
      assertThat(drain(source, "{\"logOffset\":0}")).isEmpty();
    }
  }

  @Test
  void wrongOptionsAreNamed() {
    assertThatThrownBy(() -> open("maxFilesPerTrigger", "1", "maxBytesPerTrigger", "1"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("not both");
    assertThatThrownBy(() -> open("maxFilesPerTrigger", "0"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("above 0");
    assertThatThrownBy(() -> open("cleanSource", "archive"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("sourceArchiveDir");
    assertThatThrownBy(() -> open("maxFileAge", "soon"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("duration");
    assertThatThrownBy(() -> files.stream(spec("parquet", null, in), metadata))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("STREAMING_SCHEMA_REQUIRED")
        .hasMessageContaining("schemaInference");
  }
}
