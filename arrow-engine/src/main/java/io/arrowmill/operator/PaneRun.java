package io.arrowmill.operator;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.AccumulatorPlan;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTableException;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What one run of an aggregation over {@link WindowPanes} brings: tasks add rows to the groups of
 * their panes, then those of a partition are added to the windows that hold them.
 *
 * <p>Panes are partitioned as windows are, by the keys without the window. Who adds to a partition
 * holds the lock that {@link AggregateRun} has for it. Owns the panes' tables.
 */
final class PaneRun implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final AggregateRun run;
  private final AggregatePlan plan;
  private final WindowPanes panes;
  private final MemorySource memory;
  private final GroupTablePlan tables;
  private final List<GroupTable> partitions = new ArrayList<>();

  PaneRun(AggregateRun run) {
    this.run = run;
    this.plan = run.plan();
    this.panes = Objects.requireNonNull(plan.panes());
    this.memory = run.store().memory();
    List<AccumulatorPlan> states = new ArrayList<>();
    plan.calls().forEach(call -> states.add(AggregateColumns.accumulator(call)));
    // Behind the states, so that these lie as they do in the windows' tables.
    states.add(Accumulators.link());
    this.tables = new GroupTablePlan(run.store().partitions().getFirst().plan().keys(), states);
    for (int p = 0; p < run.store().partitions().size(); p++) {
      partitions.add(table());
    }
  }

  AggregateRun run() {
    return run;
  }

  WindowPanes panes() {
    return panes;
  }

  /** The panes of a partition. */
  GroupTable partition(int partition) {
    return partitions.get(partition);
  }

  /** The panes of all partitions. */
  List<GroupTable> partitions() {
    return List.copyOf(partitions);
  }

  /** An empty table of panes; the caller owns it. */
  GroupTable table() {
    return new GroupTable(tables, run.store().hash(), memory);
  }

  /** A table that hashes keys as the partitions are chosen by; the caller owns it. */
  GroupTable router() {
    List<ValueKind> kinds = tables.keys();
    return new GroupTable(
        new GroupTablePlan(kinds.subList(0, kinds.size() - 1), List.of()),
        run.store().hash(),
        memory);
  }

  /** Windows that have ended before the run take no rows; {@link Long#MIN_VALUE} for none. */
  long lateMicros() {
    return plan.eviction() == null ? Long.MIN_VALUE : run.store().lateMicros();
  }

  /** Adds a partition's panes to its windows and forgets them. */
  void addToWindows(int partition) {
    GroupTable table = partitions.get(partition);
    if (table.size() == 0) {
      return;
    }
    long started = System.nanoTime();
    int link = table.layout().state(plan.calls().size()).offset();
    long late = lateMicros();
    long ended = late == Long.MIN_VALUE ? late : panes.newestEnded(late);
    try (GroupTable keys = table();
        PaneWindows windows =
            new PaneWindows(panes, run.store().partitions().get(partition), ended, memory)) {
      PaneChains chains = new PaneChains(keys, link, memory);
      chains.add(table);
      int pane = table.layout().keyOffset(tables.keys().size() - 1);
      RowCursor cursor = new RowCursor();
      long rows = memory.allocate(8L * SLICE);
      try {
        for (int count = keys.nextRows(cursor, rows, SLICE);
            count > 0;
            count = keys.nextRows(cursor, rows, SLICE)) {
          run.context().checkActive();
          windows.add(rows, count, link, pane);
        }
        windows.flush();
      } finally {
        memory.free(rows, 8L * SLICE);
      }
    } catch (GroupTableException e) {
      throw AggregateRun.doesNotFit(
          plan.output().get(plan.keys().size() + e.accumulator()).name(), e);
    }
    table.clear();
    run.store().counters().updateNanos().add(System.nanoTime() - started);
  }

  @Override
  public void close() {
    partitions.forEach(GroupTable::close);
    partitions.clear();
  }
}
