package io.arrowmill.kernel;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import java.util.Arrays;

/**
 * Sorts numbers of rows by words of 64 bits without sign that lie beside them. Stable.
 *
 * <p>Many rows are distributed by the highest eight bits in which they differ, and then those of
 * each digit are sorted: after one or two steps they lie in the cache. Few are sorted by insertion.
 * Borrows its memory; one thread.
 */
final class WordSort {
  private static final int DIGIT_BITS = 8;
  private static final int DIGITS = 1 << DIGIT_BITS;

  /** So many rows are sorted by insertion. */
  private static final int FEW = 24;

  private final long positions;
  private final long words;
  private final long otherPositions;
  private final long otherWords;

  /** Where the rows of each digit end, of the steps that are under way. */
  private final int[][] ends = new int[Long.SIZE / DIGIT_BITS][DIGITS];

  /**
   * Sorts in the first blocks with the help of the others.
   *
   * @param positions address of the rows' numbers
   * @param words address of the rows' words
   */
  WordSort(long positions, long words, long otherPositions, long otherWords) {
    this.positions = positions;
    this.words = words;
    this.otherPositions = otherPositions;
    this.otherWords = otherWords;
  }

  /** Sorts the rows at {@code from} up to that before {@code to}, with their words. */
  void sort(int from, int to) {
    sort(from, to, 0);
  }

  private void sort(int from, int to, int step) {
    if (to - from <= FEW) {
      insert(from, to);
      return;
    }
    long least = getLong(words + 8L * from);
    long greatest = least;
    long before = least;
    boolean inOrder = true;
    for (int i = from + 1; i < to; i++) {
      long word = getLong(words + 8L * i);
      inOrder &= Long.compareUnsigned(before, word) <= 0;
      least = Long.compareUnsigned(word, least) < 0 ? word : least;
      greatest = Long.compareUnsigned(word, greatest) > 0 ? word : greatest;
      before = word;
    }
    if (inOrder) {
      return;
    }
    int bits = Long.SIZE - Long.numberOfLeadingZeros(greatest - least);
    int shift = Math.max(0, bits - DIGIT_BITS);
    distribute(from, to, least, shift, ends[step]);
    if (shift > 0) {
      int start = from;
      for (int end : ends[step]) {
        if (end - start > 1) {
          sort(start, end, step + 1);
        }
        start = end;
      }
    }
  }

  private void distribute(int from, int to, long least, int shift, int[] next) {
    Arrays.fill(next, 0);
    for (int i = from; i < to; i++) {
      next[(int) ((getLong(words + 8L * i) - least) >>> shift)]++;
    }
    int start = from;
    for (int digit = 0; digit < DIGITS; digit++) {
      int count = next[digit];
      next[digit] = start;
      start += count;
    }
    for (int i = from; i < to; i++) {
      long word = getLong(words + 8L * i);
      int target = next[(int) ((word - least) >>> shift)]++;
      putLong(otherWords + 8L * target, word);
      putInt(otherPositions + 4L * target, getInt(positions + 4L * i));
    }
    copy(otherWords + 8L * from, words + 8L * from, 8L * (to - from));
    copy(otherPositions + 4L * from, positions + 4L * from, 4L * (to - from));
  }

  private void insert(int from, int to) {
    for (int i = from + 1; i < to; i++) {
      long word = getLong(words + 8L * i);
      int row = getInt(positions + 4L * i);
      int at = i;
      while (at > from && Long.compareUnsigned(getLong(words + 8L * (at - 1)), word) > 0) {
        putLong(words + 8L * at, getLong(words + 8L * (at - 1)));
        putInt(positions + 4L * at, getInt(positions + 4L * (at - 1)));
        at--;
      }
      putLong(words + 8L * at, word);
      putInt(positions + 4L * at, row);
    }
  }
}
