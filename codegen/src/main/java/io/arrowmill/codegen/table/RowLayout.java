package io.arrowmill.codegen.table;

import java.util.List;

/**
 * Where everything is in a group's row.
 *
 * <pre>
 *   0        4            header     keys                  states               rowBytes
 *   +--------+------------+----------+---------------------+--------------------+
 *   | epoch  | flags …    | padding  | key 0 | key 1 | …   | state 0 | state 1 …|
 *   +--------+------------+----------+---------------------+--------------------+
 *    int32     key nulls,             8 to 24 bytes each    multiples of 8 bytes
 *              then states' flags
 * </pre>
 *
 * <p>Epoch: the last change epoch that touched the row; {@link #FREE} marks a row without a group,
 * which holds the epoch it was last listed in at 4 and what {@link RowPages} draws behind it. Flag
 * i of the keys says that key i is null; its slot is zero then. An 8-byte key is the value widened
 * to int64 or float64. A BYTES key is
 *
 * <pre>
 *   0         4         8                 16                24
 *   +---------+---------+-----------------+-----------------+
 *   | length  | up to 20 bytes, and zeros behind them       |
 *   +---------+---------+-----------------+-----------------+
 *   | length  | hash    | address         | 0               |   longer ones, in the arena
 *   +---------+---------+-----------------+-----------------+
 *    int32     int32     int64             int64
 * </pre>
 */
public final class RowLayout {
  public static final int EPOCH_OFFSET = 0;
  public static final int FLAGS_OFFSET = 4;
  static final int FREE = -1;
  static final int FREE_LISTED_OFFSET = 4;
  static final int FREE_NEXT_OFFSET = 8;
  private static final int ROW_BYTES_MIN = 16;

  private final int[] keyOffsets;
  private final StateSlot[] states;
  private final int keysStart;
  private final int keysEnd;
  private final int rowBytes;

  RowLayout(List<ValueKind> keys, List<AccumulatorPlan> accumulators) {
    int bit = keys.size();
    int[] flagAt = new int[accumulators.size()];
    for (int a = 0; a < flagAt.length; a++) {
      int bits = accumulators.get(a).flagBits();
      if ((bit & 7) + bits > 8) {
        bit = (bit + 7) & ~7;
      }
      flagAt[a] = bit;
      bit += bits;
    }
    int offset = align8(FLAGS_OFFSET + (bit + 7) / 8);
    keysStart = offset;
    keyOffsets = new int[keys.size()];
    for (int k = 0; k < keyOffsets.length; k++) {
      keyOffsets[k] = offset;
      offset += keys.get(k).keyBytes();
    }
    keysEnd = offset;
    states = new StateSlot[flagAt.length];
    for (int a = 0; a < states.length; a++) {
      states[a] = new StateSlot(offset, FLAGS_OFFSET + (flagAt[a] >> 3), flagAt[a] & 7, a);
      offset += align8(accumulators.get(a).stateBytes());
    }
    rowBytes = Math.max(ROW_BYTES_MIN, offset);
  }

  private static int align8(int bytes) {
    return (bytes + 7) & ~7;
  }

  /** Bytes from the row's start to key {@code key}. */
  public int keyOffset(int key) {
    return keyOffsets[key];
  }

  /** Bytes from the row's start to the byte that says whether key {@code key} is null. */
  public int keyNullByte(int key) {
    return FLAGS_OFFSET + (key >> 3);
  }

  /** Mask in that byte. */
  public int keyNullMask(int key) {
    return 1 << (key & 7);
  }

  /** Place of accumulator {@code accumulator}'s state. */
  public StateSlot state(int accumulator) {
    return states[accumulator];
  }

  /** Bytes of the header. */
  int keysStart() {
    return keysStart;
  }

  /** Bytes of header and keys: what a removed row leaves behind. */
  int keysEnd() {
    return keysEnd;
  }

  /** Bytes of a row. */
  public int rowBytes() {
    return rowBytes;
  }
}
