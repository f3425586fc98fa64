package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getDouble;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putDouble;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import java.util.List;

/**
 * Variance and standard deviation by Welford's method. State: {@code {float64 count, float64 mean,
 * float64 m2}}, m2 being the sum of squared distances from the mean.
 */
record MomentPlan(ValueKind inputKind, Statistic statistic) implements AccumulatorPlan {
  private static final List<StateColumn> STATE =
      List.of(
          new StateColumn("count", ValueKind.F64),
          new StateColumn("mean", ValueKind.F64),
          new StateColumn("m2", ValueKind.F64));

  /** What is asked of the moments. A sample of one value has no variance: null. */
  enum Statistic {
    VARIANCE_POPULATION(false, false),
    VARIANCE_SAMPLE(true, false),
    STDDEV_POPULATION(false, true),
    STDDEV_SAMPLE(true, true);

    private final boolean sample;
    private final boolean root;

    Statistic(boolean sample, boolean root) {
      this.sample = sample;
      this.root = root;
    }
  }

  @Override
  public ValueKind resultKind() {
    return ValueKind.F64;
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
    return new Moments(slot.offset(), inputKind.isFloating(), statistic);
  }

  @Override
  public RowStep rowStep(StateSlot slot) {
    return RowStep.of(MomentPlan.class, "step", RowStep.Input.DOUBLE, slot.offset());
  }

  static void step(long row, double value, int offset) {
    long state = row + offset;
    double n = getDouble(state) + 1;
    double mean = getDouble(state + Moments.MEAN);
    double delta = value - mean;
    mean += delta / n;
    putDouble(state, n);
    putDouble(state + Moments.MEAN, mean);
    putDouble(state + Moments.M2, getDouble(state + Moments.M2) + delta * (value - mean));
  }

  private record Moments(int offset, boolean floating, Statistic statistic) implements Accumulator {
    private static final int MEAN = 8;
    private static final int M2 = 16;

    @Override
    public void update(long rows, ColumnSlice input, int count) {
      long values = input.values();
      for (int i = 0; i < count; i++) {
        if (input.isNull(i)) {
          continue;
        }
        long state = getLong(rows + 8L * i) + offset;
        double value = floating ? getDouble(values + 8L * i) : (double) getLong(values + 8L * i);
        double n = getDouble(state) + 1;
        double mean = getDouble(state + MEAN);
        double delta = value - mean;
        mean += delta / n;
        putDouble(state, n);
        putDouble(state + MEAN, mean);
        putDouble(state + M2, getDouble(state + M2) + delta * (value - mean));
      }
    }

    @Override
    public void merge(long targetRows, long sourceRows, int count) {
      for (int i = 0; i < count; i++) {
        long target = getLong(targetRows + 8L * i) + offset;
        long source = getLong(sourceRows + 8L * i) + offset;
        double n1 = getDouble(target);
        double n2 = getDouble(source);
        double n = n1 + n2;
        if (n2 == 0) {
          continue;
        }
        double mean = getDouble(target + MEAN);
        double delta = getDouble(source + MEAN) - mean;
        putDouble(target, n);
        putDouble(target + MEAN, mean + delta * n2 / n);
        putDouble(
            target + M2,
            getDouble(target + M2) + getDouble(source + M2) + delta * delta * n1 * n2 / n);
      }
    }

    @Override
    public void finish(long rows, int count, ColumnOutput output) {
      for (int i = 0; i < count; i++) {
        long state = getLong(rows + 8L * i) + offset;
        double divisor = getDouble(state) - (statistic.sample ? 1 : 0);
        if (divisor <= 0) {
          output.putNull(i);
          continue;
        }
        double variance = getDouble(state + M2) / divisor;
        output.putDouble(i, statistic.root ? Math.sqrt(variance) : variance);
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
