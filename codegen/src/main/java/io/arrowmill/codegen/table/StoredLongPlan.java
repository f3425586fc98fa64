package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An integer that the table's owner reads and writes in the row itself; no input changes it. State:
 * {@code {int64 value}}.
 *
 * @param name what files of state call it
 */
record StoredLongPlan(String name) implements AccumulatorPlan {
  @Override
  public @Nullable ValueKind inputKind() {
    return null;
  }

  @Override
  public ValueKind resultKind() {
    return ValueKind.I64;
  }

  @Override
  public int stateBytes() {
    return Long.BYTES;
  }

  @Override
  public int flagBits() {
    return 0;
  }

  @Override
  public List<StateColumn> stateColumns() {
    return List.of(new StateColumn(name, ValueKind.I64));
  }

  @Override
  public Accumulator bind(StateSlot slot, BytesArena arena) {
    return new StoredLong(slot.offset());
  }

  private record StoredLong(int offset) implements Accumulator {
    @Override
    public void update(long rows, ColumnSlice input, int count) {
      // The owner writes the value.
    }

    @Override
    public void merge(long targetRows, long sourceRows, int count) {
      // The owner says what the value of two rows is.
    }

    @Override
    public boolean isMerged() {
      return false;
    }

    @Override
    public void finish(long rows, int count, ColumnOutput output) {
      for (int i = 0; i < count; i++) {
        output.putSlot(i, getLong(getLong(rows + 8L * i) + offset));
      }
    }

    @Override
    public void exportState(long rows, int count, int stateColumn, ColumnOutput output) {
      finish(rows, count, output);
    }

    @Override
    public void importState(long rows, int count, int stateColumn, ColumnSlice input) {
      for (int i = 0; i < count; i++) {
        putLong(getLong(rows + 8L * i) + offset, getLong(input.values() + 8L * i));
      }
    }
  }
}
