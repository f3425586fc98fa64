package io.arrowmill.codegen.table;

/**
 * The built-in aggregates. Each follows SQL: nulls are passed over, and nothing but nulls gives
 * null.
 */
public final class Accumulators {
  private Accumulators() {}

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
}
