package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.record.RecordReader;
import io.arrowmill.batch.record.RecordWriter;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.operator.GroupsWithStateRun.StateOffsets;
import io.arrowmill.plan.StateFunction;
import io.arrowmill.types.StructType;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.arrow.memory.OutOfMemoryException;
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
  private static final int NO_STATE = -1;

  private final GroupsWithStateRun run;
  private final StateFunction function;
  private final GroupTable table;
  private final MemorySource memory;
  private final Operator out;
  private final int markOffset;
  private final int timeoutOffset;
  private final int stateFields;
  private final StructType keySchema;
  private final GroupOutput keyOutput;
  private final GroupOutput stateOutput;
  private final ColumnDescriptors stateColumns;
  private final int[] statePositions;
  private final RecordReader keys;
  private final RecordReader states;
  private final RecordWriter newStates;
  private final RecordWriter results;
  private final GroupSlot slot;
  private final long block;

  /** Of each key of the slice: address of its row of state. */
  private final long[] stateRows = new long[SLICE];

  /** Of each key of the slice: its state's place among those read, or {@link #NO_STATE}. */
  private final int[] stateAt = new int[SLICE];

  /** Keys whose states are new, in the order of {@link #newStates}. */
  private final int[] updated = new int[SLICE];

  /** Keys that are kept without a state, for their timeout. */
  private final int[] waiting = new int[SLICE];

  private final long[] timeouts = new long[SLICE];
  private int updatedCount;
  private int waitingCount;

  /** Whether rows of keys with nothing to keep may go: the function will not be called for them. */
  private boolean discards = true;

  private int removedCount;
  private int discardedCount;

  GroupCalls(GroupsWithStateRun run, int partition, Operator out) {
    this.run = run;
    this.function = run.plan().function();
    this.table = run.store().partitions().get(partition);
    this.memory = run.context().memory();
    this.out = out;
    StructType stateSchema = run.plan().stateColumns();
    StateOffsets offsets = new StateOffsets(run.plan());
    this.markOffset = offsets.markOffset(table);
    this.timeoutOffset = offsets.timeoutOffset(table);
    this.stateFields = stateSchema.size();
    this.keySchema = PhysicalPlan.schemaOf(run.plan().keys());
    try (Parts parts = new Parts()) {
      this.keyOutput = parts.add(new GroupOutput(keySchema, keySchema.size(), memory));
      this.stateOutput = parts.add(new GroupOutput(stateSchema, 0, memory));
      this.stateColumns = parts.add(new ColumnDescriptors(stateFields, memory));
      this.statePositions = IntStream.range(0, stateFields).toArray();
      GroupsCodec codec = run.codec();
      this.keys = codec.key().reader();
      this.states = codec.storedState().reader();
      this.newStates = codec.state().writer(stateSchema, run.context().allocator());
      this.results = codec.result().writer(run.plan().schema(), run.context().allocator());
      this.slot = new GroupSlot(run.clock());
      this.block = parts.allocate(memory, 24L * SLICE);
      parts.complete();
    }
  }

  /** Room for the addresses of a slice's rows. */
  private long rows() {
    return block;
  }

  private long found() {
    return block + 8L * SLICE;
  }

  private long discarded() {
    return block + 16L * SLICE;
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
  void call(GroupValues values, int from, int count) {
    try (RecordBatch keyBatch = keysOf(values.groups(), from, count)) {
      callAll(keyBatch, count, i -> values.of(from + i), false);
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
    write();
  }

  /** Calls the function for keys that have timed out, given by their rows of state. */
  void timeOut(long[] over, int from, int count) {
    callWithoutRows(over, from, count, true);
  }

  private void callWithoutRows(long[] rowsOfState, int from, int count, boolean timedOut) {
    GroupsWithStateRun.putRows(rowsOfState, from, count, rows());
    try (RecordBatch keyBatch = keyOutput.batch(table, rows(), count, run.context().allocator())) {
      System.arraycopy(rowsOfState, from, stateRows, 0, count);
      callAll(keyBatch, count, i -> NOTHING, timedOut);
    }
  }

  /** Gives the function the object of each group before all else. */
  void initialize(GroupValues values, int from, int count) {
    discards = function.transforms();
    try (RecordBatch keyBatch = keysOf(values.groups(), from, count)) {
      keys.bind(keyBatch.columns());
      for (int i = 0; i < count; i++) {
        stateAt[i] = NO_STATE;
        KeyGroups.unmark(stateRows[i], markOffset);
        Object key = keys.read(i);
        slot.reset(null, false);
        initialize(key, values.first(from + i));
        keep(i);
      }
      write();
    }
    discards = true;
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

  /** Calls the function for keys that have an initial state and are of no group of new rows. */
  void callUnseen(KeyGroups initial) {
    long[] unseen = new long[initial.count()];
    int count = 0;
    for (int group = 0; group < initial.count(); group++) {
      long row = initial.keyRow(group);
      if (!KeyGroups.isMarked(row, markOffset)) {
        unseen[count++] = row;
      }
    }
    for (int from = 0; from < count; from += SLICE) {
      callWithoutRows(unseen, from, Math.min(SLICE, count - from), false);
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
      stateRows[i] = groups.keyRow(from + i);
      putLong(rows() + 8L * i, stateRows[i]);
    }
    return keyOutput.batch(groups.table(), rows(), count, run.context().allocator());
  }

  /** The states of the keys that have one, as columns. */
  private RecordBatch statesOf(int count) {
    int known = 0;
    for (int i = 0; i < count; i++) {
      boolean exists = KeyGroups.unmark(stateRows[i], markOffset);
      stateAt[i] = exists ? known : NO_STATE;
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

  private void call(int i, Iterator<Object> values, boolean timedOut) {
    Object key = keys.read(i);
    slot.reset(stateAt[i] == NO_STATE ? null : states.read(stateAt[i]), timedOut);
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

  private RuntimeException failed(@Nullable Object key, Exception e) {
    if (e instanceof OutOfMemoryException refused) {
      return refused; // the function was given its rows meanwhile
    }
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
    long before = getLong(row + timeoutOffset);
    boolean isNew =
        stateAt[i] == NO_STATE && before == GroupSlot.NO_TIMEOUT && table.changes().isTouched(row);
    if (slot.removed() && timeout == GroupSlot.NO_TIMEOUT) {
      run.store().counters().rowsRemoved().increment();
      if (isNew) {
        discard(row);
      } else {
        putLong(rows() + 8L * removedCount++, row);
      }
      return;
    }
    if (!slot.updated() && !slot.removed() && timeout == before) {
      if (isNew) {
        discard(row);
      }
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

  private void discard(long row) {
    if (discards) {
      putLong(discarded() + 8L * discardedCount++, row);
    }
  }

  /** Brings what the function has said of the slice's keys into the table. */
  private void write() {
    table.remove(rows(), removedCount);
    table.discard(discarded(), discardedCount);
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
    removedCount = 0;
    discardedCount = 0;
    updatedCount = 0;
    waitingCount = 0;
  }

  private void set(int[] groups, int count, long exists) {
    for (int i = 0; i < count; i++) {
      long row = stateRows[groups[i]];
      table.changes().touch(row);
      putLong(row + markOffset, exists);
      putLong(row + timeoutOffset, timeouts[groups[i]]);
      if (timeouts[groups[i]] != GroupSlot.NO_TIMEOUT) {
        run.store().counters().nextTimeout().accumulate(run.plan().dueMillis(timeouts[groups[i]]));
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
    memory.free(block, 24L * SLICE);
    stateColumns.close();
    stateOutput.close();
    keyOutput.close();
  }
}
