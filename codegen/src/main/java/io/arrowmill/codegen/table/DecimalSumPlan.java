package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import java.util.List;

/**
 * Adds decimals of one scale exactly. State: {@code {int128 sum}}; flag 0: there was a value, flag
 * 1: the sum left 38 digits.
 *
 * @param precision digits that the result may have
 * @param overflowIsNull whether more digits give null instead of an error
 */
record DecimalSumPlan(int precision, boolean overflowIsNull) implements AccumulatorPlan {
  private static final int HAS_VALUE = 0;
  private static final int OVERFLOWED = 1;
  private static final List<StateColumn> STATE =
      List.of(
          new StateColumn("sum", ValueKind.DECIMAL128),
          new StateColumn("overflowed", ValueKind.BOOL));

  @Override
  public ValueKind inputKind() {
    return ValueKind.DECIMAL128;
  }

  @Override
  public ValueKind resultKind() {
    return ValueKind.DECIMAL128;
  }

  @Override
  public int stateBytes() {
    return 16;
  }

  @Override
  public int flagBits() {
    return 2;
  }

  @Override
  public List<StateColumn> stateColumns() {
    return overflowIsNull ? STATE : STATE.subList(0, 1);
  }

  @Override
  public Accumulator bind(StateSlot slot, BytesArena arena) {
    return new DecimalSum(slot, precision, overflowIsNull);
  }

  @Override
  public RowStep rowStep(StateSlot slot) {
    int overflowed = overflowIsNull ? slot.flagMask(OVERFLOWED) : 0;
    int mask = slot.flagMask(HAS_VALUE);
    return new RowStep(
        DecimalSumPlan.class,
        "first",
        "next",
        RowStep.Input.DECIMAL,
        slot.flagByte(),
        mask,
        List.of(slot.offset(), slot.flagByte(), mask, overflowed, slot.accumulator()));
  }

  static void first(
      long row,
      long low,
      long high,
      int offset,
      int flagByte,
      int mask,
      int overflowed,
      int accumulator) {
    putByte(row + flagByte, (byte) (getByte(row + flagByte) | mask));
    next(row, low, high, offset, flagByte, mask, overflowed, accumulator);
  }

  @SuppressWarnings("UnusedVariable") // Both methods of a step have one shape.
  static void next(
      long row,
      long low,
      long high,
      int offset,
      int flagByte,
      int mask,
      int overflowed,
      int accumulator) {
    if (!Decimals.add(row + offset, low, high)) {
      overflow(row + flagByte, overflowed, accumulator);
    }
  }

  private static void overflow(long flags, int overflowed, int accumulator) {
    if (overflowed == 0) {
      throw Decimals.overflow("sum", accumulator, Decimals.PRECISION_MAX);
    }
    putByte(flags, (byte) (getByte(flags) | overflowed));
  }

  private record DecimalSum(StateSlot slot, int precision, boolean overflowIsNull)
      implements DecimalRunAccumulator {

    @Override
    public boolean addTotal(long row, DecimalTotal total, int count) {
      if (!Decimals.addFarFromLimit(row + slot.offset(), total)) {
        return false;
      }
      slot.setFlag(row, HAS_VALUE, true);
      return true;
    }

    @Override
    public void update(long rows, ColumnSlice input, int count) {
      for (int i = 0; i < count; i++) {
        if (!input.isNull(i)) {
          add(getLong(rows + 8L * i), input.values() + 16L * i);
        }
      }
    }

    private void add(long row, long value) {
      boolean fits = Decimals.add(row + slot.offset(), value);
      slot.setFlag(row, HAS_VALUE, true);
      if (!fits) {
        overflow(row);
      }
    }

    private void overflow(long row) {
      if (!overflowIsNull) {
        throw Decimals.overflow("sum", slot.accumulator(), precision);
      }
      slot.setFlag(row, OVERFLOWED, true);
    }

    @Override
    public void merge(long targetRows, long sourceRows, int count) {
      for (int i = 0; i < count; i++) {
        long target = getLong(targetRows + 8L * i);
        long source = getLong(sourceRows + 8L * i);
        if (slot.flag(source, HAS_VALUE)) {
          add(target, source + slot.offset());
        }
        if (slot.flag(source, OVERFLOWED)) {
          overflow(target);
        }
      }
    }

    @Override
    public void finish(long rows, int count, ColumnOutput output) {
      for (int i = 0; i < count; i++) {
        long row = getLong(rows + 8L * i);
        long state = row + slot.offset();
        boolean fits =
            !slot.flag(row, OVERFLOWED)
                && Decimals.fits(getLong(state), getLong(state + 8), precision);
        if (!fits && !overflowIsNull) {
          throw Decimals.overflow("sum", slot.accumulator(), precision);
        }
        if (fits && slot.flag(row, HAS_VALUE)) {
          output.putDecimal(i, getLong(state), getLong(state + 8));
        } else {
          output.putNull(i);
        }
      }
    }

    @Override
    public void exportState(long rows, int count, int stateColumn, ColumnOutput output) {
      for (int i = 0; i < count; i++) {
        long row = getLong(rows + 8L * i);
        long state = row + slot.offset();
        if (stateColumn == 1) {
          output.putSlot(i, slot.flag(row, OVERFLOWED) ? 1 : 0);
        } else if (slot.flag(row, HAS_VALUE)) {
          output.putDecimal(i, getLong(state), getLong(state + 8));
        } else {
          output.putNull(i);
        }
      }
    }

    @Override
    public void importState(long rows, int count, int stateColumn, ColumnSlice input) {
      for (int i = 0; i < count; i++) {
        long row = getLong(rows + 8L * i);
        boolean isNull = input.isNull(i);
        if (stateColumn == 1) {
          slot.setFlag(row, OVERFLOWED, !isNull && getLong(input.values() + 8L * i) != 0);
          continue;
        }
        putLong(row + slot.offset(), isNull ? 0 : getLong(input.values() + 16L * i));
        putLong(row + slot.offset() + 8, isNull ? 0 : getLong(input.values() + 16L * i + 8));
        slot.setFlag(row, HAS_VALUE, !isNull);
      }
    }
  }
}
