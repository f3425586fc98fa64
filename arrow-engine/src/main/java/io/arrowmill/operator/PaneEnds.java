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

  /** Keys whose panes are loaded together: they stay in the core's own cache until they are used. */
  private static final int KEYS = 256;

  private final WindowPanes panes;
  private final GroupTable table;
  private final PaneKeys keys;
  private final PaneRing ring;
  private final MemorySource memory;
  private final long scratch;
  private final LongList due = new LongList();
  private final LongList removed = new LongList();
  private final LongList emptied = new LongList();
  private final PaneChain chain = new PaneChain();
  private final long[] links = new long[KEYS];

  PaneEnds(WindowPanes panes, GroupTable table, PaneKeys keys, MemorySource memory) {
    this.panes = panes;
    this.table = table;
    this.keys = keys;
    this.ring = keys.ring();
    this.memory = memory;
    this.scratch = memory.allocate(8L * SLICE);
  }

  /** Takes the panes of one key that hold windows which end. */
  @FunctionalInterface
  interface Ended {
    void accept(PaneChain chain);
  }

  /** Called before panes that have been handed on are removed. */
  @FunctionalInterface
  interface BeforeRemoval {
    void run();
  }

  /**
   * Ends windows.
   *
   * @param firstOpen start of the first window that has not ended yet, or {@link Long#MIN_VALUE}
   * @param last start of the last window that ends
   * @return how many have ended
   */
  long end(long firstOpen, long last, Ended ended, BeforeRemoval beforeRemoval) {
    if (firstOpen > last) {
      return 0;
    }
    long bound = last + panes.window().lengthMicros() - 1;
    listDue(bound);
    long total = 0;
    for (int from = 0; from < due.size(); from += KEYS) {
      int count = Math.min(KEYS, due.size() - from);
      warm(from, count, bound);
      for (int i = from; i < from + count; i++) {
        total += end(due.get(i), firstOpen, last, ended);
      }
      beforeRemoval.run();
      slices(removed, table);
      removed.clear();
    }
    slices(emptied, keys.keys());
    emptied.clear();
    due.clear();
    keys.ended(total);
    return total;
  }

  /** Lists the keys whose oldest pane is at or before a time. */
  private void listDue(long bound) {
    RowCursor cursor = new RowCursor();
    for (int count = table.rowsUntil(bound, cursor, scratch, SLICE);
        count > 0;
        count = table.rowsUntil(bound, cursor, scratch, SLICE)) {
      for (int i = 0; i < count; i++) {
        long older = ring.older(getLong(scratch + 8L * i));
        if (PaneRing.isKey(older)) {
          due.add(PaneRing.row(older));
        }
      }
    }
  }

  /**
   * Loads the panes of some keys, the first of all keys, then the second and so on: such loads do
   * not wait for each other, as those along one chain do.
   */
  private void warm(int from, int count, long bound) {
    int left = count;
    for (int i = 0; i < count; i++) {
      links[i] = ring.oldest(due.get(from + i));
    }
    while (left > 0) {
      int longer = 0;
      for (int i = 0; i < left; i++) {
        long row = links[i];
        long next = ring.newer(row);
        links[longer] = next;
        longer += PaneRing.isKey(next) || ring.time(row) > bound ? 0 : 1;
      }
      left = longer;
    }
  }

  private long end(long key, long firstOpen, long last, Ended ended) {
    long reach = panes.window().lengthMicros();
    chain.clear();
    long link = ring.oldest(key);
    long kept = 0;
    while (!PaneRing.isKey(link) && ring.time(link) < last + reach) {
      long time = ring.time(link);
      chain.add(link, time, true);
      if (panes.newestStart(time) <= last) {
        removed.add(link);
      } else if (kept == 0) {
        kept = link;
      }
      link = ring.newer(link);
    }
    kept = kept == 0 && !PaneRing.isKey(link) ? link : kept;
    if (kept == 0) {
      emptied.add(key);
    } else {
      ring.cut(key, kept);
    }
    ended.accept(chain);
    return count(firstOpen, last);
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

  private void slices(LongList rows, GroupTable from) {
    for (int at = 0; at < rows.size(); at += SLICE) {
      int count = Math.min(SLICE, rows.size() - at);
      for (int i = 0; i < count; i++) {
        putLong(scratch + 8L * i, rows.get(at + i));
      }
      from.remove(scratch, count);
    }
  }

  @Override
  public void close() {
    memory.free(scratch, 8L * SLICE);
  }
}
