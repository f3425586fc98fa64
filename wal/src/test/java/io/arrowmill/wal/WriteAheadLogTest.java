package io.arrowmill.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SnapshotFile;
import io.arrowmill.wal.LogEntry.SnapshotTaken;
import io.arrowmill.wal.LogEntry.SourceRange;
import io.arrowmill.wal.LogEntry.StateChange;
import io.arrowmill.wal.LogEntry.StatePayload;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteAheadLogTest {

  private static final CheckpointIdentity IDENTITY =
      new CheckpointIdentity(new UUID(1, 2), "sources: rate", Map.of("partitions", "8"), 1);
  private static final CheckpointIdentity OTHER =
      new CheckpointIdentity(new UUID(3, 4), "sources: kafka", Map.of(), 2);

  private static final BatchPlanned PLAN_0 =
      new BatchPlanned(
          0,
          1_700_000_000_000L,
          LogEntry.NO_WATERMARK,
          LogEntry.NO_WATERMARK,
          List.of(new SourceRange(0, null, "{\"n\":5}"), new SourceRange(1, "\"é😀\"", null)));
  private static final BatchCommitted COMMIT_0 =
      new BatchCommitted(
          0,
          17L,
          List.of(
              new StateChange(1, 2, new StatePayload.Inline(new byte[] {1, 0, -1})),
              new StateChange(1, 3, new StatePayload.External("state/1/3", 99, 0xDEADBEEF))),
          Map.of("b", "2", "a", "1"));
  private static final SnapshotTaken SNAPSHOT_0 =
      new SnapshotTaken(0, List.of(new SnapshotFile(1, 2, "state/snapshot-0", 7, 42)));
  private static final BatchPlanned PLAN_1 = new BatchPlanned(1, 5, 17, 0, List.of());

  @TempDir Path checkpoint;

  @Test
  void newLogHasNothingToRecover() {
    try (WriteAheadLog log = WriteAheadLog.open(checkpoint, IDENTITY)) {
      assertThat(log.identity()).isEqualTo(IDENTITY);
      assertThat(log.recovered())
          .isEqualTo(new RecoveredLog(null, null, null, List.of(), List.of(), ""));
    }
  }

  @Test
  void everyKindOfEntryComesBack() {
    try (WriteAheadLog log = WriteAheadLog.open(checkpoint, IDENTITY)) {
      log.append(PLAN_0);
      log.append(COMMIT_0);
      log.append(PLAN_1);
      log.sync();
    }
    try (WriteAheadLog log = WriteAheadLog.open(checkpoint, OTHER)) {
      assertThat(log.identity()).isEqualTo(IDENTITY);
      assertThat(log.recovered())
          .isEqualTo(
              new RecoveredLog(
                  PLAN_1, COMMIT_0, null, List.of(COMMIT_0), List.of(PLAN_0, PLAN_1), ""));
      log.append(SNAPSHOT_0);
    }
    try (WriteAheadLog log = WriteAheadLog.open(checkpoint, OTHER)) {
      assertThat(log.recovered())
          .isEqualTo(
              new RecoveredLog(
                  PLAN_1, COMMIT_0, SNAPSHOT_0, List.of(), List.of(PLAN_0, PLAN_1), ""));
    }
  }
}
