package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Arithmetic of 128-bit unscaled decimals in memory: low 64 bits, then high 64 bits. */
final class Decimals {
  static final int PRECISION_MAX = 38;

  /**
   * High halves from {@code -HIGH_EASY_MAX} to {@code HIGH_EASY_MAX - 1} are far from the limit.
   */
  private static final long HIGH_EASY_MAX = 1L << 61;

  private static final BigInteger LOW_MASK = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
  private static final long[] POWER_HIGH = new long[PRECISION_MAX + 1];
  private static final long[] POWER_LOW = new long[PRECISION_MAX + 1];

  static {
    for (int p = 0; p <= PRECISION_MAX; p++) {
      BigInteger power = BigInteger.TEN.pow(p);
      POWER_HIGH[p] = power.shiftRight(64).longValue();
      POWER_LOW[p] = power.longValue();
    }
  }

  private Decimals() {}

  /**
   * Adds the value at {@code from} to the one at {@code to}; returns false if 38 digits overflow.
   */
  static boolean add(long to, long from) {
    return add(to, getLong(from), getLong(from + 8));
  }

  /** Adds a value to the one at {@code to}; returns false if 38 digits overflow. */
  static boolean add(long to, long fromLow, long fromHigh) {
    long low = getLong(to);
    long sumLow = low + fromLow;
    long carry = Long.compareUnsigned(sumLow, low) < 0 ? 1 : 0;
    long sumHigh = getLong(to + 8) + fromHigh + carry;
    putLong(to, sumLow);
    putLong(to + 8, sumHigh);
    // A high half of 62 bits can't be at the limit: the usual case takes one comparison.
    return ((sumHigh + HIGH_EASY_MAX) >>> 62) == 0 || fits(sumLow, sumHigh, PRECISION_MAX);
  }

  /**
   * Adds a total of longs to the value at {@code to}, if none of the sums on the way to it can come
   * near to the limit; else leaves the value and returns false.
   */
  static boolean addFarFromLimit(long to, DecimalTotal total) {
    // Totals of longs are below 2^83, which moves the high half by less than 2^20.
    return ((getLong(to + 8) + HIGH_EASY_MAX / 2) >>> 61) == 0
        && add(to, total.low(), total.high());
  }

  /** Whether a value has at most {@code precision} digits. */
  static boolean fits(long low, long high, int precision) {
    long absoluteLow = high < 0 ? -low : low;
    long absoluteHigh = high < 0 ? ~high + (low == 0 ? 1 : 0) : high;
    int compared = Long.compareUnsigned(absoluteHigh, POWER_HIGH[precision]);
    return compared < 0
        || (compared == 0 && Long.compareUnsigned(absoluteLow, POWER_LOW[precision]) < 0);
  }

  static BigInteger read(long address) {
    return BigInteger.valueOf(getLong(address + 8))
        .shiftLeft(64)
        .or(BigInteger.valueOf(getLong(address)).and(LOW_MASK));
  }

  /** {@code sum * 10^scaleUp / count}, half up. */
  static BigInteger average(long sum, long count, int scaleUp) {
    return new BigDecimal(read(sum))
        .scaleByPowerOfTen(scaleUp)
        .divide(BigDecimal.valueOf(count), 0, RoundingMode.HALF_UP)
        .toBigInteger();
  }

  static GroupTableException overflow(String aggregate, int accumulator, int precision) {
    return new GroupTableException(
        GroupTableException.Condition.ARITHMETIC_OVERFLOW,
        accumulator,
        aggregate
            + " must have at most "
            + precision
            + " digits; cast its input to a smaller precision, or use try_"
            + aggregate
            + " to get null");
  }
}
