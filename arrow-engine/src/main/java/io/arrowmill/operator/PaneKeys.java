package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.AccumulatorPlan;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known of a partition's panes beside their rows: for each key the {@link PaneRing} of its
 * panes, and how many open windows they make. In memory only, and made again of the rows after a
 * restart.
 *
 * <p>Borrows the table of panes, owns one of keys. Used by one task at a time.
 */
public final class PaneKeys implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;
  private static final long BLOCK_BYTES = 24L * SLICE;

  private final WindowPanes panes;
  private final GroupTable table;
  private final GroupTable keys;
  private final PaneRing ring;
  private final MemorySource memory;

  /** Whether rows that are no changes are linked. */
  private boolean linked;

  private long windows;
  private long run;

  /** What the warming loads add up to; kept so that they are not optimized away. */
  @SuppressWarnings("UnusedVariable")
  private long warmed;

  PaneKeys(AggregatePlan plan, WindowPanes panes, GroupTable table, KeyHash hash, MemorySource memory) {
    this.panes = panes;
    this.table = table;
    this.memory = memory;
    this.ring = ring(plan, table);
    // The keys must lie as they do in the panes' rows.
    GroupTablePlan rows = table.plan();
    this.keys = new GroupTable(new GroupTablePlan(rows.keys(), rows.accumulators()), hash, memory);
  }

  static PaneRing ring(AggregatePlan plan, GroupTable table) {
    return PaneRing.of(table.layout(), plan.keys().size(), plan.calls().size());
  }

  /**
   * Of a store's partitions, one each; none if what is stored are no panes.
   *
   * @param partitions empty tables, or tables just read back
   */
  public static List<PaneKeys> of(
      StatefulPlan plan, List<GroupTable> partitions, KeyHash hash, MemorySource memory) {
    List<PaneKeys> all = new ArrayList<>();
    if (plan instanceof AggregatePlan aggregate && aggregate.panes() != null) {
      for (GroupTable table : partitions) {
        all.add(new PaneKeys(aggregate, aggregate.panes(), table, hash, memory));
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

  PaneRing ring() {
    return ring;
  }

  /** Rows of the keys, whose last key is 0. */
  GroupTable keys() {
    return keys;
  }

  /** Says that windows have ended. */
  void ended(long count) {
    windows -= count;
  }

  /**
   * Takes in what has changed in this epoch.
   *
   * @param firstOpen start of the first window that has not ended, or {@link Long#MIN_VALUE}
   * @return how many open windows hold a pane that has changed
   */
  long link(long firstOpen) {
    run++;
    long updated = 0;
    long block = memory.allocate(BLOCK_BYTES);
    try {
      zero(block + 8L * SLICE, 8L * SLICE);
      RowCursor cursor = new RowCursor();
      for (int count = next(cursor, block); count > 0; count = next(cursor, block)) {
        updated += link(block, count, firstOpen);
      }
      linked = true;
    } finally {
      memory.free(block, BLOCK_BYTES);
    }
    return updated;
  }

  private int next(RowCursor cursor, long rows) {
    return linked ? table.changedRows(cursor, rows, SLICE) : table.nextRows(cursor, rows, SLICE);
  }

  private long link(long rows, int count, long firstOpen) {
    long found = rows + 16L * SLICE;
    keys.groupSiblings(rows, rows + 8L * SLICE, count, found);
    warmNewest(found, count);
    long updated = 0;
    for (int i = 0; i < count; i++) {
      long pane = getLong(rows + 8L * i);
      long key = getLong(found + 8L * i);
      if (ring.older(pane) == 0) {
        ring.insert(key, pane);
        windows += uncovered(pane, ring.older(pane), ring.newer(pane), firstOpen);
      }
      if (!table.isTouched(pane)) {
        continue;
      }
      long before = 1;
      long behind = 1;
      if (ring.mark(key) == run) {
        before = countedBefore(pane);
        behind = countedBehind(pane);
      }
      updated += uncovered(pane, before, behind, firstOpen);
      ring.mark(pane, run);
      ring.mark(key, run);
    }
    return updated;
  }

  private void warmNewest(long found, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      long key = getLong(found + 8L * i);
      long newest = ring.newest(key);
      sum += ring.time(newest == 0 ? key : newest);
    }
    warmed = sum;
  }

  /** The next pane back that this run has counted and that shares a window with one. */
  private long countedBefore(long pane) {
    long oldest = panes.oldestStart(ring.time(pane));
    long link = ring.older(pane);
    while (!PaneRing.isKey(link) && ring.mark(link) != run && ring.time(link) >= oldest) {
      link = ring.older(link);
    }
    return link;
  }

  private long countedBehind(long pane) {
    long end = panes.newestStart(ring.time(pane)) + panes.window().lengthMicros();
    long link = ring.newer(pane);
    while (!PaneRing.isKey(link) && ring.mark(link) != run && ring.time(link) < end) {
      link = ring.newer(link);
    }
    return link;
  }

  /**
   * Open windows that hold a pane and neither of two others.
   *
   * @param before link to a pane before it, or to a key for none
   * @param behind link to a pane behind it, or to a key for none
   */
  private long uncovered(long pane, long before, long behind, long firstOpen) {
    long slide = panes.window().slideMicros();
    long time = ring.time(pane);
    long from = Math.max(firstOpen, panes.oldestStart(time));
    long to = panes.newestStart(time);
    if (!PaneRing.isKey(before)) {
      from = Math.max(from, panes.newestStart(ring.time(before)) + slide);
    }
    if (!PaneRing.isKey(behind)) {
      to = Math.min(to, panes.oldestStart(ring.time(behind)) - slide);
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
