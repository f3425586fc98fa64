package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getDouble;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putDouble;

import java.util.List;

/**
 * Adds numbers as float64, in the order they come. State: {@code {float64 sum}}; flag 0: there was
 * a value.
 */
record DoubleSumPlan(ValueKind inputKind) implements AccumulatorPlan {
  private static final int HAS_VALUE = 0;
  private static final List<StateColumn> STATE = List.of(new StateColumn("sum", ValueKind.F64));

  @Override
  public ValueKind resultKind() {
    return ValueKind.F64;
  }

  @Override
  public int stateBytes() {
    return 8;
  }

  @Override
  public int flagBits() {
    return 1;
  }

  @Override
  public List<StateColumn> stateColumns() {
    return STATE;
  }

  @Override
  public Accumulator bind(StateSlot slot, BytesArena arena) {
    return new DoubleSum(slot, inputKind.isFloating());
  }

  @Override
  public RowStep rowStep(StateSlot slot) {
    int mask = slot.flagMask(HAS_VALUE);
    return new RowStep(
        DoubleSumPlan.class,
        "first",
        "next",
        RowStep.Input.DOUBLE,
        slot.flagByte(),
        mask,
        List.of(slot.offset(), slot.flagByte(), mask));
  }

  static void first(long row, double value, int offset, int flagByte, int mask) {
    putByte(row + flagByte, (byte) (getByte(row + flagByte) | mask));
    next(row, value, offset, flagByte, mask);
  }

  @SuppressWarnings("UnusedVariable") // Both methods of a step have one shape.
  static void next(long row, double value, int offset, int flagByte, int mask) {
    putDouble(row + offset, getDouble(row + offset) + value);
  }

  private record DoubleSum(StateSlot slot, boolean floating) implements RangeAccumulator {

    @Override
    public void updateRun(long row, ColumnSlice input, int count) {
      long values = input.values();
      double sum = getDouble(row + slot.offset());
      boolean any = input.valid() == 0;
      for (int i = 0; i < count; i++) {
        if (!input.isNull(i)) {
          sum += floating ? getDouble(values + 8L * i) : (double) getLong(values + 8L * i);
          any = true;
        }
      }
      if (any) {
        putDouble(row + slot.offset(), sum);
        slot.setFlag(row, HAS_VALUE, true);
      }
    }

    @Override
    public void update(long rows, ColumnSlice input, int count) {
      long values = input.values();
      long valid = input.valid();
      int offset = slot.offset();
      int flagByte = slot.flagByte();
      int mask = slot.flagMask(HAS_VALUE);
      for (int i = 0; i < count; i++) {
        if (valid != 0 && getByte(valid + i) == 0) {
          continue;
        }
        long row = getLong(rows + 8L * i);
        double value = floating ? getDouble(values + 8L * i) : (double) getLong(values + 8L * i);
        putDouble(row + offset, getDouble(row + offset) + value);
        int flags = getByte(row + flagByte);
        if ((flags & mask) == 0) {
          putByte(row + flagByte, (byte) (flags | mask));
        }
      }
    }

    @Override
    public void merge(long targetRows, long sourceRows, int count) {
      for (int i = 0; i < count; i++) {
        long source = getLong(sourceRows + 8L * i);
        if (slot.flag(source, HAS_VALUE)) {
          long target = getLong(targetRows + 8L * i);
          long state = target + slot.offset();
          putDouble(state, getDouble(state) + getDouble(source + slot.offset()));
          slot.setFlag(target, HAS_VALUE, true);
        }
      }
    }

    @Override
    public void mergeRanges(long targets, long ranges, long sources, int count, RangeSums sums) {
      int offset = slot.offset();
      int flagByte = slot.flagByte();
      int mask = slot.flagMask(HAS_VALUE);
      // A state without a value is 0.0, which changes no sum that began with 0.0.
      sums.addDoubles(offset);
      sums.addFlags(0, flagByte, mask);
      for (int i = 0; i < count; i++) {
        long target = getLong(targets + 8L * i);
        int flags = getByte(target + flagByte) | sums.ofFlags(0, i, mask);
        putDouble(target + offset, sums.ofDoubles(i));
        putByte(target + flagByte, (byte) flags);
      }
    }

    @Override
    public void finish(long rows, int count, ColumnOutput output) {
      output.putSlots(rows, count, slot.offset(), slot.flagByte(), slot.flagMask(HAS_VALUE), 0);
    }

    @Override
    public void exportState(long rows, int count, int stateColumn, ColumnOutput output) {
      finish(rows, count, output);
    }

    @Override
    public void importState(long rows, int count, int stateColumn, ColumnSlice input) {
      for (int i = 0; i < count; i++) {
        long row = getLong(rows + 8L * i);
        boolean isNull = input.isNull(i);
        putDouble(row + slot.offset(), isNull ? 0 : getDouble(input.values() + 8L * i));
        slot.setFlag(row, HAS_VALUE, !isNull);
      }
    }
  }
}
