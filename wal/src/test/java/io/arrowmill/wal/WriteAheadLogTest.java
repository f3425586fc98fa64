package io.arrowmill.wal;

import static io.arrowmill.wal.Entries.IDENTITY;
import static io.arrowmill.wal.Entries.commit;
import static io.arrowmill.wal.Entries.plan;
import static io.arrowmill.wal.Entries.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteAheadLogTest {

  private static final CheckpointIdentity OTHER =
      new CheckpointIdentity(new UUID(3, 4), "sources: kafka", Map.of(), 2);

  @TempDir Path checkpoint;

  @Test
  void newLogHasNothingToRecover() {
    try (WriteAheadLog log = open()) {
      assertThat(log.identity()).isEqualTo(IDENTITY);
      assertThat(log.recovered())
          .isEqualTo(new RecoveredLog(null, null, null, List.of(), List.of(), ""));
    }
  }

  @Test
  void entriesComeBackOverManyReopenings() {
    List<BatchPlanned> plans = new ArrayList<>();
    List<BatchCommitted> commits = new ArrayList<>();
    for (int batch = 0; batch < 12; batch++) {
      try (WriteAheadLog log = WriteAheadLog.open(checkpoint, batch == 0 ? IDENTITY : OTHER)) {
        assertThat(log.identity()).isEqualTo(IDENTITY);
        assertThat(log.recovered()).isEqualTo(recovered(plans, commits));
        plans.add(plan(batch));
        log.append(plan(batch));
        if (batch % 3 != 0) { // a batch may be planned without ever being committed
          commits.add(commit(batch, batch * 100));
          log.append(commit(batch, batch * 100));
        }
      }
    }
  }

  private static RecoveredLog recovered(List<BatchPlanned> plans, List<BatchCommitted> commits) {
    return new RecoveredLog(
        plans.isEmpty() ? null : plans.getLast(),
        commits.isEmpty() ? null : commits.getLast(),
        null,
        commits,
        plans,
        "");
  }

  @Test
  void commitsAfterTheNewestSnapshotAreToBeReplayed() {
    try (WriteAheadLog log = open()) {
      for (int batch = 0; batch < 4; batch++) {
        log.append(commit(batch, 10));
      }
      log.append(snapshot(1));
      log.append(snapshot(2));
    }
    try (WriteAheadLog log = open()) {
      assertThat(log.recovered().snapshot()).isEqualTo(snapshot(2));
      assertThat(log.recovered().committedAfterSnapshot()).containsExactly(commit(3, 10));
      assertThat(log.recovered().lastCommitted()).isEqualTo(commit(3, 10));
    }
  }

  @Test
  void secondOpenerInThisProcessIsRefused() {
    Path sameDirectory = checkpoint.resolve("../" + checkpoint.getFileName());
    try (WriteAheadLog log = open()) {
      log.append(plan(0));
      assertThatThrownBy(() -> WriteAheadLog.open(sameDirectory, OTHER))
          .isInstanceOf(CheckpointInUseException.class)
          .hasMessageStartingWith("[CHECKPOINT_IN_USE] checkpoint must be free: checkpoint=")
          .hasMessageContaining("pid=" + ProcessHandle.current().pid() + " (this process)");
      log.append(plan(1));
    }
    try (WriteAheadLog log = open()) {
      assertThat(log.recovered().planned()).containsExactly(plan(0), plan(1));
    }
  }

  @Test
  void commitsMustAscend() {
    try (WriteAheadLog log = open()) {
      log.append(commit(3, 1));
      assertThatThrownBy(() -> log.append(commit(3, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("commits must ascend: batchId=3, lastCommitted=3; a batch is committed once");
    }
    try (WriteAheadLog log = open()) {
      assertThatThrownBy(() -> log.append(commit(2, 1)))
          .isInstanceOf(IllegalArgumentException.class);
      log.append(commit(4, 1));
    }
  }

  @Test
  void directoryThatCannotBeMadeIsAWriteThatFailed() throws IOException {
    Path file = Files.writeString(checkpoint.resolve("file"), "");
    assertThatThrownBy(() -> WriteAheadLog.open(file.resolve("checkpoint"), IDENTITY))
        .isInstanceOf(LogWriteException.class)
        .hasMessageStartingWith("[LOG_WRITE_FAILED] log must be writable: checkpoint=" + file)
        .hasMessageContaining("check free space, permissions and the disk");
  }

  @Test
  void closedLogTakesNothing() {
    WriteAheadLog log = open();
    log.close();
    log.close();
    assertThatThrownBy(() -> log.append(plan(0))).hasMessageStartingWith("log must be open");
    assertThatThrownBy(log::sync).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void largestEntryIsTakenAndALargerOneRefused() {
    int overhead = EntryCodec.encode(commit(0, 0)).length;
    int largest = WriteAheadLog.PAYLOAD_BYTES_MAX - overhead;
    List<BatchCommitted> written = new ArrayList<>();
    try (WriteAheadLog log = open()) {
      for (int batch = 0; batch < 11; batch++) { // enough to cross from one segment to the next
        written.add(commit(batch, largest));
        log.append(written.getLast());
      }
      assertThatThrownBy(() -> log.append(commit(11, largest + 1)))
          .isInstanceOf(EntryTooLargeException.class)
          .hasMessageContaining("payloadBytesMax=1000000")
          .hasMessageContaining("CheckpointFiles.writeDurably");
      log.append(plan(12));
    }
    try (WriteAheadLog log = open()) {
      assertThat(log.recovered().committedAfterSnapshot()).isEqualTo(written);
      assertThat(log.recovered().lastPlanned()).isEqualTo(plan(12));
    }
  }

  @Test
  void truncationDeletesSegmentsThatASnapshotCovers() throws IOException {
    try (WriteAheadLog log = open()) {
      for (int batch = 0; batch < 40; batch++) {
        log.append(plan(batch));
        log.append(commit(batch, 400_000));
      }
      int before = segmentCount();
      log.append(snapshot(38));
      log.truncateBefore(Long.MAX_VALUE);
      assertThat(segmentCount()).isLessThan(before).isLessThanOrEqualTo(2);
    }
    try (WriteAheadLog log = open()) {
      assertThat(log.identity()).isEqualTo(IDENTITY);
      assertThat(log.recovered().snapshot()).isEqualTo(snapshot(38));
      assertThat(log.recovered().committedAfterSnapshot()).containsExactly(commit(39, 400_000));
      assertThat(log.recovered().planned()).contains(plan(38), plan(39));
    }
  }

  @Test
  void truncationKeepsWhatTheSnapshotDoesNotCover() {
    try (WriteAheadLog log = open()) {
      for (int batch = 0; batch < 40; batch++) {
        log.append(plan(batch));
        log.append(commit(batch, 400_000));
        if (batch == 20) {
          log.append(snapshot(20));
        }
      }
      log.truncateBefore(39);
    }
    try (WriteAheadLog log = open()) {
      assertThat(log.recovered().snapshot()).isEqualTo(snapshot(20));
      assertThat(log.recovered().committedAfterSnapshot().stream().map(LogEntry::batchId))
          .containsExactlyElementsOf(LongStream.range(21, 40).boxed().toList());
    }
  }

  @Test
  void reopeningWithoutWritingLeavesNoSegmentsBehind() throws IOException {
    for (int i = 0; i < 5; i++) {
      open().close();
    }
    assertThat(segmentCount()).isLessThanOrEqualTo(2);
    try (WriteAheadLog log = open()) {
      log.append(plan(0));
    }
    for (int i = 0; i < 5; i++) {
      try (WriteAheadLog log = open()) {
        assertThat(log.recovered().planned()).containsExactly(plan(0));
      }
    }
    assertThat(segmentCount()).isLessThanOrEqualTo(3);
  }

  @Test
  void interruptedThreadWritesAllTheSame() {
    try (WriteAheadLog log = open()) {
      Thread.currentThread().interrupt();
      for (int batch = 0; batch < 12; batch++) {
        log.append(plan(batch));
        log.append(commit(batch, 900_000));
        log.sync();
      }
      log.append(snapshot(11));
      log.truncateBefore(11);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    Thread.currentThread().interrupt();
    try (WriteAheadLog log = open()) {
      assertThat(log.recovered().lastCommitted()).isEqualTo(commit(11, 900_000));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void smallLogTakesLittleDisk() throws IOException {
    try (WriteAheadLog log = open()) {
      log.append(plan(0));
    }
    try (Stream<Path> files = Files.walk(checkpoint)) {
      List<Long> lengths =
          files
              .filter(file -> file.toString().endsWith(".cq4"))
              .map(file -> file.toFile().length())
              .toList();
      assertThat(lengths).hasSize(1).allMatch(length -> length < 64 << 10);
    }
  }

  private int segmentCount() throws IOException {
    return SegmentDirectory.list(checkpoint.resolve("wal")).size();
  }

  private WriteAheadLog open() {
    return WriteAheadLog.open(checkpoint, IDENTITY);
  }
}
