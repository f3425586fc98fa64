package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import java.math.BigInteger;
import java.util.List;

/**
 * Mean of decimals of one scale, rounded half up. State: {@code {int128 sum, int64 count}}.
 *
 * @param precision digits that the result may have
 * @param scaleUp digits that the result has more after the point than its input
 */
record DecimalAveragePlan(int precision, int scaleUp) implements AccumulatorPlan {
  private static final List<StateColumn> STATE =
      List.of(
          new StateColumn("sum", ValueKind.DECIMAL128), new StateColumn("count", ValueKind.I64));

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
    return 24;
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
    return new DecimalAverage(slot.offset(), slot.accumulator(), precision, scaleUp);
  }

  @Override
  public RowStep rowStep(StateSlot slot) {
    return RowStep.of(
        DecimalAveragePlan.class, "step", RowStep.Input.DECIMAL, slot.offset(), slot.accumulator());
  }

  static void step(long row, long low, long high, int offset, int accumulator) {
    long state = row + offset;
    if (!Decimals.add(state, low, high)) {
      throw Decimals.overflow("avg", accumulator, Decimals.PRECISION_MAX);
    }
    putLong(state + DecimalAverage.COUNT, getLong(state + DecimalAverage.COUNT) + 1);
  }

  private record DecimalAverage(int offset, int accumulator, int precision, int scaleUp)
      implements DecimalRunAccumulator {
    private static final int COUNT = 16;

    @Override
    public boolean addTotal(long row, DecimalTotal total, int count) {
      long state = row + offset;
      if (!Decimals.addFarFromLimit(state, total)) {
        return false;
      }
      putLong(state + COUNT, getLong(state + COUNT) + count);
      return true;
    }

    @Override
    public void update(long rows, ColumnSlice input, int count) {
      for (int i = 0; i < count; i++) {
        if (!input.isNull(i)) {
          add(getLong(rows + 8L * i) + offset, input.values() + 16L * i, 1);
        }
      }
    }

    private void add(long state, long sum, long values) {
      if (!Decimals.add(state, sum)) {
        throw Decimals.overflow("avg", accumulator, Decimals.PRECISION_MAX);
      }
      putLong(state + COUNT, getLong(state + COUNT) + values);
    }

    @Override
    public void merge(long targetRows, long sourceRows, int count) {
      for (int i = 0; i < count; i++) {
        long source = getLong(sourceRows + 8L * i) + offset;
        add(getLong(targetRows + 8L * i) + offset, source, getLong(source + COUNT));
      }
    }

    @Override
    public void finish(long rows, int count, ColumnOutput output) {
      for (int i = 0; i < count; i++) {
        long state = getLong(rows + 8L * i) + offset;
        long values = getLong(state + COUNT);
        if (values == 0) {
          output.putNull(i);
          continue;
        }
        BigInteger mean = Decimals.average(state, values, scaleUp);
        long low = mean.longValue();
        long high = mean.shiftRight(64).longValue();
        if (mean.bitLength() > 127 || !Decimals.fits(low, high, precision)) {
          throw Decimals.overflow("avg", accumulator, precision);
        }
        output.putDecimal(i, low, high);
      }
    }

    @Override
    public void exportState(long rows, int count, int stateColumn, ColumnOutput output) {
      for (int i = 0; i < count; i++) {
        long state = getLong(rows + 8L * i) + offset;
        if (stateColumn == 0) {
          output.putDecimal(i, getLong(state), getLong(state + 8));
        } else {
          output.putSlot(i, getLong(state + COUNT));
        }
      }
    }

    @Override
    public void importState(long rows, int count, int stateColumn, ColumnSlice input) {
      for (int i = 0; i < count; i++) {
        long state = getLong(rows + 8L * i) + offset;
        if (stateColumn == 0) {
          putLong(state, getLong(input.values() + 16L * i));
          putLong(state + 8, getLong(input.values() + 16L * i + 8));
        } else {
          putLong(state + COUNT, getLong(input.values() + 8L * i));
        }
      }
    }
  }
}
