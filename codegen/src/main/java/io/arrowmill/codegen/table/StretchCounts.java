package io.arrowmill.codegen.table;

import java.util.Arrays;

/**
 * How many keys lie in which stretches of numbers: a small table of open addressing on the heap,
 * filled once and read once. See {@link NeighbourRoutes#stretch}.
 */
final class StretchCounts {
  private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;

  private long[] stretches = new long[1 << 8];
  private int[] counts = new int[1 << 8];
  private int used;
  private long total;

  /** Counts a key. */
  void add(long stretch) {
    if (2 * used >= counts.length) {
      grow();
    }
    int slot = slot(stretch);
    used += counts[slot] == 0 ? 1 : 0;
    stretches[slot] = stretch;
    counts[slot]++;
    total++;
  }

  private int slot(long stretch) {
    int mask = counts.length - 1;
    int slot = (int) ((stretch * FACTOR) >>> 32) & mask;
    while (counts[slot] != 0 && stretches[slot] != stretch) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldStretches = stretches;
    int[] oldCounts = counts;
    stretches = new long[2 * oldStretches.length];
    counts = new int[2 * oldCounts.length];
    for (int i = 0; i < oldCounts.length; i++) {
      if (oldCounts[i] != 0) {
        int slot = slot(oldStretches[i]);
        stretches[slot] = oldStretches[i];
        counts[slot] = oldCounts[i];
      }
    }
  }

  /** Number of keys counted of a stretch. */
  int of(long stretch) {
    return counts[slot(stretch)];
  }

  /** Number of keys counted. */
  long total() {
    return total;
  }

  /** Number of keys in stretches that have at least so many. */
  long keysIn(int least) {
    long keys = 0;
    for (int count : counts) {
      keys += count >= least ? count : 0;
    }
    return keys;
  }

  /** The stretches that have at least so many keys. */
  long[] atLeast(int least) {
    long[] dense = new long[used];
    int found = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] >= least) {
        dense[found++] = stretches[i];
      }
    }
    return Arrays.copyOf(dense, found);
  }
}
