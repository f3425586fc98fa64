package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getInt;

/**
 * What has changed among the groups of a {@link GroupTable} since an epoch began. Owned by the
 * table; as it, one thread at a time.
 */
public final class GroupChanges {
  private final GroupRows groups;

  GroupChanges(GroupRows groups) {
    this.groups = groups;
  }

  /**
   * Forgets the changes so far and lists those that follow.
   *
   * @param next at least 1, and no epoch that the table had before
   */
  public void beginEpoch(int next) {
    groups.beginEpoch(next);
  }

  /**
   * Writes up to {@code max} rows made or touched in this epoch and still there, each once; 0 at
   * the end.
   */
  public int nextChanged(RowCursor cursor, long rowsOut, int max) {
    return groups.changedRows(cursor, rowsOut, max);
  }

  /**
   * Writes up to {@code max} rows removed in this epoch, but for those that {@link #evictedUntil}
   * stands for; 0 at the end. Only their keys can be read, and only until the next epoch. A key
   * that was removed and came back is both here and in {@link #nextChanged}: removals come first.
   */
  public int nextRemoved(RowCursor cursor, long rowsOut, int max) {
    return groups.removedRows(cursor, rowsOut, max);
  }

  /** Number of rows that {@link #nextChanged} lists. */
  public long changedCount() {
    return groups.changedCount();
  }

  /** Number of rows that {@link #nextRemoved} lists. */
  public long removedCount() {
    return groups.removedCount();
  }

  /**
   * The time up to which rows were evicted in this epoch, {@link Long#MIN_VALUE} if none were: what
   * a table held before the epoch up to that time is gone, or in {@link #nextChanged}.
   */
  public long evictedUntil() {
    return groups.evictedUntil();
  }

  /** Counts a row as changed, which its owner has written to. */
  public void touch(long row) {
    if (getInt(row + RowLayout.EPOCH_OFFSET) != groups.epoch()) {
      groups.touch(row);
    }
  }

  /** Whether a row was made or touched in this epoch. */
  public boolean isTouched(long row) {
    return getInt(row + RowLayout.EPOCH_OFFSET) == groups.epoch();
  }
}
