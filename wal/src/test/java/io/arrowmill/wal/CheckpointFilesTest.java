package io.arrowmill.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.wal.CheckpointFiles.WrittenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFilesTest {

  /** CRC-32C of "123456789". */
  private static final int CRC_OF_DIGITS = 0xE3069283;

  @TempDir Path checkpoint;

  @Test
  void writesAFileAndTellsItsLengthAndChecksum() throws IOException {
    WrittenFile written = write("state/0/1.arrow", "123456789");

    assertThat(written).isEqualTo(new WrittenFile("state/0/1.arrow", 9, CRC_OF_DIGITS));
    assertThat(checkpoint.resolve("state/0/1.arrow")).hasContent("123456789");
    assertThat(filesBelow(checkpoint)).containsExactly("state/0/1.arrow");
    CheckpointFiles.verify(checkpoint.resolve("state/0/1.arrow"), 9, CRC_OF_DIGITS);
  }

  @Test
  void namesOfNewDirectoriesSurviveAPowerFailure() throws IOException {
    WatchedFiles files = new WatchedFiles();
    Path sources = files.watch(checkpoint).resolve("a").resolve("sources");

    CheckpointFiles.createDirectoriesDurably(sources.resolve("0"));
    assertThat(files.unsynced()).isEmpty();
    CheckpointFiles.createDirectoriesDurably(sources.resolve("1"));

    assertThat(files.unsynced()).isEmpty();
    assertThat(checkpoint.resolve("a/sources/1")).isDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void namesThatAKilledProcessDidNotSyncAreSyncedByTheNext(int syncs) throws IOException {
    WatchedFiles files = new WatchedFiles();
    Path own = files.watch(checkpoint).resolve("a");
    Path made = own.resolve("state").resolve("0");
    CheckpointFiles.createDirectoriesDurably(own);
    files.dieAfterSyncs(syncs);
    try {
      CheckpointFiles.createDirectoriesDurably(made);
      CheckpointFiles.createDirectoriesDurably(made.resolve("b"));
    } catch (IOException died) {
      assertThat(files.unsynced()).hasSize(1);
    }
    files.dieAfterSyncs(Integer.MAX_VALUE);

    CheckpointFiles.settle(own);

    assertThat(files.unsynced()).isEmpty();
  }

  @Test
  void replacesAFileOrLeavesItAsItWas() throws IOException {
    write("f", "old");
    write("f", "newer");
    assertThat(checkpoint.resolve("f")).hasContent("newer");

    assertThatThrownBy(() ->
            CheckpointFiles.writeDurably(
                checkpoint,
                "f",
                channel -> {
                  channel.write(ByteBuffer.wrap(new byte[3]));
                  throw new IOException("No space left on device");
                }))
        .isInstanceOf(LogWriteException.class)
        .hasMessageContaining("[LOG_WRITE_FAILED] checkpoint file must be writable: file=")
        .hasMessageContaining("No space left on device");
    assertThat(filesBelow(checkpoint)).containsExactly("f");
    assertThat(checkpoint.resolve("f")).hasContent("newer");
  }

  @Test
  void noticesMissingShortAndAlteredFiles() throws IOException {
    Path file = checkpoint.resolve("f");
    assertThatThrownBy(() -> CheckpointFiles.verify(file, 9, CRC_OF_DIGITS))
        .isInstanceOf(LogDamagedException.class)
        .hasMessageContaining("expectedLength=9, found=no file");
    Files.writeString(file, "12345678");
    assertThatThrownBy(() -> CheckpointFiles.verify(file, 9, CRC_OF_DIGITS))
        .hasMessageContaining("expectedLength=9, foundLength=8");
    Files.writeString(file, "123456780");
    assertThatThrownBy(() -> CheckpointFiles.verify(file, 9, CRC_OF_DIGITS))
        .hasMessageContaining("expectedCrc32c=e3069283, foundCrc32c=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/etc/passwd", "../f", "a/../f", "a//b", "a/", "./a", "a\\b"})
  void refusesNamesThatAreNotBelowTheCheckpoint(String name) {
    assertThatThrownBy(() -> write(name, "x")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void openingTheLogDeletesWhatAKilledWriterLeft() throws IOException {
    write("state/f", "123456789");
    Path left = checkpoint.resolve("state/.g.0.arrowmill-tmp");
    Files.writeString(left, "part");

    assertThatCode(() -> WriteAheadLog.open(checkpoint, Entries.IDENTITY).close())
        .doesNotThrowAnyException();
    assertThat(left).doesNotExist();
    assertThat(checkpoint.resolve("state/f")).hasContent("123456789");
  }

  private WrittenFile write(String name, String content) {
    ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII));
    return CheckpointFiles.writeDurably(checkpoint, name, channel -> channel.write(bytes));
  }

  private static Stream<String> filesBelow(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString().replace('\\', '/'))
          .toList()
          .stream();
    }
  }
}
