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
  private final PaneLevels levels;

  PaneEnds(WindowPanes panes, PaneKeys keys, MemorySource memory) {
    this.panes = panes;
    this.keys = keys;
    this.ring = keys.ring();
    this.memory = memory;
    this.due = memory.allocate(16L * SLICE);
    this.scratch = due + 8L * SLICE;
    this.levels = new PaneLevels(ring);
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
    if (keys.counts().firstOpen() > last) {
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
      for (int from = 0; from < count; from += PaneLevels.KEYS) {
        int some = Math.min(PaneLevels.KEYS, count - from);
        levels.load(due + 8L * from, some, bound);
        for (int i = 0; i < some; i++) {
          total += end(getLong(due + 8L * (from + i)), i, last, ended);
        }
        ended.panesGo();
        slices(removed, (rows, gone) -> keys.panes().evictRows(removedUntil, rows, gone));
      }
      if (emptied.size() > 0) {
        ended.keysGo();
        slices(emptied, keys.keys()::remove);
      }
    }
    keys.counts().ended(total);
    return total;
  }

  private long end(long key, int index, long last, Ended ended) {
    long reach = last + panes.window().lengthMicros();
    chain.clear(key);
    int level = 0;
    long pane = levels.pane(index, 0);
    long kept = 0;
    while (pane != key && ring.time(pane) < reach) {
      long time = ring.time(pane);
      chain.add(pane, time, true);
      if (panes.newestStart(time) <= last) {
        removed.add(pane);
      } else if (kept == 0) {
        kept = pane;
      }
      pane = ++level < PaneLevels.DEPTH ? levels.pane(index, level) : ring.newer(pane);
    }
    kept = kept == 0 ? pane : kept;
    if (kept == key) {
      ring.remove(key);
      emptied.add(key);
    } else {
      ring.cut(key, kept);
    }
    ended.accept(chain);
    return count(keys.counts().firstOpen(), last);
  }

  /** Windows of the chain's panes, of those that start in a stretch. */
  private long count(long first, long last) {
    long slide = panes.window().slideMicros();
    long next = first;
    long micros = 0;
    for (int i = 0; i < chain.length(); i++) {
      long from = Math.max(next, panes.oldestStart(chain.time(i)));
      long to = Math.min(last, panes.newestStart(chain.time(i))) + slide;
      // Without a branch: which panes lie behind gaps is as good as random.
      micros += Math.max(0, to - from);
      next = Math.max(next, to);
    }
    return micros / slide;
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
