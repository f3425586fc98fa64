package io.arrowmill.operator;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTableException;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds one task's rows to the groups of their panes.
 *
 * <p>As {@link AggregateOperator}, it begins with a small table of its own, and once that holds
 * more than {@link #LOCAL_PANES_MAX} panes hands rows to their partition, many at a time.
 */
final class PaneOperator implements Operator {
  private static final int LOCAL_PANES_MAX = 16_384;
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final PaneRun run;
  private final int task;
  private final Operator out;
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
  private final PaneRows rows;

  /** What {@link #rows} holds, in order. */
  private final List<Part> parts = new ArrayList<>();

  private final long selection;
  private boolean direct;
  private boolean closed;

  /** Some rows of a partition: those from {@code start} on. */
  private record Part(PaneStage.Staged staged, int start, int count) {}

  /**
   * The operator of one task.
   *
   * @param out takes the windows that the task gives
   */
  PaneOperator(PaneRun run, int task, Operator out) {
    this.run = run;
    this.task = task;
    this.out = out;
    this.plan = run.run().plan();
    this.memory = run.run().store().memory();
    this.keyColumns = AggregateColumns.keys(plan);
    this.argumentColumns = AggregateColumns.arguments(plan);
    try (Parts parts = new Parts()) {
      this.local = parts.add(run.table());
      this.router = parts.add(run.router());
      this.scatter = parts.add(new RowScatter(run.run().store().partitions().size(), memory));
      this.keys = parts.add(new ColumnDescriptors(keyColumns.length, memory));
      this.arguments = parts.add(new ColumnDescriptors(argumentColumns.length, memory));
      this.late = parts.add(new LatePanes(run, keyColumns));
      this.stage =
          parts.add(
              new PaneStage(
                  keyColumns,
                  argumentColumns,
                  run.run().store().partitions().size(),
                  memory,
                  run.run().context().allocator()));
      this.rows = parts.add(new PaneRows(memory));
      this.selection = parts.allocate(memory, 4L * SLICE);
      parts.complete();
    }
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
    try {
      local.updateAll(scatter.found(), arguments.address(), rows, start, count);
    } catch (GroupTableException e) {
      throw doesNotFit(e);
    }
    if (local.size() > LOCAL_PANES_MAX) {
      addLocal();
      direct = true;
    }
  }

  /** Hands the staged rows to their partitions, one partition after the other. */
  private void addStaged() {
    List<PaneStage.Staged> staged = PaneStage.staged(List.of(stage));
    int partitions = run.run().store().partitions().size();
    int first = task * partitions / Math.max(1, run.run().context().workers().count());
    for (int i = 0; i < partitions; i++) {
      int p = (first + i) % partitions;
      run.run().context().checkActive();
      run.run().lock(p).lock();
      try {
        addStaged(staged, p);
      } finally {
        run.run().lock(p).unlock();
      }
    }
    stage.clear();
  }

  private void addStaged(List<PaneStage.Staged> staged, int partition) {
    PaneKeys panes = run.run().store().panes().get(partition);
    int first = partition * PaneStage.BUCKETS;
    for (int bucket = first; bucket < first + PaneStage.BUCKETS; bucket++) {
      long total = 0;
      for (PaneStage.Staged each : staged) {
        total += each.start(bucket + 1) - each.start(bucket);
      }
      if (total > 0) {
        rows.expect((int) Math.min(total, PaneRows.ROWS_MAX));
        addBucket(staged, bucket, panes);
      }
    }
  }

  /** Adds the rows of a bucket, as many at a time as {@link #rows} takes. */
  private void addBucket(List<PaneStage.Staged> staged, int bucket, PaneKeys panes) {
    try {
      for (PaneStage.Staged each : staged) {
        int end = each.start(bucket + 1);
        int count;
        for (int at = each.start(bucket); at < end; at += count) {
          if (rows.room() == 0) {
            place(panes);
          }
          count = Math.min(Math.min(SLICE, rows.room()), end - at);
          panes.find(each.keys(), at, count, each.hashes(at), rows);
          parts.add(new Part(each, at, count));
        }
      }
      place(panes);
    } finally {
      parts.clear();
      rows.clear(panes.ring());
    }
  }

  /** Adds {@link #rows} to their panes. */
  private void place(PaneKeys panes) {
    panes.place(rows);
    int row = 0;
    try {
      for (Part part : parts) {
        long columns = part.staged().arguments();
        panes.panes().updateAll(rows.from(row), columns, 0, part.start(), part.count());
        row += part.count();
      }
    } catch (GroupTableException e) {
      throw doesNotFit(e);
    }
    parts.clear();
    rows.clear(panes.ring());
  }

  /** An aggregate that left the range of its type. */
  private ArrowmillException doesNotFit(GroupTableException e) {
    return AggregateRun.doesNotFit(
        plan.output().get(plan.keys().size() + e.accumulator()).name(), e);
  }

  /** Hands the groups of the task's own table to the partitions. */
  void flush() {
    addLocal();
  }

  /** The rows that have not been handed on. */
  PaneStage stage() {
    return stage;
  }

  /**
   * Adds rows to a partition, which belongs to the task, and gives its windows.
   *
   * @param staged of all tasks
   */
  void finish(List<PaneStage.Staged> staged, int partition) {
    long started = System.nanoTime();
    addStaged(staged, partition);
    run.run().store().counters().updateNanos().add(System.nanoTime() - started);
    run.emit(partition, out);
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
    rows.close();
    stage.close();
    late.close();
    arguments.close();
    keys.close();
    scatter.close();
    router.close();
    local.close();
  }
}
