package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTableException;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan;

/**
 * Adds one task's rows to the groups of their panes.
 *
 * <p>As {@link AggregateOperator}, it begins with a small table of its own, and once that holds
 * more than {@link #LOCAL_PANES_MAX} panes hands rows to their partition.
 */
final class PaneOperator implements Operator {
  private static final int LOCAL_PANES_MAX = 16_384;
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final PaneRun run;
  private final int task;
  private final AggregatePlan plan;
  private final MemorySource memory;
  private final GroupTable local;
  private final GroupTable router;
  private final RowScatter scatter;
  private final ColumnDescriptors keys;
  private final ColumnDescriptors arguments;
  private final int[] keyColumns;
  private final int[] argumentColumns;
  private final LatePanes late;
  private final long selection;
  private boolean direct;
  private boolean closed;

  PaneOperator(PaneRun run, int task) {
    this.run = run;
    this.task = task;
    this.plan = run.run().plan();
    this.memory = run.run().store().memory();
    this.keyColumns = AggregateColumns.keys(plan);
    this.argumentColumns = AggregateColumns.arguments(plan);
    this.local = run.table();
    this.router = run.router();
    this.scatter = new RowScatter(run.run().store().partitions().size(), memory);
    this.keys = new ColumnDescriptors(keyColumns.length, memory);
    this.arguments = new ColumnDescriptors(argumentColumns.length, memory);
    this.late = new LatePanes(run, keyColumns);
    this.selection = memory.allocate(4L * SLICE);
  }

  @Override
  public void process(RecordBatch batch) {
    long started = System.nanoTime();
    keys.set(batch, keyColumns);
    arguments.set(batch, argumentColumns);
    long pane = keys.address(keyColumns.length - 1);
    int rows = batch.rowCount();
    for (int start = 0; start < rows; start += SLICE) {
      int count = Math.min(SLICE, rows - start);
      late.checkRange(pane, start, count);
      int of = 0;
      if (run.lateMicros() != Long.MIN_VALUE) {
        long bound = run.panes().lateUntil(run.lateMicros());
        of = LateRows.selectLate(pane, bound, start, count, selection);
      }
      if (of == 0) {
        add(0, start, count);
        continue;
      }
      late.add(batch, selection, of);
      // Who is late for some windows only is in time for the others.
      add(selection, 0, LateRows.select(pane, run.firstOpen() - 1, start, count, selection));
    }
    run.run().store().counters().updateNanos().add(System.nanoTime() - started);
  }

  private void add(long rows, int start, int count) {
    if (direct) {
      addToPartitions(rows, start, count);
      return;
    }
    local.group(keys.address(), rows, start, count, scatter.found());
    update(local, rows, start, count);
    if (local.size() > LOCAL_PANES_MAX) {
      flush();
      direct = true;
    }
  }

  private void addToPartitions(long rows, int start, int count) {
    router.hash(keys.address(), rows, start, count, scatter.hashes());
    scatter.scatterPositions(rows, start, count);
    int partitions = run.run().store().partitions().size();
    int first = task * partitions / Math.max(1, run.run().context().workers().count());
    for (int i = 0; i < partitions; i++) {
      int p = (first + i) % partitions;
      int of = scatter.count(p);
      if (of == 0) {
        continue;
      }
      run.run().lock(p).lock();
      try {
        int at = scatter.start(p);
        long positions = scatter.positions();
        PaneKeys panes = run.run().store().panes().get(p);
        panes.place(keys.address(), positions, at, of, scatter.hashesOf(p), scatter.found());
        update(panes.panes(), positions, at, of);
      } finally {
        run.run().lock(p).unlock();
      }
    }
  }

  private void update(GroupTable table, long rows, int start, int count) {
    try {
      table.updateAll(scatter.found(), arguments.address(), rows, start, count);
    } catch (GroupTableException e) {
      throw AggregateRun.doesNotFit(
          plan.output().get(plan.keys().size() + e.accumulator()).name(), e);
    }
  }

  /** Hands the task's own panes to the partitions. */
  void flush() {
    run.run()
        .merge(
            local,
            keyColumns.length - 1,
            scatter,
            (partition, rows, count) ->
                run.run()
                    .store()
                    .panes()
                    .get(partition)
                    .merge(local, rows, count, scatter.found()));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    memory.free(selection, 4L * SLICE);
    late.close();
    arguments.close();
    keys.close();
    scatter.close();
    router.close();
    local.close();
  }
}
