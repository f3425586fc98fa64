package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getDouble;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putDouble;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import java.util.List;

/** Mean of numbers as float64. State: {@code {float64 sum, int64 count}}. */
record AveragePlan(ValueKind inputKind) implements AccumulatorPlan {
  private static final List<StateColumn> STATE =
      List.of(new StateColumn("sum", ValueKind.F64), new StateColumn("count", ValueKind.I64));

  @Override
  public ValueKind resultKind() {
    return ValueKind.F64;
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
    return new Average(slot.offset(), inputKind.isFloating());
  }

  @Override
  public RowStep rowStep(StateSlot slot) {
    return RowStep.of(AveragePlan.class, "step", RowStep.Input.DOUBLE, slot.offset());
  }

  static void step(long row, double value, int offset) {
    long state = row + offset;
    putDouble(state, getDouble(state) + value);
    putLong(state + 8, getLong(state + 8) + 1);
  }

  private record Average(int offset, boolean floating) implements RangeAccumulator {

    @Override
    public void updateRun(long row, ColumnSlice input, int count) {
      long values = input.values();
      long state = row + offset;
      double sum = getDouble(state);
      long present = 0;
      for (int i = 0; i < count; i++) {
        if (!input.isNull(i)) {
          sum += floating ? getDouble(values + 8L * i) : (double) getLong(values + 8L * i);
          present++;
        }
      }
      putDouble(state, sum);
      putLong(state + 8, getLong(state + 8) + present);
    }

    @Override
    public void update(long rows, ColumnSlice input, int count) {
      long values = input.values();
      long valid = input.valid();
      for (int i = 0; i < count; i++) {
        if (valid != 0 && getByte(valid + i) == 0) {
          continue;
        }
        long state = getLong(rows + 8L * i) + offset;
        double value = floating ? getDouble(values + 8L * i) : (double) getLong(values + 8L * i);
        putDouble(state, getDouble(state) + value);
        putLong(state + 8, getLong(state + 8) + 1);
      }
    }

    @Override
    public void merge(long targetRows, long sourceRows, int count) {
      for (int i = 0; i < count; i++) {
        long target = getLong(targetRows + 8L * i) + offset;
        long source = getLong(sourceRows + 8L * i) + offset;
        putDouble(target, getDouble(target) + getDouble(source));
        putLong(target + 8, getLong(target + 8) + getLong(source + 8));
      }
    }

    @Override
    public void mergeRanges(long targets, long ranges, long sources, int count, RangeSums sums) {
      sums.addDoubles(offset);
      sums.addLongs(offset + 8);
      for (int i = 0; i < count; i++) {
        long target = getLong(targets + 8L * i) + offset;
        putDouble(target, sums.ofDoubles(i));
        putLong(target + 8, sums.ofLongs(i));
      }
    }

    @Override
    public void finish(long rows, int count, ColumnOutput output) {
      for (int i = 0; i < count; i++) {
        long state = getLong(rows + 8L * i) + offset;
        long values = getLong(state + 8);
        if (values == 0) {
          output.putNull(i);
        } else {
          output.putDouble(i, getDouble(state) / values);
        }
      }
    }

    @Override
    public void exportState(long rows, int count, int stateColumn, ColumnOutput output) {
      output.putSlots(rows, count, offset + 8 * stateColumn);
    }

    @Override
    public void importState(long rows, int count, int stateColumn, ColumnSlice input) {
      for (int i = 0; i < count; i++) {
        long value = getLong(input.values() + 8L * i);
        putLong(getLong(rows + 8L * i) + offset + 8L * stateColumn, value);
      }
    }
  }
}
