package io.arrowmill.connectors.file;

import static io.arrowmill.connectors.file.FileReading.spec;
import static io.arrowmill.connectors.file.FileReading.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.ArrowmillException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextReadTest {
  @TempDir Path directory;
  private final FileReading files = new FileReading();

  @AfterEach
  void closesEmpty() {
    files.close();
  }

  @Test
  void cutsAtAnyNewline() throws IOException {
    Path file = write(directory.resolve("a.txt"), "one\ntwo\r\n\nfour\rfive\n");
    assertThat(files.rows(spec("text", null, file)))
        .containsExactly("one", "two", "", "four", "five");
  }

  @Test
  void lastLineNeedsNoNewline() throws IOException {
    Path file = write(directory.resolve("a.txt"), "one\ntwo");
    assertThat(files.rows(spec("text", null, file))).containsExactly("one", "two");
  }

  @Test
  void emptyFileHasNoRows() throws IOException {
    assertThat(files.rows(spec("text", null, write(directory.resolve("a.txt"), "")))).isEmpty();
  }

  @Test
  void cutsAtTheSeparatorAskedFor() throws IOException {
    Path file = write(directory.resolve("a.txt"), "one\n||two|||three||");
    assertThat(files.rows(spec("text", null, file, "lineSep", "||")))
        .containsExactly("one\n", "two", "|three");
  }

  @Test
  void wholeTextIsOneRowAFile() throws IOException {
    write(directory.resolve("a.txt"), "one\ntwo\n");
    write(directory.resolve("b.txt"), "");
    assertThat(files.rows(spec("text", null, directory, "wholetext", "true")))
        .containsExactly("one\ntwo\n", "");
  }

  @Test
  void badBytesBecomeReplacementCharacters() throws IOException {
    Path file = directory.resolve("a.txt");
    Files.write(file, new byte[] {'a', (byte) 0xFF, 'b', '\n', (byte) 0xC3, (byte) 0xA9, '\n'});
    assertThat(files.rows(spec("text", null, file))).containsExactly("a\uFFFDb", "é");
  }

  @Test
  void readsLinesLongerThanABufferAndMoreRowsThanABatch() throws IOException {
    String longLine = "x".repeat(3_000_001);
    StringBuilder content = new StringBuilder(longLine).append('\n');
    List<String> expected = IntStream.range(0, 200_000).mapToObj(i -> "line " + i).toList();
    expected.forEach(line -> content.append(line).append("\r\n"));
    Path file = write(directory.resolve("a.txt"), content.toString());
    List<String> rows = files.rows(spec("text", null, file));
    assertThat(rows.getFirst()).isEqualTo(longLine);
    assertThat(rows.subList(1, rows.size())).isEqualTo(expected);
    assertThat(files.rows(spec("text", null, file), new String[0])).hasSize(200_001);
  }

  @Test
  void inflatesGzip() throws IOException {
    Path file = directory.resolve("a.txt.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(files.rows(spec("text", null, file))).containsExactly("one", "two");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 9));
    assertThatThrownBy(() -> files.rows(spec("text", null, file)))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("a.txt.gz");
  }

  @Test
  void findsFilesByPatternAndLeavesHiddenOnes() throws IOException {
    write(directory.resolve("x/1.txt"), "1");
    write(directory.resolve("y/2.txt"), "2");
    write(directory.resolve("y/3.log"), "3");
    write(directory.resolve("y/_temporary.txt"), "4");
    write(directory.resolve("y/.hidden.txt"), "5");
    assertThat(files.rows(spec("text", null, directory + "/*/*.txt"))).containsExactly("1", "2");
    assertThat(files.rows(spec("text", null, directory + "/{x,y}", "pathGlobFilter", "*.log")))
        .containsExactly("3");
    assertThat(files.rows(spec("text", null, "file://" + directory + "/y/2.txt")))
        .containsExactly("2");
    assertThat(files.rows(spec("text", null, directory, "recursiveFileLookup", "true")))
        .containsExactly("1", "2", "3");
  }

  @Test
  void refusesOtherColumns() {
    assertThatThrownBy(() -> files.schema(spec("text", "a STRING, b STRING", directory)))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("UNSUPPORTED_TEXT_SCHEMA");
    assertThatThrownBy(() -> files.schema(spec("text", null, directory, "encoding", "latin1")))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("UTF-8");
  }
}
