package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTableException;

/**
 * Makes windows of panes and hands them on. A window is a row like those of the panes, in memory of
 * its own, that the panes are added to. Owns its buffers; confined to one task.
 */
final class PaneWindows implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final AggregateRun run;
  private final WindowPanes panes;
  private final GroupTable table;
  private final MemorySource memory;
  private final GroupOutput output;
  private final Operator out;
  private final int rowBytes;
  private final int timeAt;
  private final long blockBytes;
  private final long block;

  /** Addresses of the windows, and behind them the windows. */
  private final long windows;

  private final long rows;

  /** Pairs of a window and a pane that is to be added to it. */
  private final long targets;

  private final long sources;
  private int windowCount;
  private int pairCount;

  /**
   * Windows of a partition.
   *
   * @param table its panes
   * @param out takes the windows
   */
  PaneWindows(AggregateRun run, WindowPanes panes, GroupTable table, Operator out) {
    this.run = run;
    this.panes = panes;
    this.table = table;
    this.out = out;
    this.memory = run.store().memory();
    this.rowBytes = table.layout().rowBytes();
    this.timeAt = table.layout().keyOffset(run.plan().keys().size() - 1);
    this.output = new GroupOutput(run.plan().schema(), run.plan().keys().size(), memory);
    this.blockBytes = (24L + rowBytes) * SLICE;
    this.block = memory.allocate(blockBytes);
    this.windows = block;
    this.targets = block + 8L * SLICE;
    this.sources = block + 16L * SLICE;
    this.rows = block + 24L * SLICE;
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
    long slide = panes.window().slideMicros();
    long reach = panes.window().lengthMicros();
    int length = chain.length();
    int from = 0;
    int to = 0;
    int wanted = 0;
    long start = length == 0 ? last + 1 : Math.max(first, panes.oldestStart(chain.time(0)));
    for (; start <= last; start += slide) {
      while (wanted < length && (chain.time(wanted) < start || !chain.isWanted(wanted))) {
        wanted++;
      }
      if (wanted == length) {
        return;
      }
      if (chain.time(wanted) >= start + reach) {
        // The loop goes on from the wanted pane's first window.
        start = panes.oldestStart(chain.time(wanted)) - slide;
        continue;
      }
      while (chain.time(from) < start) {
        from++;
      }
      to = Math.max(to, from);
      while (to < length && chain.time(to) < start + reach) {
        to++;
      }
      window(chain, start, from, to);
    }
  }

  private void window(PaneChain chain, long start, int from, int to) {
    if (windowCount == SLICE) {
      flush();
    }
    long row = rows + (long) windowCount++ * rowBytes;
    table.copyKeys(chain.row(from), row);
    putLong(row + timeAt, start);
    for (int i = from; i < to; i++) {
      if (pairCount == SLICE) {
        settle();
      }
      putLong(targets + 8L * pairCount, row);
      putLong(sources + 8L * pairCount++, chain.row(i));
    }
  }

  /** Adds the panes of all windows so far: they are not read again. */
  void settle() {
    try {
      table.mergeRows(targets, sources, pairCount);
    } catch (GroupTableException e) {
      throw AggregateRun.doesNotFit(
          run.plan().output().get(run.plan().keys().size() + e.accumulator()).name(), e);
    }
    pairCount = 0;
  }

  /** Hands on what has been made. */
  void flush() {
    if (windowCount == 0) {
      return;
    }
    settle();
    run.context().checkActive();
    try (RecordBatch batch = output.batch(table, windows, windowCount, run.context().allocator())) {
      out.process(batch);
    }
    table.releaseStates(windows, windowCount);
    windowCount = 0;
  }

  @Override
  public void close() {
    output.close();
    memory.free(block, blockBytes);
  }
}
