package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;

import java.util.Arrays;
import java.util.List;

/**
 * What is known of the integer keys that a table has had: least, greatest, and what all differences
 * are multiples of. Rows with a null key don't count.
 */
final class KeyExtent {
  private static final int KEYS_MAX = 4;

  private final boolean possible;
  private final int[] keyOffsets;
  private final long[] mins;
  private final long[] maxs;

  /** Greatest common divisor of the differences of a key's values, 0 while there is one value. */
  private final long[] steps;

  KeyExtent(List<ValueKind> kinds, RowLayout layout) {
    int keys = kinds.size();
    possible =
        keys > 0
            && keys <= KEYS_MAX
            && kinds.stream().allMatch(kind -> kind.slotBytes() == 8 && !kind.isFloating());
    keyOffsets = new int[keys];
    for (int k = 0; k < keys; k++) {
      keyOffsets[k] = layout.keyOffset(k);
    }
    mins = new long[keys];
    maxs = new long[keys];
    steps = new long[keys];
    forget();
  }

  /** Whether all keys are integers, and few enough. */
  boolean isPossible() {
    return possible;
  }

  int keys() {
    return mins.length;
  }

  int keyOffset(int key) {
    return keyOffsets[key];
  }

  /** Whether a key has come. */
  boolean isKnown() {
    return possible && mins[0] <= maxs[0];
  }

  long min(int key) {
    return mins[key];
  }

  long max(int key) {
    return maxs[key];
  }

  /** What lies between two values of a key at least; 1 where there is one value. */
  long step(int key) {
    return Math.max(1, steps[key]);
  }

  /** Takes notice of the keys of a new row, none of which is null. */
  void notice(long row) {
    if (!possible) {
      return;
    }
    for (int k = 0; k < mins.length; k++) {
      long key = getLong(row + keyOffsets[k]);
      if (steps[k] != 1 && mins[k] <= maxs[k]) {
        noticeStep(k, key - mins[k], key < mins[k]);
      }
      mins[k] = Math.min(mins[k], key);
      maxs[k] = Math.max(maxs[k], key);
    }
  }

  private void noticeStep(int key, long difference, boolean below) {
    boolean overflows = difference != 0 && (difference < 0) != below;
    if (overflows || difference == Long.MIN_VALUE) {
      steps[key] = 1;
    } else if (steps[key] == 0 ? difference != 0 : difference % steps[key] != 0) {
      steps[key] = commonDivisor(Math.abs(difference), steps[key]);
    }
  }

  private static long commonDivisor(long a, long b) {
    return b == 0 ? a : commonDivisor(b, a % b);
  }

  /** Forgets every key. */
  void forget() {
    Arrays.fill(mins, Long.MAX_VALUE);
    Arrays.fill(maxs, Long.MIN_VALUE);
    Arrays.fill(steps, 0);
  }
}
