package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;

import java.util.List;

/**
 * A value that the table's owner sets; the last one given is kept. State: one {@link ValueCell};
 * flag 0: it is not null.
 *
 * @param name what files of state call it
 */
record StoredValuePlan(String name, ValueKind inputKind) implements AccumulatorPlan {
  private static final int HAS_VALUE = 0;

  @Override
  public ValueKind resultKind() {
    return inputKind;
  }

  @Override
  public int stateBytes() {
    return inputKind.slotBytes();
  }

  @Override
  public int flagBits() {
    return 1;
  }

  @Override
  public List<StateColumn> stateColumns() {
    return List.of(new StateColumn(name, inputKind));
  }

  @Override
  public Accumulator bind(StateSlot slot, BytesArena arena) {
    return new StoredValue(slot, new ValueCell(inputKind, slot.offset(), arena));
  }

  private record StoredValue(StateSlot slot, ValueCell cell) implements Accumulator {

    @Override
    public void update(long rows, ColumnSlice input, int count) {
      for (int i = 0; i < count; i++) {
        long row = getLong(rows + 8L * i);
        boolean hasValue = !input.isNull(i);
        if (hasValue) {
          cell.set(row, input, i);
        } else {
          cell.release(row);
        }
        slot.setFlag(row, HAS_VALUE, hasValue);
      }
    }

    @Override
    public void merge(long targetRows, long sourceRows, int count) {
      for (int i = 0; i < count; i++) {
        long target = getLong(targetRows + 8L * i);
        long source = getLong(sourceRows + 8L * i);
        boolean hasValue = slot.flag(source, HAS_VALUE);
        if (hasValue) {
          cell.setFrom(target, source);
        } else {
          cell.release(target);
        }
        slot.setFlag(target, HAS_VALUE, hasValue);
      }
    }

    @Override
    public void finish(long rows, int count, ColumnOutput output) {
      for (int i = 0; i < count; i++) {
        long row = getLong(rows + 8L * i);
        if (slot.flag(row, HAS_VALUE)) {
          cell.write(row, output, i);
        } else {
          output.putNull(i);
        }
      }
    }

    @Override
    public long finishBytes(long rows, int count) {
      return cell.dataBytes(rows, count);
    }

    @Override
    public void exportState(long rows, int count, int stateColumn, ColumnOutput output) {
      finish(rows, count, output);
    }

    @Override
    public long exportBytes(long rows, int count, int stateColumn) {
      return cell.dataBytes(rows, count);
    }

    @Override
    public void importState(long rows, int count, int stateColumn, ColumnSlice input) {
      update(rows, input, count);
    }

    @Override
    public void release(long row) {
      cell.release(row);
    }
  }
}
