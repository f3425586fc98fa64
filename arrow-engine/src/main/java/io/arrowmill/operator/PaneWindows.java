package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTableException;

/**
 * Makes windows of panes and hands them on. A window is a row like those of the panes, in memory of
 * its own, that a range of its key's panes is added to. Owns its buffers; confined to one task.
 *
 * <pre>
 *   panes of some keys          a a a a a b b b c c c c
 *   ranges of the windows       |---|         |---|
 *                                 |-----|     |-----|
 * </pre>
 */
final class PaneWindows implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;
  private static final int PANES_MIN = SLICE;

  private final AggregateRun run;
  private final WindowPanes panes;
  private final PaneKeys keys;
  private final GroupTable table;
  private final MemorySource memory;
  private final GroupOutput output;
  private final Operator out;
  private final int rowBytes;

  /** Panes that begin in a slide. */
  private final int panesPerSlide;

  private final long blockBytes;

  /** Addresses of the windows; behind them, those of their keys, their ranges, and the windows. */
  private final long windows;

  private final long windowKeys;
  private final long ranges;
  private final long rows;

  /** Addresses of the panes that ranges are of. */
  private long sources;

  private int sourcesMax;
  private int sourceCount;
  private int windowCount;

  /** So many windows are made of their panes. */
  private int settled;

  /**
   * Windows of a partition.
   *
   * @param keys of the partition
   * @param out takes the windows
   */
  PaneWindows(AggregateRun run, WindowPanes panes, PaneKeys keys, Operator out) {
    this.run = run;
    this.panes = panes;
    this.keys = keys;
    this.table = keys.panes();
    this.out = out;
    this.memory = run.store().memory();
    // Windows have no links.
    this.rowBytes = table.layout().state(run.plan().calls().size()).offset();
    this.panesPerSlide = (int) (panes.window().slideMicros() / panes.paneMicros());
    try (Parts parts = new Parts()) {
      this.output =
          parts.add(new GroupOutput(run.plan().schema(), run.plan().keys().size(), memory));
      this.blockBytes = (24L + rowBytes) * SLICE;
      this.windows = parts.allocate(memory, blockBytes);
      parts.complete();
    }
    this.windowKeys = windows + 8L * SLICE;
    this.ranges = windows + 16L * SLICE;
    this.rows = windows + 24L * SLICE;
    for (int i = 0; i < SLICE; i++) {
      putLong(windows + 8L * i, rows + (long) i * rowBytes);
    }
  }

  /**
   * Gives the windows that hold a wanted pane of a key.
   *
   * @param first no window that starts before this
   * @param last no window that starts after this
   */
  void add(PaneChain chain, long first, long last) {
    int length = chain.length();
    if (length == 0) {
      return;
    }
    long slide = panes.window().slideMicros();
    long reach = panes.window().lengthMicros();
    int base = addSources(chain);
    int from = 0;
    int to = 0;
    for (long start = Math.max(first, panes.oldestStart(chain.time(0)));
        start <= last;
        start += slide) {
      // Without branches: which panes come and go is as good as random.
      for (int i = 0; i < panesPerSlide; i++) {
        from += chain.time(from) < start ? 1 : 0;
        to += chain.time(to) < start + reach ? 1 : 0;
      }
      if (chain.time(from) < start || chain.time(to) < start + reach) {
        from = passed(chain, from, start);
        to = passed(chain, to, start + reach);
      }
      int wanted = chain.wanted(from);
      if (wanted < to) {
        window(chain.key(), start, base + from, base + to);
      } else if (wanted == length) {
        return;
      } else {
        // The loop goes on from the wanted pane's first window.
        start = panes.oldestStart(chain.time(wanted)) - slide;
      }
    }
  }

  /** The first pane from one on that is not before a time. */
  private static int passed(PaneChain chain, int from, long time) {
    int at = from;
    while (chain.time(at) < time) {
      at++;
    }
    return at;
  }

  /** Takes the panes of a chain; returns the position of the first. */
  private int addSources(PaneChain chain) {
    int length = chain.length();
    if (length > sourcesMax - sourceCount) {
      settle();
      if (length > sourcesMax) {
        long grown = Math.max(PANES_MIN, 2L * length);
        freeSources();
        sources = memory.allocate(8 * grown);
        sourcesMax = (int) grown;
      }
    }
    for (int i = 0; i < length; i++) {
      putLong(sources + 8L * (sourceCount + i), chain.row(i));
    }
    sourceCount += length;
    return sourceCount - length;
  }

  private void window(long key, long start, int from, int to) {
    if (windowCount == SLICE) {
      flush();
    }
    table.states().beginRow(rows + (long) windowCount * rowBytes, start, rowBytes);
    putLong(windowKeys + 8L * windowCount, key);
    putInt(ranges + 8L * windowCount, from);
    putInt(ranges + 8L * windowCount + 4, to);
    windowCount++;
  }

  /** Adds the panes of all windows so far: they are not read again. */
  void settle() {
    merge();
    sourceCount = 0;
  }

  private void merge() {
    try {
      table
          .states()
          .mergeRanges(
              windows + 8L * settled, ranges + 8L * settled, sources, windowCount - settled);
    } catch (GroupTableException e) {
      throw AggregateRun.doesNotFit(
          run.plan().output().get(run.plan().keys().size() + e.accumulator()).name(), e);
    }
    settled = windowCount;
  }

  /** Hands on what has been made. */
  void flush() {
    if (windowCount == 0) {
      return;
    }
    merge();
    run.context().checkActive();
    GroupOutput.Keys from = new GroupOutput.Keys(keys.keys(), windowKeys);
    try (RecordBatch batch =
        output.batch(from, table, windows, windowCount, run.context().allocator())) {
      out.process(batch);
    }
    table.states().release(windows, windowCount);
    windowCount = 0;
    settled = 0;
  }

  private void freeSources() {
    if (sourcesMax > 0) {
      memory.free(sources, 8L * sourcesMax);
      sourcesMax = 0;
    }
  }

  @Override
  public void close() {
    output.close();
    freeSources();
    memory.free(windows, blockBytes);
  }
}
