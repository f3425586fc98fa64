package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.kernel.ColumnDescriptors;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of one partition, those of one key after those of another: keys are numbered in their
 * rows of state, and rows sorted by the numbers. Used by one task.
 *
 * <p>A key without a row of state gets one, which is to be discarded if there is nothing to keep in
 * it. A row's mark says whether there is a state (the lowest bit), and above it which group the key
 * is; there must be no groups beside these until {@link #unmark} was called for each.
 */
final class KeyGroups {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final GroupTable table;
  private final int markOffset;
  private long[] keyRows = new long[64];
  private int[] starts = new int[65];
  private long[] rows = {};
  private int count;

  /**
   * Groups the rows of a partition.
   *
   * @param table the partition's state
   * @param markOffset where a row of state has its mark
   */
  KeyGroups(RowsByKey input, int partition, GroupTable table, int markOffset, MemorySource memory) {
    this.table = table;
    this.markOffset = markOffset;
    List<RowsByKey.Part> parts = input.parts();
    int total = 0;
    for (RowsByKey.Part part : parts) {
      total += part.starts()[partition + 1] - part.starts()[partition];
    }
    int[] numbers = new int[total];
    int at = 0;
    long block = memory.allocate(8L * SLICE);
    try (ColumnDescriptors keys = new ColumnDescriptors(input.columns().keys().length, memory)) {
      for (RowsByKey.Part part : parts) {
        int end = part.starts()[partition + 1];
        int start = part.starts()[partition];
        if (start == end) {
          continue;
        }
        keys.set(part.batch(), input.columns().keys());
        for (; start < end; start += SLICE) {
          int slice = Math.min(SLICE, end - start);
          table.place(keys.address(), 0, start, slice, block);
          number(block, slice, numbers, at);
          at += slice;
        }
      }
    } finally {
      memory.free(block, 8L * SLICE);
    }
    sort(parts, partition, numbers);
  }

  private void number(long found, int slice, int[] numbers, int at) {
    for (int i = 0; i < slice; i++) {
      long row = getLong(found + 8L * i);
      long mark = getLong(row + markOffset);
      int number = (int) (mark >>> 1);
      if (number == 0) {
        number = add(row);
        putLong(row + markOffset, mark | (long) number << 1);
      }
      numbers[at + i] = number - 1;
      starts[number]++;
    }
  }

  private int add(long row) {
    if (count == keyRows.length) {
      keyRows = Arrays.copyOf(keyRows, 2 * count);
      starts = Arrays.copyOf(starts, 2 * count + 1);
    }
    keyRows[count] = row;
    return ++count;
  }

  private void sort(List<RowsByKey.Part> parts, int partition, int[] numbers) {
    for (int group = 0; group < count; group++) {
      starts[group + 1] += starts[group];
    }
    int[] next = Arrays.copyOf(starts, count);
    rows = new long[numbers.length];
    int at = 0;
    for (int p = 0; p < parts.size(); p++) {
      RowsByKey.Part part = parts.get(p);
      for (int i = part.starts()[partition]; i < part.starts()[partition + 1]; i++) {
        rows[next[numbers[at++]]++] = (long) p << Integer.SIZE | i;
      }
    }
  }

  /** Number of keys. */
  int count() {
    return count;
  }

  /** Where a key's rows begin among {@link #rows}. */
  int start(int group) {
    return starts[group];
  }

  /** Where they end. */
  int end(int group) {
    return starts[group + 1];
  }

  /**
   * The rows, those of one key after those of another: the part that a row is of, times 2^32, and
   * its position in the part's batch. Borrowed.
   */
  long[] rows() {
    return rows;
  }

  /** The table of the rows of state. */
  GroupTable table() {
    return table;
  }

  /** Address of a key's row of state. */
  long keyRow(int group) {
    return keyRows[group];
  }

  /** Whether a row of state is that of a group. */
  static boolean isMarked(long row, int markOffset) {
    return getLong(row + markOffset) > 1;
  }

  /** Forgets which group a row of state is; returns whether it has a state. */
  static boolean unmark(long row, int markOffset) {
    long mark = getLong(row + markOffset);
    if (mark > 1) {
      putLong(row + markOffset, mark & 1);
    }
    return (mark & 1) != 0;
  }
}
