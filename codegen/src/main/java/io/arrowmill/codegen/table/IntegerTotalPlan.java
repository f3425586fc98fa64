package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import java.util.List;

/**
 * Sum or mean of integers as an integer of the same kind, as intervals are added up. State: {@code
 * {int64 sum, int64 count}}. The sum is kept in 64 bits whatever the kind, so only a result that
 * does not fit is an error; a mean is rounded half away from zero.
 *
 * @param inputKind I32 or I64
 */
record IntegerTotalPlan(ValueKind inputKind, boolean isMean) implements AccumulatorPlan {
  private static final List<StateColumn> STATE =
      List.of(new StateColumn("sum", ValueKind.I64), new StateColumn("count", ValueKind.I64));

  IntegerTotalPlan {
    if (inputKind != ValueKind.I32 && inputKind != ValueKind.I64) {
      throw new IllegalArgumentException("kind must be I32 or I64: kind=" + inputKind);
    }
  }

  @Override
  public ValueKind resultKind() {
    return inputKind;
  }

  @Override
  public int stateBytes() {
    return 16;
  }

  @Override
  public int flagBits() {
    return 0;
  }

  @Override
  public List<StateColumn> stateColumns() {
    return STATE;
  }

  @Override
  public Accumulator bind(StateSlot slot, BytesArena arena) {
    return new Total(slot, inputKind, isMean);
  }

  /** The quotient, rounded half away from zero; the divisor is positive. */
  static long quotient(long sum, long count) {
    long quotient = sum / count;
    long rest = Math.abs(sum % count);
    return rest >= count - rest ? quotient + Long.signum(sum) : quotient;
  }

  private record Total(StateSlot slot, ValueKind kind, boolean isMean) implements Accumulator {

    @Override
    public void update(long rows, ColumnSlice input, int count) {
      long valid = input.valid();
      for (int i = 0; i < count; i++) {
        if (valid == 0 || getByte(valid + i) != 0) {
          add(getLong(rows + 8L * i), getLong(input.values() + 8L * i), 1);
        }
      }
    }

    @Override
    public void merge(long targetRows, long sourceRows, int count) {
      for (int i = 0; i < count; i++) {
        long state = getLong(sourceRows + 8L * i) + slot.offset();
        add(getLong(targetRows + 8L * i), getLong(state), getLong(state + 8));
      }
    }

    private void add(long row, long value, long values) {
      long state = row + slot.offset();
      long old = getLong(state);
      long sum = old + value;
      if (((old ^ sum) & (value ^ sum)) < 0) {
        throw overflow("sum=" + old + ", value=" + value);
      }
      putLong(state, sum);
      putLong(state + 8, getLong(state + 8) + values);
    }

    private GroupTableException overflow(String facts) {
      return new GroupTableException(
          GroupTableException.Condition.ARITHMETIC_OVERFLOW,
          slot.accumulator(),
          "sum must stay in the range of its type: bits="
              + 8 * kind.columnBytes()
              + ", "
              + facts
              + "; add up smaller values, or fewer");
    }

    @Override
    public void finish(long rows, int count, ColumnOutput output) {
      for (int i = 0; i < count; i++) {
        long state = getLong(rows + 8L * i) + slot.offset();
        long sum = getLong(state);
        long values = getLong(state + 8);
        if (values == 0) {
          output.putNull(i);
          continue;
        }
        long result = isMean ? quotient(sum, values) : sum;
        if (kind == ValueKind.I32 && result != (int) result) {
          throw overflow("sum=" + sum);
        }
        output.putSlot(i, result);
      }
    }

    @Override
    public void exportState(long rows, int count, int stateColumn, ColumnOutput output) {
      output.putSlots(rows, count, slot.offset() + 8 * stateColumn);
    }

    @Override
    public void importState(long rows, int count, int stateColumn, ColumnSlice input) {
      for (int i = 0; i < count; i++) {
        long value = getLong(input.values() + 8L * i);
        putLong(getLong(rows + 8L * i) + slot.offset() + 8L * stateColumn, value);
      }
    }
  }
}
