package io.arrowmill.codegen.runtime;

import java.math.BigInteger;
import java.util.Collection;
import java.util.TreeSet;

/** An immutable, sorted set of 128-bit values. */
public final class DecimalSet {

  private final long[] lows;
  private final long[] highs;

  private DecimalSet(Collection<BigInteger> ascending) {
    lows = ascending.stream().mapToLong(BigInteger::longValue).toArray();
    highs = ascending.stream().mapToLong(value -> value.shiftRight(64).longValue()).toArray();
  }

  /** The set of these unscaled values. */
  public static DecimalSet of(Collection<BigInteger> values) {
    return new DecimalSet(new TreeSet<>(values));
  }

  /** Whether the value is in the set. */
  public boolean contains(long low, long high) {
    int from = 0;
    int to = lows.length - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      int order = DecimalOps.compare(lows[middle], highs[middle], low, high);
      if (order == 0) {
        return true;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return false;
  }
}
