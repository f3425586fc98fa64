package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.state.join.LongList;

/**
 * Ends the windows of a partition, and removes panes with the last window that holds them. Owns a
 * little memory; used by one task at a time.
 */
final class PaneEnds implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  /**
   * Keys whose panes are loaded together: they stay in the core's own cache until they are used.
   */
  private static final int KEYS = 256;

  private final WindowPanes panes;
  private final PaneKeys keys;
  private final PaneRing ring;
  private final MemorySource memory;

  /** Keys whose oldest pane is due. */
  private final long due;

  private final long scratch;
  private final LongList removed = new LongList();
  private final LongList emptied = new LongList();
  private final PaneChain chain = new PaneChain();
  private final long[] warming = new long[KEYS];

  PaneEnds(WindowPanes panes, PaneKeys keys, MemorySource memory) {
    this.panes = panes;
    this.keys = keys;
    this.ring = keys.ring();
    this.memory = memory;
    this.due = memory.allocate(16L * SLICE);
    this.scratch = due + 8L * SLICE;
  }

  /** Takes what ends. */
  interface Ended {
    /** Takes the panes of one key that hold windows which end. */
    void accept(PaneChain chain);

    /** Called before panes that have been handed on are removed. */
    void panesGo();

    /** Called before keys of panes that have been handed on are removed. */
    void keysGo();
  }

  /**
   * Ends windows.
   *
   * @param last start of the last window that ends
   * @return how many have ended
   */
  long end(long last, Ended ended) {
    if (keys.firstOpen() > last) {
      return 0;
    }
    long bound = last + panes.window().lengthMicros() - 1;
    // The last pane whose windows all start by then.
    long removedUntil = last + panes.window().slideMicros() - 1;
    RowCursor cursor = new RowCursor();
    long total = 0;
    for (int count = keys.keys().rowsUntil(bound, cursor, due, SLICE);
        count > 0;
        count = keys.keys().rowsUntil(bound, cursor, due, SLICE)) {
      for (int from = 0; from < count; from += KEYS) {
        int some = Math.min(KEYS, count - from);
        warm(from, some, bound);
        for (int i = from; i < from + some; i++) {
          total += end(getLong(due + 8L * i), last, ended);
        }
        ended.panesGo();
        slices(removed, (rows, gone) -> keys.panes().evictRows(removedUntil, rows, gone));
      }
      if (emptied.size() > 0) {
        ended.keysGo();
        slices(emptied, keys.keys()::remove);
      }
    }
    keys.ended(total);
    return total;
  }

  /**
   * Loads the panes of some keys, the first of all keys, then the second and so on: such loads do
   * not wait for each other, as those along one chain do.
   */
  private void warm(int from, int count, long bound) {
    int left = count;
    for (int i = 0; i < count; i++) {
      warming[i] = ring.oldest(getLong(due + 8L * (from + i)));
    }
    while (left > 0) {
      int longer = 0;
      for (int i = 0; i < left; i++) {
        long pane = warming[i];
        long next = ring.newer(pane);
        warming[longer] = next;
        longer += next == ring.key(pane) || ring.time(pane) > bound ? 0 : 1;
      }
      left = longer;
    }
  }

  private long end(long key, long last, Ended ended) {
    long reach = panes.window().lengthMicros();
    chain.clear(key);
    long pane = ring.oldest(key);
    long kept = 0;
    while (pane != key && ring.time(pane) < last + reach) {
      long time = ring.time(pane);
      chain.add(pane, time, true);
      if (panes.newestStart(time) <= last) {
        removed.add(pane);
      } else if (kept == 0) {
        kept = pane;
      }
      pane = ring.newer(pane);
    }
    kept = kept == 0 ? pane : kept;
    if (kept == key) {
      ring.remove(key);
      emptied.add(key);
    } else {
      ring.cut(key, kept);
    }
    ended.accept(chain);
    return count(keys.firstOpen(), last);
  }

  /** Windows of the chain's panes, of those that start in a stretch. */
  private long count(long first, long last) {
    long slide = panes.window().slideMicros();
    long next = first;
    long total = 0;
    for (int i = 0; i < chain.length(); i++) {
      long from = Math.max(next, panes.oldestStart(chain.time(i)));
      long to = Math.min(last, panes.newestStart(chain.time(i)));
      if (from <= to) {
        total += from == to ? 1 : (to - from) / slide + 1;
        next = to + slide;
      }
    }
    return total;
  }

  /** Takes rows out of a table. */
  @FunctionalInterface
  private interface Removal {
    void remove(long rows, int count);
  }

  private void slices(LongList rows, Removal removal) {
    for (int at = 0; at < rows.size(); at += SLICE) {
      int count = Math.min(SLICE, rows.size() - at);
      for (int i = 0; i < count; i++) {
        putLong(scratch + 8L * i, rows.get(at + i));
      }
      removal.remove(scratch, count);
    }
    rows.clear();
  }

  @Override
  public void close() {
    memory.free(due, 16L * SLICE);
  }
}
