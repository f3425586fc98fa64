package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTableException;
import io.arrowmill.kernel.ColumnDescriptors;

/** Adds one task's rows to sessions, a slice at a time, each partition's share under its lock. */
final class SessionOperator implements Operator {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;
  private static final long NUMBERS_BYTES = 8L * RecordBatch.ROWS_MAX;

  private final SessionRun run;
  private final int task;
  private final MemorySource memory;
  private final GroupTable router;
  private final RowScatter scatter;

  /** The keys, then a column of {@link SessionRing#FIRST}. */
  private final ColumnDescriptors keys;

  /** The keys, then start and end. */
  private final ColumnDescriptors stretches;

  private final ColumnDescriptors arguments;
  private final int[] keyColumns;
  private final int[] stretchColumns;
  private final int[] argumentColumns;
  private final SessionTable.Columns columns;
  private final long end;
  private final long selection;
  private final long numbers;
  private boolean closed;

  SessionOperator(SessionRun run, int task) {
    this.run = run;
    this.task = task;
    this.memory = run.store().memory();
    SessionPlan plan = run.plan();
    int count = plan.keys().size();
    this.keyColumns = new int[count + 1];
    this.stretchColumns = new int[count + 2];
    int[] positions = Columns.positions(plan.input(), plan.keys());
    System.arraycopy(positions, 0, keyColumns, 0, count);
    System.arraycopy(positions, 0, stretchColumns, 0, count);
    keyColumns[count] = AggregateColumns.NO_COLUMN;
    stretchColumns[count] = Columns.position(plan.input(), plan.start());
    stretchColumns[count + 1] = Columns.position(plan.input(), plan.end());
    this.argumentColumns = AggregateColumns.arguments(plan.input(), plan.calls());
    this.router = run.router();
    this.scatter = new RowScatter(run.partitions(), memory);
    this.keys = new ColumnDescriptors(count + 1, memory);
    this.stretches = new ColumnDescriptors(count + 2, memory);
    this.arguments = new ColumnDescriptors(argumentColumns.length, memory);
    this.selection = memory.allocate(4L * SLICE);
    this.numbers = memory.allocate(NUMBERS_BYTES);
    for (long at = 0; at < NUMBERS_BYTES; at += 8) {
      putLong(numbers + at, SessionRing.FIRST);
    }
    this.end = stretches.address(count + 1);
    this.columns =
        new SessionTable.Columns(
            keys.address(), stretches.address(count), end, arguments.address());
  }

  @Override
  public void process(RecordBatch batch) {
    long started = System.nanoTime();
    keys.set(batch, keyColumns);
    ColumnDescriptor.set(keys.address(keyColumns.length - 1), 0, numbers, 0);
    stretches.set(batch, stretchColumns);
    arguments.set(batch, argumentColumns);
    LateRows.split(
        end,
        run.store().lateMicros(),
        batch.rowCount(),
        SLICE,
        selection,
        (positions, start, count) -> {
          run.late().add(stretches.address(), positions, count);
          run.context().lateRows(run.plan(), batch, positions, count);
        },
        this::add);
    run.store().counters().updateNanos().add(System.nanoTime() - started);
  }

  private void add(long rows, int start, int count) {
    router.hash(keys.address(), rows, start, count, scatter.hashes());
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
        run.sessions(p).add(columns, scatter.positions(), scatter.start(p), of, scatter.found());
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
    memory.free(numbers, NUMBERS_BYTES);
    memory.free(selection, 4L * SLICE);
    arguments.close();
    stretches.close();
    keys.close();
    scatter.close();
    router.close();
  }
}
