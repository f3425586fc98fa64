package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTableException;

/**
 * Takes one task's rows. Those that may belong to a session that ends in this run are added to it,
 * a slice at a time, each partition's share under its lock; all others go to the {@link
 * SessionStage}, as long as that has room.
 */
final class SessionOperator implements Operator {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final SessionRun run;
  private final int task;
  private final MemorySource memory;
  private final GroupTable router;
  private final RowScatter scatter;
  private final SessionColumns columns;
  private final SessionStage.Filling later;
  private final long selection;

  /** Positions of a slice's rows that are not for later, int32. */
  private final long now;

  private boolean closed;

  SessionOperator(SessionRun run, int task) {
    this.run = run;
    this.task = task;
    this.memory = run.store().memory();
    try (Parts parts = new Parts()) {
      this.router = parts.add(run.router());
      this.scatter = parts.add(new RowScatter(run.partitions(), memory));
      this.columns = parts.add(new SessionColumns(run.columns(), run.firsts(), memory));
      this.later = parts.add(run.later());
      this.selection = parts.allocate(memory, 8L * SLICE);
      parts.complete();
    }
    this.now = selection + 4L * SLICE;
  }

  @Override
  public void process(RecordBatch batch) {
    long started = System.nanoTime();
    columns.set(batch.columns());
    boolean stages = run.stage().hasRoom();
    LateRows.split(
        columns.end(),
        run.store().lateMicros(),
        batch.rowCount(),
        SLICE,
        selection,
        (positions, start, count) -> {
          run.late().add(columns.stretches(), positions, count);
          run.context().lateRows(run.plan(), batch, positions, count);
        },
        stages ? this::sort : this::add);
    later.flush(batch);
    run.store().counters().updateNanos().add(System.nanoTime() - started);
  }

  /** Adds rows, or notes them for later. */
  private void sort(long rows, int start, int count) {
    long bound = run.store().evictionMicros();
    long starts = ColumnDescriptor.data(columns.start());
    router.hash(columns.keys(), rows, start, count, scatter.hashes());
    int due = 0;
    for (int i = 0; i < count; i++) {
      int row = rows == 0 ? start + i : getInt(rows + 4L * (start + i));
      if (getLong(starts + 8L * row) > bound) {
        later.add(row, getLong(scatter.hashes() + 8L * i));
      } else {
        putInt(now + 4L * due++, row);
      }
    }
    if (due > 0) {
      add(now, 0, due);
    }
  }

  private void add(long rows, int start, int count) {
    router.hash(columns.keys(), rows, start, count, scatter.hashes());
    scatter.scatterPositions(rows, start, count);
    int partitions = run.partitions();
    int first = task * partitions / Math.max(1, run.context().workers().count());
    for (int i = 0; i < partitions; i++) {
      int p = (first + i) % partitions;
      int of = scatter.count(p);
      if (of == 0) {
        continue;
      }
      run.lock(p).lock();
      try {
        run.settle(p);
        run.sessions(p)
            .add(columns.columns(), scatter.positions(), scatter.start(p), of, scatter.found());
      } catch (GroupTableException e) {
        throw AggregateRun.doesNotFit(run.plan().describe(), e);
      } finally {
        run.lock(p).unlock();
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    memory.free(selection, 8L * SLICE);
    later.close();
    columns.close();
    scatter.close();
    router.close();
  }
}
