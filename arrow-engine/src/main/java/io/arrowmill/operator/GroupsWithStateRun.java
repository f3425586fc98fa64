package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.record.RecordReader;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.operator.GroupStore.Emission;
import java.util.Arrays;

/**
 * One run of a state function: tasks collect the rows, then each partition is taken by one of them,
 * which calls the function for its keys, and then for those that have timed out.
 */
final class GroupsWithStateRun implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final GroupsWithStatePlan plan;
  private final GroupsCodec codec;
  private final GroupStore store;
  private final BatchContext context;
  private final RowsByKey rows;
  private final RowsByKey initialRows;

  GroupsWithStateRun(
      GroupsWithStatePlan plan, GroupsCodec codec, GroupStore store, BatchContext context) {
    this.plan = plan;
    this.codec = codec;
    this.store = store;
    this.context = context;
    int[] keys = Columns.positions(plan.input(), plan.keys());
    RowsByKey.Columns columns =
        plan.time() != null && plan.timesOutByWatermark()
            ? new RowsByKey.Columns(
                plan.keyKinds(), keys, Columns.position(plan.input(), plan.time()))
            : new RowsByKey.Columns(plan.keyKinds(), keys);
    this.rows = new RowsByKey(plan, columns, store, context);
    GroupsWithStatePlan.Initial initial = plan.initial();
    this.initialRows =
        initial == null
            ? rows
            : new RowsByKey(
                plan,
                new RowsByKey.Columns(
                    plan.keyKinds(), Columns.positions(initial.input(), initial.keys())),
                store,
                context);
  }

  GroupsWithStatePlan plan() {
    return plan;
  }

  GroupsCodec codec() {
    return codec;
  }

  GroupStore store() {
    return store;
  }

  BatchContext context() {
    return context;
  }

  /** Takes one task's rows. */
  Operator rows() {
    return rows.operator();
  }

  /** Takes one task's initial states. */
  Operator initialRows() {
    return initialRows.operator();
  }

  int partitions() {
    return store.partitions().size();
  }

  /** Whether initial states are taken: they are once, before the first rows. */
  boolean takesInitial() {
    return context.batchId() == 0 || plan.operatorId() == StatefulPlan.BOUNDED;
  }

  /** What the batch says to the function. */
  GroupSlot.Clock clock() {
    long watermark = store.evictionMicros();
    return new GroupSlot.Clock(
        plan.function().timeout(),
        context.now().toEpochMilli(),
        watermark == Long.MIN_VALUE ? -1 : Math.floorDiv(watermark, 1_000L),
        plan.time() != null);
  }

  /**
   * Whether all states are given, instead of what the function gives of the keys it is called for.
   */
  boolean givesAll() {
    return plan.function().reduces() && store.mode() == Emission.ALL;
  }

  /** Calls the function for the keys of a partition. */
  void run(int partition, Operator out) {
    long started = System.nanoTime();
    try (GroupCalls calls = new GroupCalls(this, partition, out)) {
      KeyGroups initial = null;
      if (plan.initial() != null && takesInitial()) {
        initial = groups(initialRows, partition);
        initialize(initial, calls, plan.initial());
      }
      KeyGroups groups = groups(rows, partition);
      if (initial != null && !plan.function().transforms()) {
        calls.callUnseen(initial);
      }
      try (GroupValues values =
          values(groups, rows, codec.value(), Columns.positions(plan.input(), plan.reads()))) {
        for (int from = 0; from < groups.count(); from += SLICE) {
          context.checkActive();
          calls.call(values, from, Math.min(SLICE, groups.count() - from));
        }
      }
      timeOut(partition, calls);
      if (givesAll()) {
        giveAll(partition, calls);
      }
      calls.flush();
    }
    store.counters().updateNanos().add(System.nanoTime() - started);
  }

  private KeyGroups groups(RowsByKey input, int partition) {
    GroupTable table = store.partitions().get(partition);
    return new KeyGroups(input, partition, table, offsets().markOffset(table), context.memory());
  }

  private GroupValues values(
      KeyGroups groups, RowsByKey input, RecordReader.Plan objects, int[] reads) {
    return new GroupValues(groups, input.parts(), reads, objects.reader(), context.allocator());
  }

  private void initialize(KeyGroups groups, GroupCalls calls, GroupsWithStatePlan.Initial initial) {
    for (int group = 0; group < groups.count(); group++) {
      if (groups.end(group) - groups.start(group) > 1) {
        throw new ArrowmillException(
            "STATEFUL_PROCESSOR_DUPLICATE_INITIAL_STATE_KEY",
            "initial state must have one row a key: operator="
                + plan.function().name()
                + ", key="
                + calls.key(groups, group)
                + ", rows="
                + (groups.end(group) - groups.start(group))
                + "; aggregate it, or drop duplicates");
      }
    }
    try (GroupValues values =
        values(
            groups,
            initialRows,
            codec.initialState(),
            Columns.positions(initial.input(), initial.reads()))) {
      for (int from = 0; from < groups.count(); from += SLICE) {
        calls.initialize(values, from, Math.min(SLICE, groups.count() - from));
      }
    }
  }

  private void timeOut(int partition, GroupCalls calls) {
    boolean onTime = plan.runsOnTime() && plan.operatorId() != StatefulPlan.BOUNDED;
    boolean onWatermark = plan.timesOutByWatermark() && store.evictionMicros() != Long.MIN_VALUE;
    if (!onTime && !onWatermark) {
      return;
    }
    long bound = onTime ? clock().nowMillis() : Math.floorDiv(store.evictionMicros(), 1_000L);
    long[] over = timedOut(store.partitions().get(partition), bound);
    for (int from = 0; from < over.length; from += SLICE) {
      context.checkActive();
      calls.timeOut(over, from, Math.min(SLICE, over.length - from));
    }
  }

  /** The rows of the keys whose time is over. */
  private long[] timedOut(GroupTable table, long boundMillis) {
    int offset = offsets().timeoutOffset(table);
    long[] over = new long[64];
    int count = 0;
    long next = Long.MAX_VALUE;
    long found = context.memory().allocate(8L * SLICE);
    try {
      RowCursor cursor = new RowCursor();
      for (int slice = table.nextRows(cursor, found, SLICE);
          slice > 0;
          slice = table.nextRows(cursor, found, SLICE)) {
        for (int i = 0; i < slice; i++) {
          long row = getLong(found + 8L * i);
          long timeout = getLong(row + offset);
          if (timeout == GroupSlot.NO_TIMEOUT) {
            continue;
          }
          long due = plan.dueMillis(timeout);
          if (due <= boundMillis) {
            over = count == over.length ? Arrays.copyOf(over, 2 * count) : over;
            over[count++] = row;
          } else {
            next = Math.min(next, due);
          }
        }
      }
    } finally {
      context.memory().free(found, 8L * SLICE);
    }
    store.counters().nextTimeout().accumulate(next);
    return Arrays.copyOf(over, count);
  }

  private StateOffsets offsets() {
    return new StateOffsets(plan);
  }

  /** Where a row of state holds what is not a column of the state. */
  record StateOffsets(int stateFields) {
    StateOffsets(GroupsWithStatePlan plan) {
      this(plan.stateColumns().size());
    }

    /** Of what {@link KeyGroups} calls a mark. */
    int markOffset(GroupTable table) {
      return table.layout().state(stateFields).offset();
    }

    int timeoutOffset(GroupTable table) {
      return table.layout().state(stateFields + 1).offset();
    }
  }

  private void giveAll(int partition, GroupCalls calls) {
    GroupTable table = store.partitions().get(partition);
    long found = context.memory().allocate(8L * SLICE);
    try {
      RowCursor cursor = new RowCursor();
      for (int count = table.nextRows(cursor, found, SLICE);
          count > 0;
          count = table.nextRows(cursor, found, SLICE)) {
        context.checkActive();
        calls.giveStates(found, count);
      }
    } finally {
      context.memory().free(found, 8L * SLICE);
    }
  }

  /** Tells the function that the batch begins. */
  void begin() {
    tell(plan.function().body()::begin);
  }

  /** Tells the function that the batch ends. */
  void end() {
    tell(plan.function().body()::end);
  }

  /** A call of the program that may fail. */
  @FunctionalInterface
  private interface Told {
    void run() throws Exception;
  }

  private void tell(Told told) {
    try {
      told.run();
    } catch (Exception e) {
      throw new ArrowmillException(
          "USER_FUNCTION_ERROR",
          "a function of the program must return: operator="
              + plan.function().name()
              + ", error="
              + e,
          e);
    }
  }

  @Override
  public void close() {
    rows.close();
    initialRows.close();
  }

  /** Puts addresses where tables take them from. */
  static void putRows(long[] rows, int from, int count, long address) {
    for (int i = 0; i < count; i++) {
      putLong(address + 8L * i, rows[from + i]);
    }
  }
}
