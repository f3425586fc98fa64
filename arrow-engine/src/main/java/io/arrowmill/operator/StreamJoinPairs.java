package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getBit;

import io.arrowmill.state.join.RowRef;
import org.apache.arrow.vector.BitVector;

/**
 * Pairs of a row of one side that is new and a stored row of the other, both by their names with
 * their partitions. Confined to one task.
 */
final class StreamJoinPairs {
  static final int PAIRS_MAX = 32_768;

  final long[] own = new long[PAIRS_MAX];
  final long[] others = new long[PAIRS_MAX];
  int count;

  boolean isFull() {
    return count == PAIRS_MAX;
  }

  void add(int partition, long ownRef, long otherRef) {
    own[count] = RowRef.in(partition, ownRef);
    others[count++] = RowRef.in(partition, otherRef);
  }

  /** Moves a pair to an earlier place. */
  void move(int from, int to) {
    own[to] = own[from];
    others[to] = others[from];
  }

  /** Moves the pairs for which there is a true value to the front; returns how many there are. */
  int keep(BitVector verdicts) {
    long valid = verdicts.getValidityBuffer().memoryAddress();
    long values = verdicts.getDataBuffer().memoryAddress();
    int kept = 0;
    for (int i = 0; i < count; i++) {
      move(i, kept);
      kept += getBit(valid, i) && getBit(values, i) ? 1 : 0;
    }
    return kept;
  }
}
