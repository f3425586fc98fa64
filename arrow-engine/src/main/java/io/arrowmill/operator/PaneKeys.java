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

  private final WindowPanes windowing;
  private final GroupTable panes;
  private final GroupTable keys;
  private final PaneRing ring;
  private final MemorySource memory;

  /** Whether the panes that were read back are linked. */
  private boolean linked;

  private long windows;
  private long run;
  private long firstOpen;
  private long updated;

  /** What the warming loads add up to; kept so that they are not optimized away. */
  @SuppressWarnings("UnusedVariable")
  private long warmed;

  PaneKeys(WindowPanes windowing, int calls, GroupTable panes, KeyHash hash, MemorySource memory) {
    this.windowing = windowing;
    this.panes = panes;
    this.memory = memory;
    this.keys = new GroupTable(PaneRing.keysPlan(panes.plan().keys()), hash, memory);
    this.ring = new PaneRing(panes, keys, calls);
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
    return windows;
  }

  /** Off-heap bytes held. */
  public long memoryBytes() {
    return keys.memoryBytes();
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

  /** Start of the first window that has not ended before the run, or {@link Long#MIN_VALUE}. */
  long firstOpen() {
    return firstOpen;
  }

  /** How many open windows hold a pane that this run has touched. */
  long updated() {
    return updated;
  }

  /** Says that windows have ended. */
  void ended(long count) {
    windows -= count;
  }

  /** A run begins, in which windows that start before {@code first} have ended. */
  void begin(long first) {
    run++;
    updated = 0;
    firstOpen = first;
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
        keys.groupFirstKeys(panes, block, count, found);
        for (int i = 0; i < count; i++) {
          long pane = getLong(block + 8L * i);
          long key = getLong(found + 8L * i);
          ring.link(key, ring.lastUntil(key, ring.time(pane)), pane);
          windows += uncovered(pane, ring.older(pane), ring.newer(pane), key);
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
  }

  /**
   * Adds panes of a table whose rows lie as those of the panes do.
   *
   * @param scratch room for {@code count} int64 addresses
   */
  void merge(GroupTable other, long rows, int count, long scratch) {
    keys.groupFirstKeys(other, rows, count, scratch);
    warmRecent(scratch, count);
    for (int i = 0; i < count; i++) {
      long time = ring.time(getLong(rows + 8L * i));
      putLong(scratch + 8L * i, pane(getLong(scratch + 8L * i), time));
    }
    panes.mergeRows(scratch, rows, count);
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
      if (!panes.isTouched(before)) {
        touched(key, before);
        panes.touchRow(before);
      }
      ring.found(key, before);
      return before;
    }
    long pane = ring.insert(key, before, time);
    windows += uncovered(pane, before, ring.newer(pane), key);
    touched(key, pane);
    return pane;
  }

  private void touched(long key, long pane) {
    long before = key;
    long behind = key;
    if (ring.run(key) == run) {
      before = touchedBefore(key, pane);
      behind = touchedBehind(key, pane);
    }
    updated += uncovered(pane, before, behind, key);
    ring.run(key, run);
  }

  /** The next pane back that is touched, if it shares a window with one. */
  private long touchedBefore(long key, long pane) {
    long oldest = windowing.oldestStart(ring.time(pane));
    long other = ring.older(pane);
    while (other != key && !panes.isTouched(other) && ring.time(other) >= oldest) {
      other = ring.older(other);
    }
    return other;
  }

  private long touchedBehind(long key, long pane) {
    long end = windowing.newestStart(ring.time(pane)) + windowing.window().lengthMicros();
    long other = ring.newer(pane);
    while (other != key && !panes.isTouched(other) && ring.time(other) < end) {
      other = ring.newer(other);
    }
    return other;
  }

  /**
   * Open windows that hold a pane and neither of two others.
   *
   * @param before a pane before it, or the key for none
   * @param behind a pane behind it, or the key for none
   */
  private long uncovered(long pane, long before, long behind, long key) {
    long slide = windowing.window().slideMicros();
    long time = ring.time(pane);
    long from = Math.max(firstOpen, windowing.oldestStart(time));
    long to = windowing.newestStart(time);
    if (before != key) {
      from = Math.max(from, windowing.newestStart(ring.time(before)) + slide);
    }
    if (behind != key) {
      to = Math.min(to, windowing.oldestStart(ring.time(behind)) - slide);
    }
    if (from >= to) {
      return from == to ? 1 : 0;
    }
    return (to - from) / slide + 1;
  }

  @Override
  public void close() {
    keys.close();
  }
}
