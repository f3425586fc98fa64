package io.arrowmill.codegen.table;

/**
 * The built-in aggregates. Each follows SQL: nulls are passed over, and nothing but nulls gives
 * null.
 */
public final class Accumulators {
  private Accumulators() {}

  /** The address of another row, or another word of memory only, see {@link LinkPlan}. */
  public static AccumulatorPlan link() {
    return new LinkPlan();
  }

  /**
   * An integer, 0 at first, that the table's owner keeps at {@code layout().state(i).offset()} of a
   * row; updates and merges leave it alone.
   *
   * @param name what files of state call it
   */
  public static AccumulatorPlan storedLong(String name) {
    return new StoredLongPlan(name);
  }

  /**
   * A value of any kind, null at first, that the table's owner sets by updating it; the last one is
   * kept.
   *
   * @param name what files of state call it
   */
  public static AccumulatorPlan storedValue(String name, ValueKind kind) {
    return new StoredValuePlan(name, kind);
  }

  /** Number of rows, null or not. */
  public static AccumulatorPlan countAll() {
    return new CountPlan(null);
  }

  /** Number of values that are not null. */
  public static AccumulatorPlan count(ValueKind input) {
    return new CountPlan(input);
  }

  /** Sum of integers as I64; leaving its range is an error of condition ARITHMETIC_OVERFLOW. */
  public static AccumulatorPlan sumLong(ValueKind input) {
    return new LongSumPlan(input, false);
  }

  /** Sum of integers as I64; leaving its range gives null. */
  public static AccumulatorPlan trySumLong(ValueKind input) {
    return new LongSumPlan(input, true);
  }

  /** Sum of numbers as F64. */
  public static AccumulatorPlan sumDouble(ValueKind input) {
    return new DoubleSumPlan(input);
  }

  /** Least value; NaN is the greatest float, strings compare as unsigned bytes. */
  public static AccumulatorPlan min(ValueKind input) {
    return new ExtremePlan(input, false);
  }

  /** Greatest value; NaN is the greatest float, strings compare as unsigned bytes. */
  public static AccumulatorPlan max(ValueKind input) {
    return new ExtremePlan(input, true);
  }

  /**
   * Sum of decimals of one scale; more digits than {@code precision} are an error of condition
   * ARITHMETIC_OVERFLOW.
   */
  public static AccumulatorPlan sumDecimal(int precision) {
    return new DecimalSumPlan(precision, false);
  }

  /** Sum of decimals of one scale; more digits than {@code precision} give null. */
  public static AccumulatorPlan trySumDecimal(int precision) {
    return new DecimalSumPlan(precision, true);
  }

  /** Mean of integers or floats as F64. */
  public static AccumulatorPlan average(ValueKind input) {
    return new AveragePlan(input);
  }

  /**
   * Mean of decimals of one scale, rounded half up.
   *
   * @param precision digits that the result may have
   * @param scaleUp digits that the result has more after the point than its input
   */
  public static AccumulatorPlan averageDecimal(int precision, int scaleUp) {
    return new DecimalAveragePlan(precision, scaleUp);
  }

  /**
   * Sum of integers as one of the same kind, I32 or I64: as of intervals, of which even a sum of
   * months has 32 bits.
   */
  public static AccumulatorPlan sumInteger(ValueKind input) {
    return new IntegerTotalPlan(input, false);
  }

  /** Mean of integers as one of the same kind, I32 or I64, rounded half away from zero. */
  public static AccumulatorPlan averageInteger(ValueKind input) {
    return new IntegerTotalPlan(input, true);
  }

  /** Value of the first row, or of the first row that has one. */
  public static AccumulatorPlan first(ValueKind input, boolean ignoreNulls) {
    return new EdgePlan(input, false, ignoreNulls);
  }

  /** Value of the last row, or of the last row that has one. */
  public static AccumulatorPlan last(ValueKind input, boolean ignoreNulls) {
    return new EdgePlan(input, true, ignoreNulls);
  }

  /** Variance of everything seen. */
  public static AccumulatorPlan variancePopulation(ValueKind input) {
    return new MomentPlan(input, MomentPlan.Statistic.VARIANCE_POPULATION);
  }

  /** Variance that a sample suggests; null for one value. */
  public static AccumulatorPlan varianceSample(ValueKind input) {
    return new MomentPlan(input, MomentPlan.Statistic.VARIANCE_SAMPLE);
  }

  /** Standard deviation of everything seen. */
  public static AccumulatorPlan stddevPopulation(ValueKind input) {
    return new MomentPlan(input, MomentPlan.Statistic.STDDEV_POPULATION);
  }

  /** Standard deviation that a sample suggests; null for one value. */
  public static AccumulatorPlan stddevSample(ValueKind input) {
    return new MomentPlan(input, MomentPlan.Statistic.STDDEV_SAMPLE);
  }
}
