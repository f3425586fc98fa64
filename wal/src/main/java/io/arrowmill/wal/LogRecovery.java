package io.arrowmill.wal;

import io.arrowmill.wal.LogContents.Located;
import io.arrowmill.wal.LogContents.Segment;
import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SnapshotTaken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** From all entries of a log to what a query needs to go on. */
final class LogRecovery {

  private LogRecovery() {}

  static RecoveredLog recover(LogContents contents) {
    TreeMap<Long, BatchPlanned> planned = new TreeMap<>();
    TreeMap<Long, BatchCommitted> committed = new TreeMap<>();
    TreeMap<Long, SnapshotTaken> snapshots = new TreeMap<>();
    for (Segment segment : contents.segments()) {
      for (Located located : segment.entries()) {
        switch (located.entry()) {
          case BatchPlanned plan -> planned.put(plan.batchId(), plan);
          case BatchCommitted commit -> committed.put(commit.batchId(), commit);
          case SnapshotTaken taken -> snapshots.put(taken.batchId(), taken);
        }
      }
    }
    Map.Entry<Long, SnapshotTaken> newest = snapshots.lastEntry();
    List<BatchCommitted> after =
        new ArrayList<>(
            newest == null
                ? committed.values()
                : committed.tailMap(newest.getKey(), false).values());
    return new RecoveredLog(
        planned.isEmpty() ? null : planned.lastEntry().getValue(),
        committed.isEmpty() ? null : committed.lastEntry().getValue(),
        newest == null ? null : newest.getValue(),
        after,
        new ArrayList<>(planned.values()),
        contents.droppedTail());
  }
}
