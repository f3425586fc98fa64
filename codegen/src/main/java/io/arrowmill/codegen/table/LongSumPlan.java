package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import java.util.List;

/**
 * Adds integers exactly. State: {@code {int64 sum}}; flag 0: there was a value, flag 1: the sum
 * left its range.
 *
 * @param overflowIsNull whether leaving the range gives null instead of an error
 */
record LongSumPlan(ValueKind inputKind, boolean overflowIsNull) implements AccumulatorPlan {
  private static final int HAS_VALUE = 0;
  private static final int OVERFLOWED = 1;
  private static final List<StateColumn> STATE =
      List.of(new StateColumn("sum", ValueKind.I64), new StateColumn("overflowed", ValueKind.BOOL));

  @Override
  public ValueKind resultKind() {
    return ValueKind.I64;
  }

  @Override
  public int stateBytes() {
    return 8;
  }

  @Override
  public int flagBits() {
    return overflowIsNull ? 2 : 1;
  }

  @Override
  public List<StateColumn> stateColumns() {
    return overflowIsNull ? STATE : STATE.subList(0, 1);
  }

  @Override
  public Accumulator bind(StateSlot slot, BytesArena arena) {
    return new LongSum(slot, overflowIsNull);
  }

  @Override
  public RowStep rowStep(StateSlot slot) {
    int overflowed = overflowIsNull ? slot.flagMask(OVERFLOWED) : 0;
    int mask = slot.flagMask(HAS_VALUE);
    return new RowStep(
        LongSumPlan.class,
        "first",
        "next",
        RowStep.Input.LONG,
        slot.flagByte(),
        mask,
        List.of(slot.offset(), slot.flagByte(), mask, overflowed, slot.accumulator()));
  }

  static void first(
      long row, long value, int offset, int flagByte, int mask, int overflowed, int accumulator) {
    putByte(row + flagByte, (byte) (getByte(row + flagByte) | mask));
    next(row, value, offset, flagByte, mask, overflowed, accumulator);
  }

  static void next(
      long row, long value, int offset, int flagByte, int mask, int overflowed, int accumulator) {
    long old = getLong(row + offset);
    long sum = old + value;
    putLong(row + offset, sum);
    if (((old ^ sum) & (value ^ sum)) < 0) {
      overflow(row + flagByte, overflowed, old, value, accumulator);
    }
  }

  private static void overflow(long flags, int overflowed, long old, long value, int accumulator) {
    if (overflowed == 0) {
      throw new GroupTableException(
          GroupTableException.Condition.ARITHMETIC_OVERFLOW,
          accumulator,
          "sum must stay in the range of LONG: sum="
              + old
              + ", value="
              + value
              + "; sum a wider type, or use try_sum to get null");
    }
    putByte(flags, (byte) (getByte(flags) | overflowed));
  }

  private record LongSum(StateSlot slot, boolean overflowIsNull) implements RangeAccumulator {

    @Override
    public void updateRun(long row, ColumnSlice input, int count) {
      long values = input.values();
      long sum = getLong(row + slot.offset());
      boolean any = input.valid() == 0;
      for (int i = 0; i < count; i++) {
        if (!input.isNull(i)) {
          long value = getLong(values + 8L * i);
          long old = sum;
          sum = old + value;
          any = true;
          if (((old ^ sum) & (value ^ sum)) < 0) {
            overflow(row, old, value);
          }
        }
      }
      if (any) {
        putLong(row + slot.offset(), sum);
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
        long value = getLong(values + 8L * i);
        long old = getLong(row + offset);
        long sum = old + value;
        if (((old ^ sum) & (value ^ sum)) < 0) {
          overflow(row, old, value);
        }
        putLong(row + offset, sum);
        int flags = getByte(row + flagByte);
        if ((flags & mask) == 0) {
          putByte(row + flagByte, (byte) (flags | mask));
        }
      }
    }

    private void overflow(long row, long old, long value) {
      int overflowed = overflowIsNull ? slot.flagMask(OVERFLOWED) : 0;
      LongSumPlan.overflow(row + slot.flagByte(), overflowed, old, value, slot.accumulator());
    }

