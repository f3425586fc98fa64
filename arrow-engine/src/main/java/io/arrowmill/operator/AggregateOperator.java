package io.arrowmill.operator;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTableException;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan.Eviction;
import java.util.BitSet;
import java.util.List;

/**
 * Adds one task's rows to the groups.
 *
 * <p>Rows first go to a small table of the task's own, which is merged into the partitions at the
 * end: with few groups nearly all rows are dealt with there. Once it holds more than {@link
 * #LOCAL_GROUPS_MAX} groups that does not pay, and rows go to their partition directly. A task that
 * is alone with one partition has nobody to wait for, and adds to it from the start.
 */
final class AggregateOperator implements SelectionOperator {
  private static final int LOCAL_GROUPS_MAX = 16_384;
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  /** A slice whose columns and groups stay in the core's own cache; there is nothing to scatter. */
  private static final int SLICE_ALONE = 1_024;

  private final AggregateRun run;
  private final int task;
  private final AggregatePlan plan;
  private final MemorySource memory;
  private final GroupTable local;
  private final RowScatter scatter;
  private final ColumnDescriptors keys;
  private final ColumnDescriptors arguments;
  private final int[] keyColumns;
  private final int[] argumentColumns;
  private final CodedGroups coded;
  private final long selection;
  private final boolean alone;

  /** Partitions that another task was at: their rows are added after those of all others. */
  private final int[] busyPartitions;

  /** Partitions whose tables hashed nothing when this task was there last. */
  private final BitSet dense = new BitSet();

  private boolean direct;
  private boolean closed;

  AggregateOperator(AggregateRun run, int task) {
    this.run = run;
    this.task = task;
    this.plan = run.plan();
    this.memory = run.store().memory();
    List<GroupTable> partitions = run.store().partitions();
    this.alone = partitions.size() == 1 && run.context().workers().count() == 1;
    this.busyPartitions = new int[partitions.size()];
    this.keyColumns = AggregateColumns.keys(plan);
    this.argumentColumns = AggregateColumns.arguments(plan);
    try (Parts parts = new Parts()) {
      this.local =
          parts.add(new GroupTable(partitions.getFirst().plan(), run.store().hash(), memory));
      this.scatter = parts.add(new RowScatter(partitions.size(), memory));
      this.keys = parts.add(new ColumnDescriptors(keyColumns.length, memory));
      this.arguments = parts.add(new ColumnDescriptors(argumentColumns.length, memory));
      this.coded = parts.add(new CodedGroups(keyColumns, memory));
      this.selection = parts.allocate(memory, 4L * SLICE);
      parts.complete();
    }
  }

  @Override
  public void process(RecordBatch batch) {
    long started = System.nanoTime();
    keys.set(batch, keyColumns);
    arguments.set(batch, argumentColumns);
    Eviction eviction = plan.eviction();
    if (eviction == null && addCoded(batch, 0, batch.rowCount())) {
      run.store().counters().updateNanos().add(System.nanoTime() - started);
      return;
    }
    long lateMicros = run.store().lateMicros();
    long time = 0;
    long bound = Long.MIN_VALUE;
    if (eviction != null && lateMicros != Long.MIN_VALUE) {
      time = keys.address(eviction.key());
      bound = lateMicros - eviction.lengthMicros();
    }
    LateRows.split(
        time,
        bound,
        batch.rowCount(),
        alone ? SLICE_ALONE : SLICE,
        selection,
        (positions, start, count) -> {
          run.late().add(keys.address(), positions, count);
          run.context().lateRows(plan, batch, positions, count);
        },
        this::add);
    run.store().counters().updateNanos().add(System.nanoTime() - started);
  }

  /** Late rows are told by a selection of their own. */
  @Override
  public boolean takesSelections() {
    return plan.eviction() == null;
  }

