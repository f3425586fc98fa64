package io.arrowmill.connectors.file.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineScannerTest {
  @TempDir Path directory;

  private List<String> lines(DataFile file, long start, long end, @Nullable String separator)
      throws IOException {
    byte[] bytes = separator == null ? null : separator.getBytes(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    try (LineScanner scanner = LineScanner.open(file, start, end, bytes)) {
      while (scanner.next()) {
        lines.add(
            new String(
                scanner.bytes(),
                scanner.start(),
                scanner.end() - scanner.start(),
                StandardCharsets.UTF_8));
      }
    }
    return lines;
  }

  private DataFile file(String content) throws IOException {
    Path path = directory.resolve("t.txt");
    Files.writeString(path, content);
    return new DataFile(path, Files.size(path), 0);
  }

  /** Whatever the ranges, together they give each line once, in order. */
  @Test
  void rangesGiveEachLineOnce() throws IOException {
    long seed = System.nanoTime();
    System.out.println("LineScannerTest seed=" + seed);
    Random random = new Random(seed);
    String[] newlines = {"\n", "\r\n", "\r"};
    for (int round = 0; round < 200; round++) {
      List<String> expected = new ArrayList<>();
      StringBuilder content = new StringBuilder();
      int lines = random.nextInt(12);
      for (int i = 0; i < lines; i++) {
        String line = "abcdefghijklmnop".substring(random.nextInt(16));
        expected.add(line);
        content.append(line).append(newlines[random.nextInt(3)]);
      }
      DataFile file = file(content.toString());
      int cut = random.nextInt(content.length() + 1);
      List<String> found = new ArrayList<>(lines(file, 0, cut, null));
      found.addAll(lines(file, cut, content.length(), null));
      assertThat(found).as("cut=%d content=%s", cut, content).isEqualTo(expected);
    }
  }

  @Test
  void rangesOfALongSeparator() throws IOException {
    String content = "a<->bb<-><->c<-d<->e";
    DataFile file = file(content);
    for (int cut = 0; cut <= content.length(); cut++) {
      List<String> found = new ArrayList<>(lines(file, 0, cut, "<->"));
      found.addAll(lines(file, cut, content.length(), "<->"));
      assertThat(found).as("cut=%d", cut).containsExactly("a", "bb", "", "c<-d", "e");
    }
  }

  /** Lines that cross the buffer's end, and separators cut by it. */
  @Test
  void linesAcrossBuffers() throws IOException {
    for (int length : new int[] {(1 << 20) - 1, 1 << 20, (1 << 20) + 7, (1 << 20) + 8, 3 << 20}) {
      String first = "x".repeat(length);
      DataFile file = file(first + "\r\nsecond\r\n");
      assertThat(lines(file, 0, file.sizeBytes(), null)).containsExactly(first, "second");
      assertThat(lines(file, 5, file.sizeBytes(), null)).containsExactly("second");
      DataFile other = file(first + "<->second");
      assertThat(lines(other, 0, other.sizeBytes(), "<->")).containsExactly(first, "second");
    }
  }

  @Test
  void readsNoMoreThanWasListed() throws IOException {
    DataFile file = file("one\ntwo\nthree\n");
    DataFile listedEarlier = new DataFile(file.path(), 8, 0);
    assertThat(lines(listedEarlier, 0, 8, null)).containsExactly("one", "two");
  }

  @Test
  void wellFormedUtf8() {
    assertThat(utf8(0x41)).isTrue();
    assertThat(utf8(0xC3, 0xA9)).isTrue();
    assertThat(utf8(0xE2, 0x82, 0xAC)).isTrue();
    assertThat(utf8(0xF0, 0x9F, 0x98, 0x80)).isTrue();
    assertThat(utf8(0xC0, 0x80)).as("overlong").isFalse();
    assertThat(utf8(0xED, 0xA0, 0x80)).as("surrogate").isFalse();
    assertThat(utf8(0xF4, 0x90, 0x80, 0x80)).as("above U+10FFFF").isFalse();
    assertThat(utf8(0xE2, 0x82)).as("cut off").isFalse();
    assertThat(utf8(0x80)).as("no lead").isFalse();
  }

  private static boolean utf8(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return StringColumnBuilder.isUtf8(bytes, 0, bytes.length);
  }
}
