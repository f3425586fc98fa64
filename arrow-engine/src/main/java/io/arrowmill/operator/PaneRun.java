package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.operator.GroupStore.Emission;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan;
import java.util.List;
import java.util.Objects;

/**
 * One run of an aggregation over {@link WindowPanes}: tasks add rows to the groups of their panes,
 * then the windows of each partition are made of its panes and given as the mode says.
 *
 * <p>Panes are partitioned by the keys without the pane. Who adds to a partition holds the lock
 * that {@link AggregateRun} has for it.
 */
final class PaneRun {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final AggregateRun run;
  private final AggregatePlan plan;
  private final WindowPanes panes;
  private final MemorySource memory;

  PaneRun(AggregateRun run) {
    this.run = run;
    this.plan = run.plan();
    this.panes = Objects.requireNonNull(plan.panes());
    this.memory = run.store().memory();
  }

  /** A task's share of the start: what has to be done once for each partition. */
  void begin(int partition) {
    run.store().panes().get(partition).begin(firstOpen());
  }

  AggregateRun run() {
    return run;
  }

  WindowPanes panes() {
    return panes;
  }

  /** An empty table of panes; the caller owns it. */
  GroupTable table() {
    GroupStore store = run.store();
    return new GroupTable(store.partitions().getFirst().plan(), store.hash(), memory);
  }

  /** A table that hashes keys as the partitions are chosen by; the caller owns it. */
  GroupTable router() {
    List<ValueKind> kinds = run.store().partitions().getFirst().plan().keys();
    return new GroupTable(
        new GroupTablePlan(kinds.subList(0, kinds.size() - 1), List.of()),
        run.store().hash(),
        memory);
  }

  /** Windows that have ended before the run take no rows; {@link Long#MIN_VALUE} for none. */
  long lateMicros() {
    return plan.eviction() == null ? Long.MIN_VALUE : run.store().lateMicros();
  }

  /** Start of the first window that takes rows; {@link Long#MIN_VALUE} if all do. */
  long firstOpen() {
    long late = lateMicros();
    return late == Long.MIN_VALUE ? late : panes.newestEnded(late) + panes.window().slideMicros();
  }

  /** Gives a partition's windows as the mode says, and ends those that have ended. */
  void emit(int partition, Operator out) {
    GroupStore store = run.store();
    GroupTable table = store.partitions().get(partition);
    PaneKeys keys = store.panes().get(partition);
    long open = keys.counts().firstOpen();
    store.counters().rowsUpdated().add(keys.counts().updated());
    try (PaneWindows windows = new PaneWindows(run, panes, keys, out)) {
      if (store.mode() == Emission.ALL) {
        giveAll(keys, windows, open);
      } else if (store.mode() == Emission.CHANGED) {
        giveChanged(table, keys, windows, open);
      }
      end(keys, windows);
    }
  }

  private void giveAll(PaneKeys keys, PaneWindows windows, long open) {
    PaneChain chain = new PaneChain();
    PaneRing ring = keys.ring();
    each(
        keys.keys()::nextRows,
        key -> {
          chain.clear(key);
          for (long pane = ring.oldest(key); pane != key; pane = ring.newer(pane)) {
            chain.add(pane, ring.time(pane), true);
          }
          windows.add(chain, open, panes.newestStart(chain.time(chain.length() - 1)));
        });
    windows.flush();
  }

  private void giveChanged(GroupTable table, PaneKeys keys, PaneWindows windows, long open) {
    PaneChain chain = new PaneChain();
    PaneChanges changes = new PaneChanges(panes, table, keys.ring());
    each(
        table.changes()::nextChanged,
        pane -> {
          if (changes.follow(pane, chain)) {
            windows.add(chain, open, panes.newestStart(chain.time(chain.length() - 1)));
          }
        });
    windows.flush();
  }

  /** A walk over some rows of a table. */
  @FunctionalInterface
  private interface Walk {
    int next(RowCursor cursor, long rowsOut, int max);
  }

  /** Takes a row. */
  @FunctionalInterface
  private interface RowTaker {
    void take(long row);
  }

  private void each(Walk walk, RowTaker taker) {
    long rows = memory.allocate(8L * SLICE);
    try {
      RowCursor cursor = new RowCursor();
      for (int count = walk.next(cursor, rows, SLICE);
          count > 0;
          count = walk.next(cursor, rows, SLICE)) {
        run.context().checkActive();
        for (int i = 0; i < count; i++) {
          taker.take(getLong(rows + 8L * i));
        }
      }
    } finally {
      memory.free(rows, 8L * SLICE);
    }
  }

  private void end(PaneKeys keys, PaneWindows windows) {
    GroupStore store = run.store();
    if (plan.eviction() == null || store.evictionMicros() == Long.MIN_VALUE) {
      return;
    }
    long started = System.nanoTime();
    long last = panes.newestEnded(store.evictionMicros());
    boolean gives = store.mode() == Emission.ENDED;
    PaneEnds.Ended ended =
        new PaneEnds.Ended() {
          @Override
          public void accept(PaneChain chain) {
            if (gives) {
              windows.add(chain, keys.counts().firstOpen(), last);
            }
          }

          @Override
          public void panesGo() {
            windows.settle();
          }

          @Override
          public void keysGo() {
            windows.flush();
          }
        };
    try (PaneEnds ends = new PaneEnds(panes, keys, memory)) {
      long count = ends.end(last, ended);
      windows.flush();
      store.counters().rowsRemoved().add(count);
    }
    store.counters().removalNanos().add(System.nanoTime() - started);
  }
}
