package io.arrowmill.state.join;

/**
 * Names a stored row in 64 bits; 0 names none.
 *
 * <pre>
 *   63       48 47              16 15       0
 *   +----------+------------------+----------+
 *   | partition| segment, from 1  | index    |
 *   +----------+------------------+----------+
 * </pre>
 *
 * <p>Inside a partition the partition's bits are 0.
 */
public final class RowRef {
  /** No row. */
  public static final long NONE = 0;

  private static final int SEGMENT_SHIFT = 16;
  private static final int PARTITION_SHIFT = 48;
  private static final long INDEX_MASK = (1L << SEGMENT_SHIFT) - 1;
  private static final long LOCAL_MASK = (1L << PARTITION_SHIFT) - 1;

  private RowRef() {}

  static long of(int segment, int index) {
    return (long) segment << SEGMENT_SHIFT | index;
  }

  /** The row {@code local} of a partition, named from outside. */
  public static long in(int partition, long local) {
    return (long) partition << PARTITION_SHIFT | local;
  }

  /** The partition of a row named from outside. */
  public static int partition(long ref) {
    return (int) (ref >>> PARTITION_SHIFT);
  }

  /** The row's name inside its partition. */
  public static long local(long ref) {
    return ref & LOCAL_MASK;
  }

  static int segment(long ref) {
    return (int) (ref >>> SEGMENT_SHIFT);
  }

  static int index(long ref) {
    return (int) (ref & INDEX_MASK);
  }
}
