package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import java.util.Arrays;

/**
 * Adds the panes of one key after the other to the windows of a table. Each window is looked up
 * once, whatever panes it has. Owns its buffers; confined to one task.
 */
final class PaneWindows implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  /** Pairs of a window and a pane that are added at a time. */
  private static final int PAIRS = SLICE;

  /**
   * Keys whose panes are loaded together: they stay in the core's own cache until they are used.
   */
  private static final int CHAINS = 256;

  private static final long BYTES = 8L * (3L * SLICE + 2L * PAIRS);

  private final WindowPanes panes;
  private final GroupTable table;
  private final long ended;
  private final MemorySource memory;
  private final long block;

  /** For each window a pane of its key, its start, and then its row. */
  private final long samples;

  private final long starts;
  private final long found;

  /** For each pair the window's row and the pane's. */
  private final long targets;

  private final long sources;
  private final int[] firsts = new int[SLICE + 1];

  /** Rows that the chains of some keys have been followed to. */
  private final long[] chained = new long[CHAINS];

  private int windows;

  /** Panes by their times, of the keys whose windows are collected. */
  private long[] times = new long[64];

  private long[] rows = new long[64];
  private long[] pairs = new long[4 * SLICE];
  private int pairCount;

  /**
   * Adds to a table.
   *
   * @param ended windows that start up to this have ended and take nothing
   */
  PaneWindows(WindowPanes panes, GroupTable table, long ended, MemorySource memory) {
    this.panes = panes;
    this.table = table;
    this.ended = ended;
    this.memory = memory;
    this.block = memory.allocate(BYTES);
    this.samples = block;
    this.starts = block + 8L * SLICE;
    this.found = block + 16L * SLICE;
    this.targets = block + 24L * SLICE;
    this.sources = targets + 8L * PAIRS;
  }

  /**
   * Takes the panes of some keys.
   *
   * @param keys addresses of rows that lead to the first pane of each key
   * @param link bytes from a row's start to the address of the next
   * @param pane bytes from a row's start to the pane
   */
  void add(long keys, int count, int link, int pane) {
    for (int i = 0; i < count; i++) {
      if (i % CHAINS == 0) {
        warm(keys + 8L * i, Math.min(CHAINS, count - i), link);
      }
      int length = 0;
      for (long row = getLong(getLong(keys + 8L * i) + link); row != 0; row = getLong(row + link)) {
        if (length == rows.length) {
          rows = Arrays.copyOf(rows, 2 * length);
          times = Arrays.copyOf(times, 2 * length);
        }
        rows[length] = row;
        times[length++] = getLong(row + pane);
      }
      sort(length);
      collect(length);
    }
  }

  /**
   * Loads the panes of some keys, the first of all keys, then the second and so on: such loads do
   * not wait for each other, as those along one chain do.
   */
  private void warm(long keys, int count, int link) {
    int left = count;
    for (int i = 0; i < count; i++) {
      chained[i] = getLong(keys + 8L * i);
    }
    while (left > 0) {
      int longer = 0;
      for (int i = 0; i < left; i++) {
        long next = getLong(chained[i] + link);
        chained[longer] = next;
        longer += next == 0 ? 0 : 1;
      }
      left = longer;
    }
  }

  private void sort(int length) {
    if (length > 64) {
      sortMany(length);
      return;
    }
    for (int i = 1; i < length; i++) {
      long time = times[i];
      long row = rows[i];
      int at = i;
      for (; at > 0 && times[at - 1] > time; at--) {
        times[at] = times[at - 1];
        rows[at] = rows[at - 1];
      }
      times[at] = time;
      rows[at] = row;
    }
  }

  /** A key has each pane once, so a time says whose row it is. */
  private void sortMany(int length) {
    long[] unsorted = Arrays.copyOf(times, length);
    long[] sorted = new long[length];
    Arrays.sort(times, 0, length);
    for (int i = 0; i < length; i++) {
      sorted[Arrays.binarySearch(times, 0, length, unsorted[i])] = rows[i];
    }
    System.arraycopy(sorted, 0, rows, 0, length);
  }

  /** Goes through the windows of one key that hold a pane. */
  private void collect(int length) {
    long slide = panes.window().slideMicros();
    long reach = panes.window().lengthMicros();
    long last = panes.newestStart(times[length - 1]);
    int from = 0;
    int to = 0;
    for (long start = firstOpen(panes.oldestStart(times[0])); start <= last; start += slide) {
      while (from < length && times[from] < start) {
        from++;
      }
      to = Math.max(to, from);
      while (to < length && times[to] < start + reach) {
        to++;
      }
      if (from == to) {
        // No pane up to the next one's first window, from where the loop goes on.
        start = panes.oldestStart(times[from]) - slide;
        continue;
      }
      window(start, from, to);
    }
  }

  private long firstOpen(long start) {
    return start <= ended ? ended + panes.window().slideMicros() : start;
  }

  private void window(long start, int from, int to) {
    if (windows == SLICE) {
      flush();
    }
    if (pairCount + to - from > pairs.length) {
      pairs = Arrays.copyOf(pairs, Math.max(2 * pairs.length, pairCount + to - from));
    }
    putLong(samples + 8L * windows, rows[from]);
    putLong(starts + 8L * windows, start);
    firsts[windows++] = pairCount;
    System.arraycopy(rows, from, pairs, pairCount, to - from);
    pairCount += to - from;
  }

  /** Adds what has been collected. */
  void flush() {
    if (windows == 0) {
      return;
    }
    table.groupSiblings(samples, starts, windows, found);
    firsts[windows] = pairCount;
    int filled = 0;
    for (int w = 0; w < windows; w++) {
      long target = getLong(found + 8L * w);
      for (int i = firsts[w]; i < firsts[w + 1]; i++) {
        putLong(targets + 8L * filled, target);
        putLong(sources + 8L * filled++, pairs[i]);
        if (filled == PAIRS) {
          table.mergeRows(targets, sources, filled);
          filled = 0;
        }
      }
    }
    table.mergeRows(targets, sources, filled);
    windows = 0;
    pairCount = 0;
  }

  @Override
  public void close() {
    memory.free(block, BYTES);
  }
}
