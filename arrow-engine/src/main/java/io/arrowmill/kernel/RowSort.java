package io.arrowmill.kernel;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts rows in an order of several keys: int32 numbers of rows, off the heap. Stable.
 *
 * <p>Rows are sorted by the first word of their first key ({@link SortWords}), those that have it
 * in common by their next word, and so on. Rows that are null in a key are put to their end before.
 * By comparison are sorted what has no words, and texts that have much in common. One thread.
 */
public final class RowSort implements AutoCloseable {
  /** So many words of one value are sorted by before rows are compared. */
  private static final int DEPTH_MAX = 8;

  private static final int ROW_BYTES = 2 * Long.BYTES + Integer.BYTES;

  private final List<SortKey> keys;
  private final @Nullable SortWords[] wordsOf;
  private final long[] validity;
  private final @Nullable MergeSort[] comparing;
  private final MemorySource memory;
  private final int count;
  private final long positions;
  private final long words;
  private final long otherPositions;
  private final WordSort byWords;
  private final long block;

  private RowSort(long positions, int count, List<SortKey> keys, MemorySource memory) {
    this.keys = keys;
    this.memory = memory;
    this.count = count;
    this.positions = positions;
    this.wordsOf = new SortWords[keys.size()];
    this.validity = new long[keys.size()];
    this.comparing = new MergeSort[keys.size()];
    for (int key = 0; key < validity.length; key++) {
      wordsOf[key] = SortWords.of(keys.get(key));
      validity[key] =
          keys.get(key).values().getNullCount() == 0
              ? 0
              : keys.get(key).values().getValidityBuffer().memoryAddress();
    }
    try (Parts parts = new Parts()) {
      this.block = parts.allocate(memory, (long) ROW_BYTES * count);
      this.words = block;
      long otherWords = words + 8L * count;
      this.otherPositions = otherWords + 8L * count;
      this.byWords = new WordSort(positions, words, otherPositions, otherWords);
      parts.complete();
    }
  }

  /**
   * Writes the numbers 0 to {@code count - 1} in the order of the rows they stand for. Takes 20
   * bytes a row meanwhile.
   *
   * @param positions address of room for the numbers
   */
  public static void sort(long positions, int count, List<SortKey> keys, MemorySource memory) {
    for (int i = 0; i < count; i++) {
      putInt(positions + 4L * i, i);
    }
    if (count > 1 && !keys.isEmpty()) {
      try (RowSort sort = new RowSort(positions, count, keys, memory)) {
        sort.byKey(0, 0, count);
      }
    }
  }

  /** Sorts rows that are the same in all keys before {@code key}. */
  private void byKey(int key, int from, int to) {
    if (key == validity.length || to - from < 2) {
      return;
    }
    SortWords own = wordsOf[key];
    if (own == null) {
      byComparison(key, from, to);
    } else if (validity[key] == 0) {
      byWord(own, key, 0, from, to);
    } else if (keys.get(key).nullsFirst()) {
      int present = from + split(key, from, to, false);
      byKey(key + 1, from, present);
      byWord(own, key, 0, present, to);
    } else {
      int nulls = from + split(key, from, to, true);
      byWord(own, key, 0, from, nulls);
      byKey(key + 1, nulls, to);
    }
  }

  /** Puts rows that have a value in a key, or those that have none, first; returns how many. */
  private int split(int key, int from, int to, boolean presentFirst) {
    int first = 0;
    int second = 0;
    for (int i = from; i < to; i++) {
      int row = getInt(positions + 4L * i);
      if (getBit(validity[key], row) == presentFirst) {
        putInt(positions + 4L * (from + first++), row);
      } else {
        putInt(otherPositions + 4L * second++, row);
      }
    }
    copy(otherPositions, positions + 4L * (from + first), 4L * second);
    return first;
  }

  /** Sorts rows that have a value in {@code key}, and the first words of it in common. */
  private void byWord(SortWords own, int key, int depth, int from, int to) {
    if (to - from < 2) {
      return;
    }
    if (depth == DEPTH_MAX) {
      byComparison(key, from, to);
      return;
    }
    own.fill(depth, positions, from, to, words);
    byWords.sort(from, to);
    if (key == validity.length - 1 && own.most() == 1) {
      return;
    }
    int start = from;
    while (start < to) {
      long word = getLong(words + 8L * start);
      int end = start + 1;
      while (end < to && getLong(words + 8L * end) == word) {
        end++;
      }
      if (end - start > 1) {
        if (own.isLast(depth, word)) {
          byKey(key + 1, start, end);
        } else {
          byWord(own, key, depth + 1, start, end);
        }
      }
      start = end;
    }
  }

  private void byComparison(int key, int from, int to) {
    MergeSort sort = comparing[key];
    if (sort == null) {
      RowComparison order = keys.get(key).comparison();
      for (SortKey next : keys.subList(key + 1, keys.size())) {
        order = order.then(next.comparison());
      }
      sort = new MergeSort(order);
      comparing[key] = sort;
    }
    sort.sort(positions + 4L * from, to - from, otherPositions);
  }

  @Override
  public void close() {
    memory.free(block, (long) ROW_BYTES * count);
  }
}
