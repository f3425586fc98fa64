package io.arrowmill.kernel;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

/** Sorts numbers of rows by comparing the rows: a stable merge sort. One thread. */
final class MergeSort {
  /** Runs of so many are sorted by insertion. */
  private static final int RUN = 12;

  private final RowComparison order;

  MergeSort(RowComparison order) {
    this.order = order;
  }

  /**
   * Sorts int32 numbers of rows.
   *
   * @param positions address of the numbers
   * @param other address of room for as many
   */
  void sort(long positions, int count, long other) {
    for (int from = 0; from < count; from += RUN) {
      insert(positions, from, Math.min(count, from + RUN));
    }
    long source = positions;
    long target = other;
    for (long run = RUN; run < count; run *= 2) {
      for (long from = 0; from < count; from += 2 * run) {
        int middle = (int) Math.min(count, from + run);
        merge(source, target, (int) from, middle, (int) Math.min(count, from + 2 * run));
      }
      long swap = source;
      source = target;
      target = swap;
    }
    if (source != positions) {
      copy(source, positions, 4L * count);
    }
  }

  private void insert(long positions, int from, int to) {
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

  private void merge(long source, long target, int from, int middle, int to) {
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
