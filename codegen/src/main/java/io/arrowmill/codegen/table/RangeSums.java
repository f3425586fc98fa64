package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getDouble;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putDouble;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

/**
 * Sums over ranges of rows, most of which overlap: what ranges share is added up once, and no sum
 * has a branch that depends on how long its range is, which is as good as random.
 *
 * <p>Integers are summed up from the first row on, and a range has the difference of two sums.
 * Floating-point numbers would lose digits that way: of these there is, for each row, the sum of it
 * and the 1, 3, and 7 rows behind it, and a range is put together of such stretches.
 *
 * <pre>
 *   rows            0   1   2   3   4   5   6   7   8   9  10  11
 *   a range                 |---------------------------------|
 *   its stretches           8                           2      1
 * </pre>
 *
 * <p>Positions are those of {@link RangeAccumulator#mergeRanges}. Borrows memory that is good for
 * one accumulator's merge. Owned by one table; one thread at a time.
 */
final class RangeSums {
  /** Columns of working memory. */
  private static final int COLUMNS = 7;

  private final Scratch scratch;
  private long ranges;
  private long sources;

  /** Position of the first row in a range. */
  private int first;

  /** Rows from the first one in a range to the last one. */
  private int rows;

  private long block;

  RangeSums(Scratch scratch) {
    this.scratch = scratch;
  }

  /** Says which ranges sums are wanted of. */
  void set(long ofRanges, long ofSources, int count) {
    ranges = ofRanges;
    sources = ofSources;
    int least = count == 0 ? 0 : Integer.MAX_VALUE;
    int end = 0;
    for (int i = 0; i < count; i++) {
      least = Math.min(least, from(i));
      end = Math.max(end, to(i));
    }
    first = least;
    rows = end - least;
  }

  /** The sums of another accumulator follow. */
  void begin() {
    block = scratch.ensure(8L * COLUMNS * (rows + 1));
  }

  private int from(int range) {
    return getInt(ranges + 8L * range);
  }

  private int to(int range) {
    return getInt(ranges + 8L * range + 4);
  }

  /** Address of a column of working memory, such that positions of sources are its indexes. */
  private long column(int index) {
    return block + 8L * index * (rows + 1) - 8L * first;
  }

  /** Adds up the int64 values at an offset of the rows; {@link #ofLongs} tells them. */
  void addLongs(int offset) {
    long sums = column(0);
    long sum = 0;
    putLong(sums + 8L * first, 0);
    for (int i = first; i < first + rows; i++) {
      sum += getLong(getLong(sources + 8L * i) + offset);
      putLong(sums + 8L * i + 8, sum);
    }
  }

  /**
   * As {@link #addLongs} if no sum of any of the values can leave the range of int64.
   *
   * @return whether that is so
   */
  boolean addSmallLongs(int offset) {
    long bits = 0;
    for (int i = first; i < first + rows; i++) {
      long value = getLong(getLong(sources + 8L * i) + offset);
      bits |= value ^ (value >> 63);
    }
    int valueBits = 64 - Long.numberOfLeadingZeros(bits);
    if (valueBits + 32 - Integer.numberOfLeadingZeros(rows) > 62) {
      return false;
    }
    addLongs(offset);
    return true;
  }

  long ofLongs(int range) {
    long sums = column(0);
    return getLong(sums + 8L * to(range)) - getLong(sums + 8L * from(range));
  }

  /**
   * Counts the rows that have a flag; {@link #ofFlags} tells the ranges that have one.
   *
   * @param which 0 or 1
   */
  void addFlags(int which, int flagByte, int mask) {
    long sums = column(1 + which);
    long sum = 0;
    putLong(sums + 8L * first, 0);
    for (int i = first; i < first + rows; i++) {
      sum += getByte(getLong(sources + 8L * i) + flagByte) & mask;
      putLong(sums + 8L * i + 8, sum);
    }
  }

  /** A flag's mask if a row of a range has it, or 0. */
  int ofFlags(int which, int range, int mask) {
    long sums = column(1 + which);
    long sum = getLong(sums + 8L * to(range)) - getLong(sums + 8L * from(range));
    return (int) (-sum >> 63) & mask;
  }

  /** Adds up the float64 values at an offset of the rows; {@link #ofDoubles} tells them. */
  void addDoubles(int offset) {
    long ones = column(3);
    for (int i = first; i < first + rows; i++) {
      putLong(ones + 8L * i, getLong(getLong(sources + 8L * i) + offset));
    }
    addNeighbours(ones, column(4), 1);
    addNeighbours(column(4), column(5), 2);
    addNeighbours(column(5), column(6), 4);
  }

  /** Adds to each sum of some rows that of as many rows behind them. */
  private void addNeighbours(long sums, long doubled, int count) {
    for (int i = first; i < first + rows + 1 - 2 * count; i++) {
      double sum = getDouble(sums + 8L * i) + getDouble(sums + 8L * (i + count));
      putDouble(doubled + 8L * i, sum);
    }
  }

  double ofDoubles(int range) {
    int at = from(range);
    int left = to(range) - at;
    double sum = 0;
    for (long eights = column(6); left >= 8; left -= 8, at += 8) {
      sum += getDouble(eights + 8L * at);
    }
    sum += getIf(left >> 2, column(5) + 8L * at);
    at += left & 4;
    sum += getIf(left >> 1 & 1, column(4) + 8L * at);
    at += left & 2;
    return sum + getIf(left & 1, column(3) + 8L * at);
  }

  /** A float64 if {@code wanted} is 1, or 0.0 if it is 0; without a branch. */
  private static double getIf(int wanted, long address) {
    return Double.longBitsToDouble(getLong(address) & -(long) wanted);
  }
}