    @Override
    public void merge(long targetRows, long sourceRows, int count) {
      for (int i = 0; i < count; i++) {
        long target = getLong(targetRows + 8L * i);
        long source = getLong(sourceRows + 8L * i);
        if (!slot.flag(source, HAS_VALUE)) {
          continue;
        }
        long old = getLong(target + slot.offset());
        long value = getLong(source + slot.offset());
        long sum = old + value;
        if (((old ^ sum) & (value ^ sum)) < 0
            || (overflowIsNull && slot.flag(source, OVERFLOWED))) {
          overflow(target, old, value);
        }
        putLong(target + slot.offset(), sum);
        slot.setFlag(target, HAS_VALUE, true);
      }
    }

    @Override
    public void mergeRanges(long targets, long ranges, long sources, int count, RangeSums sums) {
      int offset = slot.offset();
      if (!sums.addSmallLongs(offset)) {
        mergeLargeRanges(targets, ranges, sources, count);
        return;
      }
      int flagByte = slot.flagByte();
      int mask = slot.flagMask(HAS_VALUE);
      int overflowed = overflowIsNull ? slot.flagMask(OVERFLOWED) : 0;
      sums.addFlags(0, flagByte, mask);
      sums.addFlags(1, flagByte, overflowed);
      for (int i = 0; i < count; i++) {
        long target = getLong(targets + 8L * i);
        putLong(target + offset, sums.ofLongs(i));
        int flags = sums.ofFlags(0, i, mask) | sums.ofFlags(1, i, overflowed);
        putByte(target + flagByte, (byte) (getByte(target + flagByte) | flags));
      }
    }

    /** As {@link #mergeRanges}, of values whose sums may leave the range of int64. */
    private void mergeLargeRanges(long targets, long ranges, long sources, int count) {
      int offset = slot.offset();
      int flagByte = slot.flagByte();
      int kept = slot.flagMask(HAS_VALUE) | (overflowIsNull ? slot.flagMask(OVERFLOWED) : 0);
      for (int i = 0; i < count; i++) {
        long target = getLong(targets + 8L * i);
        long sum = getLong(target + offset);
        int flags = 0;
        int to = getInt(ranges + 8L * i + 4);
        for (int from = getInt(ranges + 8L * i); from < to; from++) {
          long source = getLong(sources + 8L * from);
          long old = sum;
          long value = getLong(source + offset);
          sum = old + value;
          flags |= getByte(source + flagByte);
          if (((old ^ sum) & (value ^ sum)) < 0) {
            overflow(target, old, value);
          }
        }
        putLong(target + offset, sum);
        putByte(target + flagByte, (byte) (getByte(target + flagByte) | (flags & kept)));
      }
    }

    @Override
    public void finish(long rows, int count, ColumnOutput output) {
      if (!overflowIsNull) {
        output.putSlots(rows, count, slot.offset(), slot.flagByte(), slot.flagMask(HAS_VALUE), 0);
        return;
      }
      for (int i = 0; i < count; i++) {
        long row = getLong(rows + 8L * i);
        if (slot.flag(row, HAS_VALUE) && !slot.flag(row, OVERFLOWED)) {
          output.putSlot(i, getLong(row + slot.offset()));
        } else {
          output.putNull(i);
        }
      }
    }

    @Override
    public void exportState(long rows, int count, int stateColumn, ColumnOutput output) {
      if (stateColumn == 0) {
        output.putSlots(rows, count, slot.offset(), slot.flagByte(), slot.flagMask(HAS_VALUE), 0);
        return;
      }
      for (int i = 0; i < count; i++) {
        output.putSlot(i, slot.flag(getLong(rows + 8L * i), OVERFLOWED) ? 1 : 0);
      }
    }

    @Override
    public void importState(long rows, int count, int stateColumn, ColumnSlice input) {
      for (int i = 0; i < count; i++) {
        long row = getLong(rows + 8L * i);
        long value = input.isNull(i) ? 0 : getLong(input.values() + 8L * i);
        if (stateColumn == 1) {
          slot.setFlag(row, OVERFLOWED, value != 0);
        } else {
          putLong(row + slot.offset(), value);
          slot.setFlag(row, HAS_VALUE, !input.isNull(i));
        }
      }
    }
  }
}
