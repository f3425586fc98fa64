package io.arrowmill.codegen.table;

/** An accumulator of decimals to which the total of many values says all. */
interface DecimalRunAccumulator extends Accumulator {

  /**
   * Adds values to the group of {@code row} by their total.
   *
   * @param total of {@code count} values, all of them longs
   * @return false if the sum comes near to its limit: then nothing is added, and the values have to
   *     be added one by one
   */
  boolean addTotal(long row, DecimalTotal total, int count);
}
