package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.kernel.ColumnDescriptors;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of one partition, those of one key after those of another: keys are numbered by a table
 * of their own, rows sorted by the numbers. Owns the table; used by one task.
 */
final class KeyGroups implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final GroupTable table;
  private long[] keyRows = new long[64];
  private int[] starts = new int[65];
  private long[] rows = {};
  private int count;

  KeyGroups(RowsByKey input, int partition, GroupStore store, MemorySource memory) {
    this.table =
        new GroupTable(
            new GroupTablePlan(input.columns().kinds(), List.of(Accumulators.storedLong("number"))),
            store.hash(),
            memory);
    try {
      group(input, partition, memory);
    } catch (RuntimeException | Error e) {
      table.close();
      throw e;
    }
  }

  private void group(RowsByKey input, int partition, MemorySource memory) {
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
          table.group(keys.address(), 0, start, slice, block);
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
    int offset = table.layout().state(0).offset();
    for (int i = 0; i < slice; i++) {
      long row = getLong(found + 8L * i);
      int number = (int) getLong(row + offset);
      if (number == 0) {
        if (count == keyRows.length) {
          keyRows = Arrays.copyOf(keyRows, 2 * count);
          starts = Arrays.copyOf(starts, 2 * count + 1);
        }
        keyRows[count] = row;
        number = ++count;
        putLong(row + offset, number);
      }
      numbers[at + i] = number - 1;
      starts[number]++;
    }
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

  /** Where a key's rows begin among {@link #row}. */
  int start(int group) {
    return starts[group];
  }

  /** Where they end. */
  int end(int group) {
    return starts[group + 1];
  }

  /** The part that a row is of, times 2^32, and its position in the part's batch. */
  long row(int index) {
    return rows[index];
  }

  /** The table of keys. */
  GroupTable table() {
    return table;
  }

  /** Address of a key in the table. */
  long keyRow(int group) {
    return keyRows[group];
  }

  @Override
  public void close() {
    table.close();
  }
}
