package io.arrowmill.kernel;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.codegen.memory.MemorySource;

/** Sorts numbers of rows, int32 off the heap: a stable merge sort that takes runs as they are. */
public final class RowSort {
  /** Runs of so many are sorted by insertion. */
  private static final int RUN = 12;

  private RowSort() {}

  /**
   * Writes the numbers 0 to {@code count - 1} in the order of the rows they stand for.
   *
   * @param positions address of room for them
   */
  public static void sort(long positions, int count, RowComparison order, MemorySource memory) {
    for (int i = 0; i < count; i++) {
      putInt(positions + 4L * i, i);
    }
    if (isSorted(count, order)) {
      return;
    }
    for (int from = 0; from < count; from += RUN) {
      insert(positions, from, Math.min(count, from + RUN), order);
    }
    long bytes = 4L * count;
    long other = memory.allocate(bytes);
    try {
      long source = positions;
      long target = other;
      for (long run = RUN; run < count; run *= 2) {
        for (long from = 0; from < count; from += 2 * run) {
          int middle = (int) Math.min(count, from + run);
          merge(source, target, (int) from, middle, (int) Math.min(count, from + 2 * run), order);
        }
        long swap = source;
        source = target;
        target = swap;
      }
      if (source != positions) {
        copy(source, positions, bytes);
      }
    } finally {
      memory.free(other, bytes);
    }
  }

  private static boolean isSorted(int count, RowComparison order) {
    for (int i = 1; i < count; i++) {
      if (order.compare(i - 1, i) > 0) {
        return false;
      }
    }
    return true;
  }

  private static void insert(long positions, int from, int to, RowComparison order) {
    for (int i = from + 1; i < to; i++) {
      int row = getInt(positions + 4L * i);
      int at = i;
      while (at > from && order.compare(getInt(positions + 4L * (at - 1)), row) > 0) {
        putInt(positions + 4L * at, getInt(positions + 4L * (at - 1)));
        at--;
      }
      putInt(positions + 4L * at, row);
    }
  }

  private static void merge(
      long source, long target, int from, int middle, int to, RowComparison order) {
    if (middle >= to
        || order.compare(getInt(source + 4L * (middle - 1)), getInt(source + 4L * middle)) <= 0) {
      copy(source + 4L * from, target + 4L * from, 4L * (to - from));
      return;
    }
    int left = from;
    int right = middle;
    int a = getInt(source + 4L * left);
    int b = getInt(source + 4L * right);
    for (int out = from; out < to; out++) {
      if (left < middle && (right >= to || order.compare(a, b) <= 0)) {
        putInt(target + 4L * out, a);
        left++;
        a = left < middle ? getInt(source + 4L * left) : 0;
      } else {
        putInt(target + 4L * out, b);
        right++;
        b = right < to ? getInt(source + 4L * right) : 0;
      }
    }
  }
}
