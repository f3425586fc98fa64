package io.arrowmill.wal;

import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SnapshotTaken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stood in the log when it was opened; does not follow later appends.
 *
 * @param lastPlanned the plan with the highest batch id
 * @param lastCommitted the commit with the highest batch id
 * @param snapshot the snapshot with the highest batch id
 * @param committedAfterSnapshot every retained commit of a batch after {@code snapshot}, ascending;
 *     every retained commit if there is no snapshot
 * @param planned every retained plan, ascending by batch id; planned twice, the later plan
 * @param droppedTail a sentence about what an interrupted write left behind and was dropped, or ""
 */
public record RecoveredLog(
    @Nullable BatchPlanned lastPlanned,
    @Nullable BatchCommitted lastCommitted,
    @Nullable SnapshotTaken snapshot,
    List<BatchCommitted> committedAfterSnapshot,
    List<BatchPlanned> planned,
    String droppedTail) {

  /** Copies the lists. */
  public RecoveredLog {
    committedAfterSnapshot = List.copyOf(committedAfterSnapshot);
    planned = List.copyOf(planned);
  }
}
