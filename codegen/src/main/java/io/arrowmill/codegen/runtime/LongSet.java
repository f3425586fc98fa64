package io.arrowmill.codegen.runtime;

/** An immutable set of longs: open addressing, linear probing, at most half full. */
public final class LongSet {

  private final long[] slots;
  private final int mask;
  private final boolean containsZero;

  private LongSet(long[] values) {
    int capacity = Math.max(4, Integer.highestOneBit(Math.max(1, values.length) * 2 - 1) * 2);
    slots = new long[capacity];
    mask = capacity - 1;
    boolean zero = false;
    for (long value : values) {
      if (value == 0) {
        zero = true;
        continue;
      }
      int slot = slotOf(value);
      while (slots[slot] != 0 && slots[slot] != value) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = value;
    }
    containsZero = zero;
  }

  /** The set of these values. */
  public static LongSet of(long... values) {
    return new LongSet(values);
  }

  /**
   * A key that is the same for doubles that compare as equal: NaN is one value, so are -0.0 and
   * 0.0.
   */
  public static long keyOf(double value) {
    return Double.doubleToLongBits(value + 0.0);
  }

  /** Whether the value is in the set. */
  public boolean contains(long value) {
    if (value == 0) {
      return containsZero;
    }
    int slot = slotOf(value);
    while (slots[slot] != 0) {
      if (slots[slot] == value) {
        return true;
      }
      slot = (slot + 1) & mask;
    }
    return false;
  }

  private int slotOf(long value) {
    long hash = value * 0x9E3779B97F4A7C15L;
    return (int) (hash ^ (hash >>> 32)) & mask;
  }
}
