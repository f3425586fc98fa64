package io.arrowmill.benchmarks.growth;

import io.arrowmill.codegen.runtime.WordHash;
import java.util.function.LongUnaryOperator;

/** Distinct keys of eight bytes, by their number. */
enum Keys implements LongUnaryOperator {
  /** Keys without a pattern. */
  USUAL {
    @Override
    public long applyAsLong(long number) {
      return (number + 1) * ODD;
    }
  },
  /** Numbers one beside the other that come in no order: found without a hash in the end. */
  DENSE {
    @Override
    public long applyAsLong(long number) {
      return ((number * ODD) & DENSE_MASK) | (number & ~DENSE_MASK);
    }
  },
  /**
   * Keys whose hashes differ in the upper half only, for whoever knows all but the table's seed:
   * found by computing the hash of a table without a seed backwards.
   */
  ALIKE {
    @Override
    public long applyAsLong(long number) {
      long second = unfolded(number << WordHash.FOLD_BITS) * inverse(WordHash.SECOND_FACTOR);
      return unfolded(second) * inverse(WordHash.FIRST_FACTOR);
    }
  };

  private static final long DENSE_MASK = (1L << 24) - 1;
  private static final long ODD = 0x9E3779B97F4A7C15L;

  /** What a value was before its upper half was added to its lower half. */
  private static long unfolded(long value) {
    return value ^ (value >>> WordHash.FOLD_BITS);
  }

  /** The number that gives 1 with an odd one, modulo 2^64; each step doubles the bits found. */
  private static long inverse(long odd) {
    long inverse = odd;
    for (int bits = 3; bits < Long.SIZE; bits *= 2) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }
}
