package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowCodes;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;

/**
 * The groups of a batch whose key columns all have {@link RowCodes}: of each combination of codes
 * one row is looked up, and the group found for it is that of all others. So an entry of a
 * dictionary is hashed once a batch, not once a row. Owned by one task.
 */
final class CodedGroups implements AutoCloseable {
  /** One call of {@link GroupTable#group} finds the groups of all combinations. */
  private static final int COMBINATIONS_MAX = GroupTable.SLICE_ROWS_MAX;

  /** Of a combination the group's address, int64, and whether it has come, int32. */
  private static final long COMBINATION_BYTES = 12;

  /** Of one that has come its number and a row of it, int32, and the group found, int64. */
  private static final long CAME_BYTES = 16;

  private static final long BYTES = COMBINATIONS_MAX * (COMBINATION_BYTES + CAME_BYTES);

  private final int[] keyColumns;
  private final MemorySource memory;
  private final long[] codes;
  private final int[] strides;
  private int combinations;
  private long block;

  CodedGroups(int[] keyColumns, MemorySource memory) {
    this.keyColumns = keyColumns;
    this.memory = memory;
    this.codes = new long[keyColumns.length];
    this.strides = new int[keyColumns.length];
  }

  /**
   * Takes the codes of a batch, borrowed until the last call for it.
   *
   * @param rows how many of its rows are to be grouped
   * @return false if its keys have none, or it would not pay
   */
  boolean begin(RecordBatch batch, int rows) {
    long all = 1;
    for (int k = 0; k < codes.length; k++) {
      RowCodes of = batch.codes(keyColumns[k]);
      if (of == null) {
        return false;
      }
      codes[k] = of.address();
      strides[k] = (int) all;
      all *= of.bound();
      if (all > COMBINATIONS_MAX) {
        return false;
      }
    }
    combinations = (int) all;
    return codes.length > 0 && RowCodes.pays(combinations, rows);
  }

  private long came() {
    return block + 8L * COMBINATIONS_MAX;
  }

  private int combination(int row) {
    int combination = 0;
    for (int k = 0; k < codes.length; k++) {
      combination += getInt(codes[k] + 4L * row) * strides[k];
    }
    return combination;
  }

  private static int row(long rows, int index) {
    return rows == 0 ? index : getInt(rows + 4L * index);
  }

  /**
   * Finds or makes the groups of all rows.
   *
   * @param keys address of the key columns' descriptors
   * @param rows address of int32 row numbers; 0 for the first {@code count} rows
   */
  void group(GroupTable table, long keys, long rows, int count) {
    if (block == 0) {
      block = memory.allocate(BYTES);
    }
    long came = came();
    long numbers = came + 4L * COMBINATIONS_MAX;
    long firsts = numbers + 4L * COMBINATIONS_MAX;
    long found = firsts + 4L * COMBINATIONS_MAX;
    zero(came, 4L * combinations);
    int listed = 0;
    for (int i = 0; i < count; i++) {
      int row = row(rows, i);
      int combination = combination(row);
      if (getInt(came + 4L * combination) == 0) {
        putInt(came + 4L * combination, 1);
        putInt(numbers + 4L * listed, combination);
        putInt(firsts + 4L * listed, row);
        listed++;
      }
    }
    table.group(keys, firsts, 0, listed, found);
    for (int i = 0; i < listed; i++) {
      putLong(block + 8L * getInt(numbers + 4L * i), getLong(found + 8L * i));
    }
  }

  /** Writes the groups of some of those rows, int64. */
  void find(long rows, int start, int count, long out) {
    if (codes.length == 1) {
      long only = codes[0];
      for (int i = 0; i < count; i++) {
        long code = getInt(only + 4L * row(rows, start + i));
        putLong(out + 8L * i, getLong(block + 8 * code));
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      putLong(out + 8L * i, getLong(block + 8L * combination(row(rows, start + i))));
    }
  }

  @Override
  public void close() {
    if (block != 0) {
      memory.free(block, BYTES);
      block = 0;
    }
  }
}
