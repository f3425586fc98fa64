package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;

import java.util.List;

/**
 * The first or the last value in the order of arrival. State: one {@link ValueCell}; flag 0: there
 * was a row, flag 1: its value is not null.
 *
 * @param last whether later rows win
 * @param ignoreNulls whether rows with a null are passed over
 */
record EdgePlan(ValueKind inputKind, boolean last, boolean ignoreNulls) implements AccumulatorPlan {
  private static final int SEEN = 0;
  private static final int HAS_VALUE = 1;

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
    return 2;
  }

  @Override
  public List<StateColumn> stateColumns() {
    return List.of(
        new StateColumn(last ? "last" : "first", inputKind),
        new StateColumn("seen", ValueKind.BOOL));
  }

  @Override
  public Accumulator bind(StateSlot slot, BytesArena arena) {
    return new Edge(slot, new ValueCell(inputKind, slot.offset(), arena), last, ignoreNulls);
  }

  private record Edge(StateSlot slot, ValueCell cell, boolean last, boolean ignoreNulls)
      implements Accumulator {

    @Override
    public void update(long rows, ColumnSlice input, int count) {
      for (int i = 0; i < count; i++) {
        boolean isNull = input.isNull(i);
        long row = getLong(rows + 8L * i);
        if ((isNull && ignoreNulls) || (!last && slot.flag(row, SEEN))) {
          continue;
        }
        set(row, input, i, isNull);
        slot.setFlag(row, SEEN, true);
      }
    }

    private void set(long row, ColumnSlice input, int index, boolean isNull) {
      if (!isNull) {
        cell.set(row, input, index);
      }
      slot.setFlag(row, HAS_VALUE, !isNull);
    }

    @Override
    public void merge(long targetRows, long sourceRows, int count) {
      for (int i = 0; i < count; i++) {
        long target = getLong(targetRows + 8L * i);
        long source = getLong(sourceRows + 8L * i);
        if (!slot.flag(source, SEEN) || (!last && slot.flag(target, SEEN))) {
          continue;
        }
        boolean hasValue = slot.flag(source, HAS_VALUE);
        if (hasValue) {
          cell.setFrom(target, source);
        }
        slot.setFlag(target, HAS_VALUE, hasValue);
        slot.setFlag(target, SEEN, true);
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
      if (stateColumn == 0) {
        finish(rows, count, output);
        return;
      }
      for (int i = 0; i < count; i++) {
        output.putSlot(i, slot.flag(getLong(rows + 8L * i), SEEN) ? 1 : 0);
      }
    }

    @Override
    public long exportBytes(long rows, int count, int stateColumn) {
      return stateColumn == 0 ? cell.dataBytes(rows, count) : 0;
    }

    @Override
    public void importState(long rows, int count, int stateColumn, ColumnSlice input) {
      for (int i = 0; i < count; i++) {
        long row = getLong(rows + 8L * i);
        if (stateColumn == 0) {
          set(row, input, i, input.isNull(i));
        } else {
          slot.setFlag(row, SEEN, getLong(input.values() + 8L * i) != 0);
        }
      }
    }

    @Override
    public void release(long row) {
      cell.release(row);
    }
  }
}
