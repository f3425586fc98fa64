package io.arrowmill.state.join;

import java.util.Arrays;

/** A growing list of longs. Confined to one thread at a time. */
public final class LongList {
  private long[] values = new long[16];
  private int size;

  /** Adds a value. */
  public void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  /** Makes room for so many values. */
  void ensureRoom(int more) {
    if (size + more > values.length) {
      values = Arrays.copyOf(values, Math.max(size + more, size * 2));
    }
  }

  /** Adds a value, for which there is room, if it is wanted. No branch depends on that. */
  void add(long value, boolean isWanted) {
    values[size] = value;
    size += isWanted ? 1 : 0;
  }

  /** Number of values. */
  public int size() {
    return size;
  }

  /** The value at a position. */
  public long get(int index) {
    if (index >= size) {
      throw new IndexOutOfBoundsException("index=" + index + ", size=" + size);
    }
    return values[index];
  }

  /** Takes all values out. */
  public void clear() {
    size = 0;
    if (values.length > 1 << 16) {
      values = new long[16];
    }
  }
}
