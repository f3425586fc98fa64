package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan;
import java.util.ArrayList;
import java.util.List;

/**
 * The way to a partition's panes: for each key the {@link PaneRing} of its panes. Also knows how
 * many open windows they make. In memory only, and made again of the panes after a restart.
 *
 * <p>Borrows the table of panes, owns one of keys. Used by one task at a time.
 */
public final class PaneKeys implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  /** Keys whose recent panes are loaded together. */
  private static final int KEYS = 256;

  private final GroupTable panes;
  private final GroupTable keys;
  private final PaneRing ring;
  private final MemorySource memory;

  /** Whether the panes that were read back are linked. */
  private boolean linked;

  private final OpenWindows windows;

  /** What the warming loads add up to; kept so that they are not optimized away. */
  @SuppressWarnings("UnusedVariable")
  private long warmed;

  PaneKeys(WindowPanes windowing, int calls, GroupTable panes, KeyHash hash, MemorySource memory) {
    this.panes = panes;
    this.memory = memory;
    this.keys = new GroupTable(PaneRing.keysPlan(panes.plan().keys()), hash, memory);
    this.ring = new PaneRing(panes, keys, calls, memory);
    this.windows = new OpenWindows(windowing, panes, ring);
  }

  /**
   * Of a store's partitions, one each; none if what is stored are no panes.
   *
   * @param partitions tables that only a checkpoint is read into before the first run
   */
  public static List<PaneKeys> of(
      StatefulPlan plan, List<GroupTable> partitions, KeyHash hash, MemorySource memory) {
    List<PaneKeys> all = new ArrayList<>();
    if (plan instanceof AggregatePlan aggregate && aggregate.panes() != null) {
      try (Parts parts = new Parts()) {
        for (GroupTable table : partitions) {
          int calls = aggregate.calls().size();
          all.add(parts.add(new PaneKeys(aggregate.panes(), calls, table, hash, memory)));
        }
        parts.complete();
      }
    }
    return all;
  }

  /** Windows that hold a pane and have not ended. */
  public long windows() {
    return windows.count();
  }

  /** Off-heap bytes held. */
  public long memoryBytes() {
    return keys.memoryBytes() + ring.memoryBytes();
  }

  GroupTable panes() {
    return panes;
  }

  /** One row for each key that has panes. */
  GroupTable keys() {
    return keys;
  }

  PaneRing ring() {
    return ring;
  }

  /** What is counted of the windows. */
  OpenWindows counts() {
    return windows;
  }

  /** A run begins, in which windows that start before {@code first} have ended. */
  void begin(long first) {
    windows.begin(first);
    if (!linked) {
      linkAll();
    }
  }

  private void linkAll() {
    long block = memory.allocate(16L * SLICE);
    try {
      long found = block + 8L * SLICE;
      RowCursor cursor = new RowCursor();
      for (int count = panes.nextRows(cursor, block, SLICE);
          count > 0;
          count = panes.nextRows(cursor, block, SLICE)) {
        keys.siblings().groupFirstKeys(panes, block, count, found);
        for (int i = 0; i < count; i++) {
          long pane = getLong(block + 8L * i);
          long key = getLong(found + 8L * i);
          ring.link(key, ring.lastUntil(key, ring.time(pane)), pane);
          windows.made(key, pane);
          windows.settle();
        }
      }
      panes.dropIndex();
      linked = true;
    } finally {
      memory.free(block, 16L * SLICE);
    }
  }

  /**
   * Takes some rows of a batch, finding their keys, or making them.
   *
   * @param columns descriptors of the keys and, behind them, of the panes' starts
   * @param hashes of the rows' keys without the panes
   * @param rows have room for them
   */
  void find(long columns, int start, int count, long hashes, PaneRows rows) {
    keys.groupHashed(columns, 0, start, count, hashes, rows.from(rows.size()));
    long times = ColumnDescriptor.data(ColumnDescriptor.at(columns, keys.plan().keys().size()));
    rows.add(ring, times + 8L * start, count);
  }

  /** Finds the panes of rows, making those that are not there. */
  void place(PaneRows rows) {
    int count = rows.keyCount();
    for (int from = 0; from < count; from += KEYS) {
      int to = Math.min(count, from + KEYS);
      long sum = 0;
      for (int k = from; k < to; k++) {
        sum += getLong(ring.recent(rows.key(k)));
      }
      warmed = sum;
      for (int k = from; k < to; k++) {
        place(rows, rows.key(k), rows.first(k));
      }
    }
  }

  private void place(PaneRows rows, long key, int first) {
    long time = rows.time(first);
    long pane = pane(key, time);
    rows.pane(first, pane);
    for (int row = rows.next(first); row != PaneRows.NONE; row = rows.next(row)) {
      if (rows.time(row) != time) {
        time = rows.time(row);
        pane = pane(key, time);
      }
      rows.pane(row, pane);
    }
    windows.settle();
  }

  /**
   * Adds panes of a table whose rows lie as those of the panes do.
   *
   * @param scratch room for {@code count} int64 addresses
   */
  void merge(GroupTable other, long rows, int count, long scratch) {
    keys.siblings().groupFirstKeys(other, rows, count, scratch);
    warmRecent(scratch, count);
    for (int i = 0; i < count; i++) {
      long time = ring.time(getLong(rows + 8L * i));
      putLong(scratch + 8L * i, pane(getLong(scratch + 8L * i), time));
      windows.settle();
    }
    panes.states().merge(scratch, rows, count);
  }

  /** Loads the recent panes of some keys, each load independent of the others. */
  private void warmRecent(long found, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += getLong(ring.recent(getLong(found + 8L * i)));
    }
    warmed = sum;
  }

  /** The pane of a key at a time, which counts as touched. */
  private long pane(long key, long time) {
    long before = ring.lastUntil(key, time);
    if (before != key && ring.time(before) == time) {
      if (!panes.changes().isTouched(before)) {
        windows.touched(key, before);
        panes.changes().touch(before);
      }
      ring.found(key, before);
      return before;
    }
    long pane = ring.insert(key, before, time);
    windows.made(key, pane);
    windows.touched(key, pane);
    return pane;
  }

  @Override
  public void close() {
    ring.close();
    keys.close();
  }
}
