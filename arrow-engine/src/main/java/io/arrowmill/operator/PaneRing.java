package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.table.RowLayout;

/**
 * The panes of a key: rows in a ring, by time, that begins and ends at a row of the key's own.
 *
 * <pre>
 *     +-------+ newer +--------+ newer +--------+ newer +--------+
 *     |  key  | ----> | oldest | ----> |  pane  | ----> | newest | ----> the key
 *     +-------+ &lt;---- +--------+ &lt;---- +--------+ &lt;---- +--------+
 *               older            older            older
 * </pre>
 *
 * <p>A link to the key is its address with the lowest bit set, so that the end of the ring shows
 * without a look at it. Links are in memory only: a row without has just been made, or comes from a
 * file.
 *
 * @param timeAt bytes from a row's start to its pane
 * @param olderAt to the address of the next row back in time
 * @param newerAt to the address of the next row on in time
 * @param markAt to the number of the run that has counted the row last
 */
record PaneRing(int timeAt, int olderAt, int newerAt, int markAt) {
  private static final long KEY = 1;

  /** So many links are behind the aggregates of a row. */
  static final int LINKS = 3;

  /** The ring of rows of {@code calls} aggregates whose last key is their pane. */
  static PaneRing of(RowLayout layout, int keys, int calls) {
    return new PaneRing(
        layout.keyOffset(keys - 1),
        layout.state(calls).offset(),
        layout.state(calls + 1).offset(),
        layout.state(calls + 2).offset());
  }

  /** Whether a link leads to the key, not to a pane. */
  static boolean isKey(long link) {
    return (link & KEY) != 0;
  }

  /** The row that a link leads to. */
  static long row(long link) {
    return link & -2;
  }

  long time(long pane) {
    return getLong(pane + timeAt);
  }

  /** The link back in time; 0 if the pane is in no ring yet. */
  long older(long pane) {
    return getLong(pane + olderAt);
  }

  /** The link on in time. */
  long newer(long pane) {
    return getLong(pane + newerAt);
  }

  /** The oldest pane of a key. */
  long oldest(long key) {
    return getLong(key + newerAt);
  }

  /** The newest pane of a key, or 0 if it has none. */
  long newest(long key) {
    return getLong(key + olderAt);
  }

  long mark(long row) {
    return getLong(row + markAt);
  }

  void mark(long row, long run) {
    putLong(row + markAt, run);
  }

  /** Puts a pane to its place, which is looked for from the newest on. */
  void insert(long key, long pane) {
    long time = time(pane);
    long behind = key | KEY;
    long before = newest(key) == 0 ? behind : newest(key);
    while (!isKey(before) && time(before) > time) {
      behind = before;
      before = older(before);
    }
    putLong(pane + olderAt, before);
    putLong(pane + newerAt, behind);
    putLong(row(before) + newerAt, pane);
    putLong(row(behind) + olderAt, pane);
  }

  /** Takes out all panes of a key before one, which is the oldest then. */
  void cut(long key, long oldest) {
    putLong(key + newerAt, oldest);
    putLong(oldest + olderAt, key | KEY);
  }
}
