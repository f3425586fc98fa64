package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;

/**
 * The total of chosen values of a column of decimals, if all of them are longs, as those of up to
 * 18 digits are. Halves of longs are added apart, so that there is no carry in the loop.
 */
final class DecimalTotal {
  private static final long LOW_HALF = 0xFFFF_FFFFL;

  private boolean known;
  private long low;
  private long high;

  /**
   * Adds up values.
   *
   * @param data address of the column's values
   * @param positions address of {@code count} int32 row numbers, 2^20 at most
   * @return false if one of them is no long; there is no total then
   */
  boolean add(long data, long positions, int count) {
    long lows = 0;
    long highs = 0;
    long odd = 0;
    for (int i = 0; i < count; i++) {
      long at = data + 16L * getInt(positions + 4L * i);
      long value = getLong(at);
      lows += value & LOW_HALF;
      highs += value >> 32;
      odd |= getLong(at + 8) ^ (value >> 63);
    }
    low = (highs << 32) + lows;
    long carry = Long.compareUnsigned(low, lows) < 0 ? 1 : 0;
    high = (highs >> 32) + carry;
    known = odd == 0;
    return known;
  }

  /** What {@link #add} returned. */
  boolean known() {
    return known;
  }

  long low() {
    return low;
  }

  long high() {
    return high;
  }
}