  @Override
  public void process(RecordBatch batch, long rows, int count) {
    long started = System.nanoTime();
    keys.set(batch, keyColumns);
    arguments.set(batch, argumentColumns);
    if (!addCoded(batch, rows, count)) {
      int slice = alone ? SLICE_ALONE : SLICE;
      for (int start = 0; start < count; start += slice) {
        add(rows, start, Math.min(slice, count - start));
      }
    }
    run.store().counters().updateNanos().add(System.nanoTime() - started);
  }

  /** Adds rows by the codes of their keys; false if they have none, or that would not pay. */
  private boolean addCoded(RecordBatch batch, long rows, int count) {
    if (direct || !coded.begin(batch, count)) {
      return false;
    }
    GroupTable table = alone ? run.store().partitions().getFirst() : local;
    coded.group(table, keys.address(), rows, count);
    for (int start = 0; start < count; start += SLICE_ALONE) {
      int slice = Math.min(SLICE_ALONE, count - start);
      coded.find(rows, start, slice, scatter.found());
      update(table, rows, start, slice);
    }
    if (!alone) {
      handOnIfMany();
    }
    return true;
  }

  private void handOnIfMany() {
    if (local.size() > LOCAL_GROUPS_MAX) {
      flush();
      direct = true;
    }
  }

  private void add(long rows, int start, int count) {
    if (direct) {
      addToPartitions(rows, start, count);
      return;
    }
    GroupTable table = alone ? run.store().partitions().getFirst() : local;
    try {
      table.add(keys.address(), arguments.address(), rows, start, count, scatter.found());
    } catch (GroupTableException e) {
      throw doesNotFit(e);
    }
    if (!alone) {
      handOnIfMany();
    }
  }

  private void addToPartitions(long rows, int start, int count) {
    List<GroupTable> partitions = run.store().partitions();
    boolean hashed = dense.cardinality() < partitions.size();
    if (hashed) {
      local.hash(keys.address(), rows, start, count, scatter.hashes());
    } else {
      local.route(keys.address(), rows, start, count, scatter.hashes());
    }
    scatter.scatterPositions(rows, start, count);
    int first = task * partitions.size() / Math.max(1, run.context().workers().count());
    int busy = 0;
    for (int i = 0; i < partitions.size(); i++) {
      int p = (first + i) % partitions.size();
      if (scatter.count(p) == 0) {
        continue;
      }
      if (run.lock(p).tryLock()) {
        addLocked(p, hashed);
      } else {
        busyPartitions[busy++] = p;
      }
    }
    for (int i = 0; i < busy; i++) {
      run.lock(busyPartitions[i]).lock();
      addLocked(busyPartitions[i], hashed);
    }
  }

  /** Adds what the scatter has for a partition, and gives back its lock, which is held. */
  private void addLocked(int p, boolean hashed) {
    try {
      GroupTable table = run.store().partitions().get(p);
      int at = scatter.start(p);
      int of = scatter.count(p);
      long positions = scatter.positions();
      long hashes = hashed ? scatter.hashesOf(p) : 0;
      table.groupHashed(keys.address(), positions, at, of, hashes, scatter.found());
      update(table, positions, at, of);
      dense.set(p, table.plan().neighboursTogether() && table.isDense());
    } finally {
      run.lock(p).unlock();
    }
  }

  private void update(GroupTable table, long rows, int start, int count) {
    try {
      table.updateAll(scatter.found(), arguments.address(), rows, start, count);
    } catch (GroupTableException e) {
      throw doesNotFit(e);
    }
  }

  private ArrowmillException doesNotFit(GroupTableException e) {
    return AggregateRun.doesNotFit(
        plan.output().get(plan.keys().size() + e.accumulator()).name(), e);
  }

  /** Hands the task's own groups to the partitions. */
  void flush() {
    List<GroupTable> partitions = run.store().partitions();
    run.merge(
        local,
        keyColumns.length,
        scatter,
        (partition, rows, count) -> partitions.get(partition).mergeFrom(local, rows, count));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    memory.free(selection, 4L * SLICE);
    coded.close();
    arguments.close();
    keys.close();
    scatter.close();
    local.close();
  }
}
