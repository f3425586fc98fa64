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
 * more than {@link #LOCAL_PANES_MAX} panes hands rows to their partition, many at a time.
 */
final class PaneOperator implements Operator {
  private static final int LOCAL_PANES_MAX = 16_384;
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  /** So many rows' keys and panes stay in the core's own cache until all is done with them. */
  private static final int SLICE_STAGED = 512;

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
  private final PaneStage stage;
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
    this.stage =
        new PaneStage(
            run.run().store().partitions().size(), memory, run.run().context().allocator());
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
    stage.keep(batch);
    if (stage.isFull()) {
      addStaged();
    }
    run.run().store().counters().updateNanos().add(System.nanoTime() - started);
  }

  private void add(long rows, int start, int count) {
    if (direct) {
      router.hash(keys.address(), rows, start, count, stage.nextHashes());
      stage.add(rows, start, count);
      return;
    }
    local.group(keys.address(), rows, start, count, scatter.found());
    update(local, rows, start, count);
    if (local.size() > LOCAL_PANES_MAX) {
      addLocal();
      direct = true;
    }
  }

  /** Hands the staged rows to their partitions, one partition after the other. */
  private void addStaged() {
    int partitions = run.run().store().partitions().size();
    int first = task * partitions / Math.max(1, run.run().context().workers().count());
    for (int i = 0; i < partitions; i++) {
      int p = (first + i) % partitions;
      run.run().context().checkActive();
      run.run().lock(p).lock();
      try {
        for (PaneStage.Staged staged : stage.staged()) {
          addStaged(staged, p);
        }
      } finally {
        run.run().lock(p).unlock();
      }
    }
    stage.clear();
  }

  private void addStaged(PaneStage.Staged staged, int partition) {
    int end = staged.starts()[partition + 1];
    int start = staged.starts()[partition];
    if (start == end) {
      return;
    }
    PaneKeys panes = run.run().store().panes().get(partition);
    long positions = staged.positions();
    keys.set(staged.batch(), keyColumns);
    arguments.set(staged.batch(), argumentColumns);
    for (int at = start; at < end; at += SLICE_STAGED) {
      int count = Math.min(SLICE_STAGED, end - at);
      long hashes = staged.hashes() + 8L * at;
      panes.place(keys.address(), positions, at, count, hashes, scatter.found());
      update(panes.panes(), positions, at, count);
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

  /** Hands what the task still has to the partitions. */
  void flush() {
    addLocal();
    long started = System.nanoTime();
    addStaged();
    run.run().store().counters().updateNanos().add(System.nanoTime() - started);
  }

  private void addLocal() {
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
    stage.close();
    late.close();
    arguments.close();
    keys.close();
    scatter.close();
    router.close();
    local.close();
  }
}
