package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.record.RecordReader;
import io.arrowmill.batch.record.RecordWriter;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.operator.GroupsWithStateRun.StateOffsets;
import io.arrowmill.plan.StateFunction;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Calls a state function for keys of one partition, a slice of keys at a time: their states are
 * read as columns, the function is called for each, and what it says is written as columns again.
 *
 * <p>Owns what it works with; confined to one task.
 */
final class GroupCalls implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;
  private static final int OUTPUT_ROWS = 16_384;

  private final GroupsWithStateRun run;
  private final StateFunction function;
  private final GroupTable table;
  private final MemorySource memory;
  private final Operator out;
  private final int existsOffset;
  private final int timeoutOffset;
  private final int stateFields;
  private final StructType keySchema;
  private final GroupOutput keyOutput;
  private final GroupOutput stateOutput;
  private final ColumnDescriptors keyColumns;
  private final ColumnDescriptors stateColumns;
  private final int[] keyPositions;
  private final int[] statePositions;
  private final RecordReader keys;
  private final RecordReader states;
  private final RecordWriter newStates;
  private final RecordWriter results;
  private final GroupSlot slot;
  private final long block;
  private List<RowsByKey.Part> parts = List.of();
  private @Nullable RecordReader[] readers = {};
  private int[] readPositions = {};
  private boolean readsInitial;

  /** Of each key of the slice: address of its row of state, 0 if it has none. */
  private final long[] stateRows = new long[SLICE];

  /** Of each key of the slice: its state's place among those read, or -1. */
  private final int[] stateAt = new int[SLICE];

  /** Keys whose states are new, in the order of {@link #newStates}. */
  private final int[] updated = new int[SLICE];

  /** Keys that are kept without a state, for their timeout. */
  private final int[] waiting = new int[SLICE];

  private final long[] timeouts = new long[SLICE];
  private int updatedCount;
  private int waitingCount;
  private int removedCount;

  GroupCalls(GroupsWithStateRun run, int partition, Operator out) {
    this.run = run;
    this.function = run.plan().function();
    this.table = run.store().partitions().get(partition);
    this.memory = run.context().memory();
    this.out = out;
    StructType stateSchema = run.plan().stateColumns();
    StateOffsets offsets = new StateOffsets(run.plan());
    this.existsOffset = offsets.existsOffset(table);
    this.timeoutOffset = offsets.timeoutOffset(table);
    this.stateFields = stateSchema.size();
    this.keySchema = PhysicalPlan.schemaOf(run.plan().keys());
    this.keyOutput = new GroupOutput(keySchema, keySchema.size(), memory);
    this.stateOutput = new GroupOutput(stateSchema, 0, memory);
    this.keyColumns = new ColumnDescriptors(keySchema.size(), memory);
    this.stateColumns = new ColumnDescriptors(stateFields, memory);
    this.keyPositions = IntStream.range(0, keySchema.size()).toArray();
    this.statePositions = IntStream.range(0, stateFields).toArray();
    GroupsCodec codec = run.codec();
    this.keys = codec.key().reader();
    this.states = codec.storedState().reader();
    this.newStates = codec.state().writer(stateSchema, run.context().allocator());
    this.results = codec.result().writer(run.plan().schema(), run.context().allocator());
    this.slot = new GroupSlot(run.clock());
    this.block = memory.allocate(20L * SLICE);
  }

  /** Room for the addresses of a slice's rows. */
  private long rows() {
    return block;
  }

  private long found() {
    return block + 8L * SLICE;
  }

  private long selection() {
    return block + 16L * SLICE;
  }

  /** Reads the objects of groups from these columns of these batches from now on. */
  void values(List<RowsByKey.Part> from, int[] columns, boolean areInitial) {
    parts = from;
    readers = new RecordReader[from.size()];
    readPositions = columns;
    readsInitial = areInitial;
  }

  private @Nullable Object value(long row) {
    int part = (int) (row >>> Integer.SIZE);
    RecordReader reader = readers[part];
    if (reader == null) {
      reader = (readsInitial ? run.codec().initialState() : run.codec().value()).reader();
      List<FieldVector> columns = new ArrayList<>();
      for (int position : readPositions) {
        columns.add(parts.get(part).batch().column(position));
      }
      reader.bind(columns);
      readers[part] = reader;
    }
    return reader.read((int) row);
  }

  /** The key of a group. */
  @Nullable Object key(KeyGroups groups, int group) {
    putLong(rows(), groups.keyRow(group));
    try (RecordBatch columns =
        keyOutput.batch(groups.table(), rows(), 1, run.context().allocator())) {
      keys.bind(columns.columns());
      return keys.read(0);
    }
  }

  // ---- slices of keys

  /** Calls the function for groups of new rows. */
  void call(KeyGroups groups, int from, int count) {
    try (RecordBatch keyBatch = keysOf(groups, from, count)) {
      find(keyBatch, count);
      callAll(
          keyBatch,
          count,
          i -> new Values(groups, groups.start(from + i), groups.end(from + i)),
          false);
    }
  }

  /** Calls the function for the keys of a slice whose rows of state are known. */
  private void callAll(
      RecordBatch keyBatch, int count, IntFunction<Iterator<Object>> values, boolean timedOut) {
    try (RecordBatch stateBatch = statesOf(count)) {
      bind(keyBatch, stateBatch);
      for (int i = 0; i < count; i++) {
        call(i, values.apply(i), timedOut);
      }
    }
    write(keyBatch);
  }

  /** Calls the function for keys that have timed out, given by their rows of state. */
  void timeOut(long[] over, int from, int count) {
    GroupsWithStateRun.putRows(over, from, count, rows());
    try (RecordBatch keyBatch = keyOutput.batch(table, rows(), count, run.context().allocator())) {
      System.arraycopy(over, from, stateRows, 0, count);
      callAll(keyBatch, count, i -> NOTHING, true);
    }
  }

  /** Gives the function the object of each group before all else. */
  void initialize(KeyGroups groups, int from, int count) {
    try (RecordBatch keyBatch = keysOf(groups, from, count)) {
      find(keyBatch, count);
      keys.bind(keyBatch.columns());
      for (int i = 0; i < count; i++) {
        Object key = keys.read(i);
        slot.reset(null, false);
        initialize(key, value(groups.row(groups.start(from + i))));
        keep(i);
      }
      write(keyBatch);
    }
  }

  private void initialize(@Nullable Object key, @Nullable Object initial) {
    if (initial == null) {
      return;
    }
    try {
      function.body().initialize(key, initial, slot);
    } catch (Exception e) {
      throw failed(key, e);
    }
  }

  /** Calls the function for keys that have an initial state and no new rows. */
  void callUnseen(KeyGroups initial, KeyGroups seen) {
    for (int from = 0; from < initial.count(); from += SLICE) {
      int count = Math.min(SLICE, initial.count() - from);
      int unseen = 0;
      try (RecordBatch keyBatch = keysOf(initial, from, count)) {
        keyColumns.set(keyBatch, keyPositions);
        seen.table().find(keyColumns.address(), 0, 0, count, found());
        for (int i = 0; i < count; i++) {
          if (getLong(found() + 8L * i) == 0) {
            putLong(rows() + 8L * unseen++, initial.keyRow(from + i));
          }
        }
      }
      try (RecordBatch keyBatch =
          keyOutput.batch(initial.table(), rows(), unseen, run.context().allocator())) {
        find(keyBatch, unseen);
        callAll(keyBatch, unseen, i -> NOTHING, false);
      }
    }
  }

  /** Gives the states of some rows, each with its key. */
  void giveStates(long from, int count) {
    try (RecordBatch keyBatch = keyOutput.batch(table, from, count, run.context().allocator());
        RecordBatch stateBatch = stateOutput.batch(table, from, count, run.context().allocator())) {
      bind(keyBatch, stateBatch);
      for (int i = 0; i < count; i++) {
        Object key = keys.read(i);
        slot.reset(states.read(i), false);
        give(key, invoke(key, NOTHING));
      }
    }
  }

  private RecordBatch keysOf(KeyGroups groups, int from, int count) {
    for (int i = 0; i < count; i++) {
      putLong(rows() + 8L * i, groups.keyRow(from + i));
    }
    return keyOutput.batch(groups.table(), rows(), count, run.context().allocator());
  }

  private void find(RecordBatch keyBatch, int count) {
    keyColumns.set(keyBatch, keyPositions);
    table.find(keyColumns.address(), 0, 0, count, found());
    for (int i = 0; i < count; i++) {
      stateRows[i] = getLong(found() + 8L * i);
    }
  }

  /** The states of the keys that have one, as columns. */
  private RecordBatch statesOf(int count) {
    int known = 0;
    for (int i = 0; i < count; i++) {
      boolean exists = stateRows[i] != 0 && getLong(stateRows[i] + existsOffset) != 0;
      stateAt[i] = exists ? known : -1;
      if (exists) {
        putLong(found() + 8L * known++, stateRows[i]);
      }
    }
    return stateOutput.batch(table, found(), known, run.context().allocator());
  }

  private void bind(RecordBatch keyBatch, RecordBatch stateBatch) {
    keys.bind(keyBatch.columns());
    states.bind(stateBatch.columns());
  }

  // ---- the function

  private static final Iterator<Object> NOTHING = List.of().iterator();

  /** The objects of one group, made as they are asked for. */
  private final class Values implements Iterator<Object> {
    private final KeyGroups groups;
    private final int end;
    private int next;

    Values(KeyGroups groups, int start, int end) {
      this.groups = groups;
      this.next = start;
      this.end = end;
    }

    @Override
    public boolean hasNext() {
      return next < end;
    }

    @Override
    @SuppressWarnings("NullAway") // values of classes of nulls may be null
    public Object next() {
      if (next == end) {
        throw new NoSuchElementException("a group must have another row");
      }
      return value(groups.row(next++));
    }
  }

  private void call(int i, Iterator<Object> values, boolean timedOut) {
    Object key = keys.read(i);
    slot.reset(stateAt[i] < 0 ? null : states.read(stateAt[i]), timedOut);
    Iterator<?> given = invoke(key, values);
    if (run.givesAll()) {
      while (given.hasNext()) {
        given.next();
      }
    } else {
      give(key, given);
    }
    keep(i);
  }

  private Iterator<?> invoke(@Nullable Object key, Iterator<Object> values) {
    try {
      return function.body().call(key, values, slot);
    } catch (Exception e) {
      throw failed(key, e);
    }
  }

  private void give(@Nullable Object key, Iterator<?> given) {
    while (true) {
      Object next;
      try {
        if (!given.hasNext()) {
          return;
        }
        next = given.next();
      } catch (RuntimeException e) {
        throw failed(key, e);
      }
      results.append(next);
      if (results.rowCount() >= OUTPUT_ROWS) {
        flush();
      }
    }
  }

  private ArrowmillException failed(@Nullable Object key, Exception e) {
    return new ArrowmillException(
        "USER_FUNCTION_ERROR",
        "a function of the program must return: operator="
            + function.name()
            + ", key="
            + key
            + ", error="
            + e
            + "; nothing of the batch is kept; mend the function and start the query again",
        e);
  }

  /** Notes what the function has said of a key's state. */
  private void keep(int i) {
    long timeout = slot.timeoutMillis();
    long row = stateRows[i];
    timeouts[i] = timeout;
    if (slot.removed() && timeout == GroupSlot.NO_TIMEOUT) {
      run.store().counters().rowsRemoved().increment();
      if (row != 0) {
        putLong(rows() + 8L * removedCount++, row);
      }
      return;
    }
    long before = row == 0 ? GroupSlot.NO_TIMEOUT : getLong(row + timeoutOffset);
    if (!slot.updated() && !slot.removed() && timeout == before) {
      return;
    }
    Object state = slot.value();
    if (state == null) {
      waiting[waitingCount++] = i;
    } else {
      newStates.append(state);
      updated[updatedCount++] = i;
    }
  }

  // ---- the states

  /** Brings what the function has said of the slice's keys into the table. */
  private void write(RecordBatch keyBatch) {
    table.remove(rows(), removedCount);
    removedCount = 0;
    make(keyBatch);
    if (updatedCount > 0) {
      try (RecordBatch columns = newStates.build()) {
        stateColumns.set(columns, statePositions);
        for (int i = 0; i < updatedCount; i++) {
          putLong(rows() + 8L * i, stateRows[updated[i]]);
        }
        for (int field = 0; field < stateFields; field++) {
          table.update(field, rows(), stateColumns.address(field), 0, 0, updatedCount);
        }
      }
    }
    set(updated, updatedCount, 1);
    set(waiting, waitingCount, 0);
    updatedCount = 0;
    waitingCount = 0;
  }

  /** Makes rows for keys that have none, and counts those of the others as changed. */
  private void make(RecordBatch keyBatch) {
    int missing = touch(updated, updatedCount, 0);
    missing = touch(waiting, waitingCount, missing);
    if (missing == 0) {
      return;
    }
    keyColumns.set(keyBatch, keyPositions);
    table.group(keyColumns.address(), selection(), 0, missing, found());
    int made = take(updated, updatedCount, 0);
    take(waiting, waitingCount, made);
  }

  private int touch(int[] groups, int count, int missing) {
    int at = missing;
    for (int i = 0; i < count; i++) {
      if (stateRows[groups[i]] == 0) {
        putInt(selection() + 4L * at++, groups[i]);
      } else {
        table.touchRow(stateRows[groups[i]]);
      }
    }
    return at;
  }

  private int take(int[] groups, int count, int made) {
    int at = made;
    for (int i = 0; i < count; i++) {
      if (stateRows[groups[i]] == 0) {
        stateRows[groups[i]] = getLong(found() + 8L * at++);
      }
    }
    return at;
  }

  private void set(int[] groups, int count, long exists) {
    for (int i = 0; i < count; i++) {
      long row = stateRows[groups[i]];
      putLong(row + existsOffset, exists);
      putLong(row + timeoutOffset, timeouts[groups[i]]);
      if (timeouts[groups[i]] != GroupSlot.NO_TIMEOUT) {
        run.store().counters().nextTimeout().accumulate(timeouts[groups[i]]);
      }
    }
  }

  /** Hands on what the function has given so far. */
  void flush() {
    if (results.rowCount() > 0) {
      try (RecordBatch batch = results.build()) {
        out.process(batch);
      }
    }
  }

  @Override
  public void close() {
    results.close();
    newStates.close();
    memory.free(block, 20L * SLICE);
    stateColumns.close();
    keyColumns.close();
    stateOutput.close();
    keyOutput.close();
  }
}
