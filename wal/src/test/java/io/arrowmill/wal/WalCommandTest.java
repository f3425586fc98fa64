package io.arrowmill.wal;

import static io.arrowmill.wal.Entries.commit;
import static io.arrowmill.wal.Entries.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.wal.CheckpointFiles.WrittenFile;
import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SnapshotFile;
import io.arrowmill.wal.LogEntry.SnapshotTaken;
import io.arrowmill.wal.LogEntry.SourceRange;
import io.arrowmill.wal.LogEntry.StateChange;
import io.arrowmill.wal.LogEntry.StatePayload;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalCommandTest {

  private static final CheckpointIdentity IDENTITY =
      new CheckpointIdentity(new UUID(0, 10), "rate\n\"sum\"", Map.of("partitions", "8"), 1);

  @TempDir Path checkpoint;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void dumpPrintsOneLineAnEntryWhileTheLogIsOpen() {
    try (WriteAheadLog log = writeOneOfEach()) {
      assertThat(run("dump", checkpoint.toString())).isZero();
      assertThat(out.toString().lines())
          .containsExactly(
              "CHECKPOINT query=00000000-0000-0000-0000-00000000000a format=1"
                  + " conf={partitions=8} plan=rate\\n\"sum\"",
              "2 PLANNED batch=0 time=1970-01-01T00:00:01.500Z watermark=none"
                  + " previousWatermark=none ranges=[0: null to {\"n\":5}]",
              "3 COMMITTED batch=0 nextWatermark=1970-01-01T00:00:00.000007Z"
                  + " changes=[1/2: 3 bytes, 1/3: state/c (9 bytes, crc32c e3069283)]"
                  + " sourceState={a=1}",
              "4 SNAPSHOT batch=0 files=[1/2: state/s (9 bytes, crc32c e3069283)]");
      log.append(plan(1));
    }
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void dumpPrintsJsonLines() {
    writeOneOfEach().close();
    assertThat(run("dump", "--json", checkpoint.toString())).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "{\"kind\":\"CHECKPOINT\",\"queryId\":\"00000000-0000-0000-0000-00000000000a\","
                + "\"formatVersion\":1,\"pinnedConf\":{\"partitions\":\"8\"},"
                + "\"planFingerprint\":\"rate\\u000a\\\"sum\\\"\"}",
            "{\"sequence\":2,\"kind\":\"PLANNED\",\"batchId\":0,\"batchTimestampMillis\":1500,"
                + "\"watermarkMicros\":null,\"previousWatermarkMicros\":null,"
                + "\"ranges\":[{\"source\":0,\"startOffset\":null,"
                + "\"endOffset\":\"{\\\"n\\\":5}\"}]}",
            "{\"sequence\":3,\"kind\":\"COMMITTED\",\"batchId\":0,\"nextWatermarkMicros\":7,"
                + "\"changes\":[{\"operator\":1,\"partition\":2,\"inlineBytes\":3},"
                + "{\"operator\":1,\"partition\":3,\"file\":\"state/c\",\"length\":9,"
                + "\"crc32c\":\"e3069283\"}],\"sourceState\":{\"a\":\"1\"}}",
            "{\"sequence\":4,\"kind\":\"SNAPSHOT\",\"batchId\":0,"
                + "\"files\":[{\"operator\":1,\"partition\":2,\"file\":\"state/s\",\"length\":9,"
                + "\"crc32c\":\"e3069283\"}]}");
  }

  @Test
  void verifyPrintsASummary() {
    try (WriteAheadLog log = writeOneOfEach()) {
      log.append(commitWithFile(1, "state/1"));
      log.append(plan(2));
      assertThat(run("verify", checkpoint.toString())).isZero();
    }
    assertThat(out.toString().lines())
        .containsExactly(
            "checkpoint: " + checkpoint,
            "segments: 1",
            "entries: 5",
            "last planned batch: 2",
            "last committed batch: 1",
            "newest snapshot: 0",
            "files checked: 2",
            "whole");
  }

  @Test
  void verifyNamesDamagedAndMissingFilesThatARestartNeeds() throws IOException {
    try (WriteAheadLog log = writeOneOfEach()) {
      log.append(commitWithFile(1, "state/1"));
    }
    Files.delete(checkpoint.resolve("state/c")); // the snapshot covers it
    assertThat(run("verify", checkpoint.toString())).isZero();

    Files.writeString(checkpoint.resolve("state/s"), "123456780");
    Files.delete(checkpoint.resolve("state/1"));
    assertThat(run("verify", checkpoint.toString())).isEqualTo(1);
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("damaged: .*state/s, expectedCrc32c=e3069283, found.*"))
        .anyMatch(line -> line.matches("damaged: .*state/1, expectedLength=9, found=no file.*"))
        .contains("files checked: 0", "DAMAGED");
  }

  @Test
  void damagedEntryIsNamedAndTheOnesBeforeItPrinted() throws IOException {
    Path file = SegmentDirectory.of(checkpoint.resolve("wal"), 1).dataFile();
    try (WriteAheadLog log = writeOneOfEach()) {
      for (int batch = 1; batch < 5; batch++) {
        log.append(commit(batch, 100));
        log.sync();
      }
    }
    long position = LogContents.read(checkpoint).segments().getFirst().entries().get(3).position();
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) position + 60] ^= 4;
    Files.write(file, bytes);

    assertThat(run("verify", checkpoint.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("entries: 3", "DAMAGED", "expectedSequence=5, foundSequence=6 at position=");
    assertThat(run("dump", checkpoint.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("4 SNAPSHOT batch=0");
    assertThat(err.toString()).contains("[LOG_DAMAGED]", "file=" + file);
  }

  @Test
  void unfinishedWriteIsNotedAndIsNoDamage() throws IOException {
    Path file = SegmentDirectory.of(checkpoint.resolve("wal"), 1).dataFile();
    writeOneOfEach().close();
    int padding = (int) (-Files.size(file) & 3); // records start at multiples of 4
    Files.write(file, new byte[padding], StandardOpenOption.APPEND);
    long end = Files.size(file);
    Files.write(file, new byte[] {1, 2, 3, 4, 5, 0, 0}, StandardOpenOption.APPEND);

    assertThat(run("verify", checkpoint.toString())).isZero();
    assertThat(out.toString().lines())
        .endsWith(
            "note: a restart would have dropped 5 bytes of an unfinished write behind the last"
                + " intact entry: file="
                + file
                + ", position="
                + end,
            "whole");
    assertThat(run("dump", checkpoint.toString())).isZero();
    assertThat(err.toString()).startsWith("note: a restart would have dropped 5 bytes");
  }

  @Test
  void directoryWithoutLogIsAnErrorInOneSentence() {
    assertThat(run("verify", checkpoint.toString())).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("[LOG_READ_FAILED] checkpoint must hold a log: checkpoint=" + checkpoint)
        .hasLineCount(1);
  }

  @Test
  void wrongUsageIsCodeTwo() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("dump")).isEqualTo(2);
    assertThat(run("destroy", "x")).isEqualTo(2);
    assertThat(err.toString()).contains("Usage: wal", "dump", "verify", "CHECKPOINT");
    assertThat(run("--help")).isZero();
  }

  private int run(String... args) {
    return WalCommand.run(new PrintWriter(out), new PrintWriter(err, true), args);
  }

  private WriteAheadLog writeOneOfEach() {
    WriteAheadLog log = WriteAheadLog.open(checkpoint, IDENTITY);
    log.append(
        new BatchPlanned(
            0,
            1500,
            LogEntry.NO_WATERMARK,
            LogEntry.NO_WATERMARK,
            List.of(new SourceRange(0, null, "{\"n\":5}"))));
    StateChange inline = new StateChange(1, 2, new StatePayload.Inline(new byte[3]));
    StateChange external = commitWithFile(0, "state/c").changes().getFirst();
    log.append(new BatchCommitted(0, 7, List.of(inline, external), Map.of("a", "1")));
    WrittenFile snapshot = write("state/s");
    log.append(
        new SnapshotTaken(
            0, List.of(new SnapshotFile(1, 2, "state/s", snapshot.length(), snapshot.crc32c()))));
    log.sync();
    return log;
  }

  private BatchCommitted commitWithFile(long batchId, String name) {
    WrittenFile file = write(name);
    StatePayload payload = new StatePayload.External(name, file.length(), file.crc32c());
    return new BatchCommitted(batchId, 7, List.of(new StateChange(1, 3, payload)), Map.of());
  }

  private WrittenFile write(String name) {
    ByteBuffer bytes = ByteBuffer.wrap("123456789".getBytes(StandardCharsets.US_ASCII));
    return CheckpointFiles.writeDurably(checkpoint, name, channel -> channel.write(bytes));
  }
}
