package io.arrowmill.operator;

import io.arrowmill.state.join.RowRef;

/**
 * Pairs of a row of a batch and a stored row of the other side. Confined to one task.
 *
 * <p>{@code rows} are positions in the batch, {@code own} the names under which those rows are now
 * stored, {@code others} the names of the rows of the other side; all with their partitions.
 */
final class StreamJoinPairs {
  static final int PAIRS_MAX = 32_768;

  final int[] rows = new int[PAIRS_MAX];
  final long[] own = new long[PAIRS_MAX];
  final long[] others = new long[PAIRS_MAX];
  int count;

  boolean isFull() {
    return count == PAIRS_MAX;
  }

  void add(int row, int partition, long ownRef, long otherRef) {
    rows[count] = row;
    own[count] = RowRef.in(partition, ownRef);
    others[count++] = RowRef.in(partition, otherRef);
  }

  /** Moves a pair to an earlier place. */
  void move(int from, int to) {
    rows[to] = rows[from];
    own[to] = own[from];
    others[to] = others[from];
  }
}
