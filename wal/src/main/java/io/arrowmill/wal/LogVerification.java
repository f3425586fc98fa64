package io.arrowmill.wal;

import io.arrowmill.wal.LogContents.Located;
import io.arrowmill.wal.LogContents.Segment;
import io.arrowmill.wal.LogEntry.SnapshotFile;
import io.arrowmill.wal.LogEntry.StateChange;
import io.arrowmill.wal.LogEntry.StatePayload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The check of a whole checkpoint: every retained entry, and every file that a restart would read,
 * which are those of the newest snapshot and of the commits after it.
 *
 * @param entryCount intact entries
 * @param fileCount files of the right length and checksum
 * @param damage a sentence about each thing damaged or missing
 */
record LogVerification(int entryCount, int fileCount, List<String> damage) {

  static LogVerification of(Path checkpoint, LogContents contents) {
    int entryCount = 0;
    for (Segment segment : contents.segments()) {
      List<Located> entries = segment.entries();
      entryCount += entries.size();
    }
    List<String> damage = new ArrayList<>();
    contents.damage().forEach(found -> damage.add(found.getMessage()));
    int fileCount = 0;
    for (SnapshotFile file : neededFiles(LogRecovery.recover(contents))) {
      try {
        CheckpointFiles.verify(checkpoint.resolve(file.file()), file.length(), file.crc32c());
        fileCount++;
      } catch (LogDamagedException | LogReadException e) {
        damage.add(e.getMessage());
      }
    }
    return new LogVerification(entryCount, fileCount, List.copyOf(damage));
  }

  private static List<SnapshotFile> neededFiles(RecoveredLog recovered) {
    List<SnapshotFile> files = new ArrayList<>();
    if (recovered.snapshot() != null) {
      files.addAll(recovered.snapshot().files());
    }
    for (LogEntry.BatchCommitted committed : recovered.committedAfterSnapshot()) {
      for (StateChange change : committed.changes()) {
        if (change.payload() instanceof StatePayload.External(var file, var length, var crc32c)) {
          files.add(new SnapshotFile(change.operator(), change.partition(), file, length, crc32c));
        }
      }
    }
    return files;
  }
}
