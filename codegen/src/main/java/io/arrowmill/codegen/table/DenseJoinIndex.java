package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * Build rows of integer keys from a dense range, found by subtracting the least key: no hash, no
 * comparison of keys.
 *
 * <pre>
 *   every key once, in order      nothing: the key's distance from the least key is the row
 *   no key twice                  int32 a key: its row, or -1
 *   keys with several rows        int32 a key and one more: where its row ids begin
 * </pre>
 */
final class DenseJoinIndex implements JoinIndex {
  /** Numbers that an array may always cover: it fits the second-level cache. */
  private static final long SPAN_MIN = 1 << 16;

  /** Numbers a row that an array may cover: as large as a hash index would be. */
  private static final long SPAN_PER_ROW = 8;

  private final MemorySource memory;
  private final long keyMin;
  private final int span;
  private final int rowCount;
  private boolean unique;
  private boolean gapless;
  private boolean ordered;

  /** Rows or offsets; 0 if {@link #ordered}. */
  private long table;

  private long tableBytes;
  private long rowIds;

  private DenseJoinIndex(MemorySource memory, long keyMin, int span, int rowCount) {
    this.memory = memory;
    this.keyMin = keyMin;
    this.span = span;
    this.rowCount = rowCount;
  }

  /** Whether a range of keys is worth an array. */
  static boolean isDense(long keyMin, long keyMax, long rows) {
    long span = keyMax - keyMin + 1;
    return span > 0
        && span <= Math.max(SPAN_MIN, SPAN_PER_ROW * rows)
        && span < Integer.MAX_VALUE - 8;
  }

  /** Indexes the rows of one column of integers, whose keys lie between the given ones. */
  static DenseJoinIndex build(
      JoinKeys keys, JoinTable.Input input, long keyMin, long keyMax, MemorySource memory) {
    DenseJoinIndex index =
        new DenseJoinIndex(memory, keyMin, (int) (keyMax - keyMin + 1), input.rows());
    try {
      index.fill(keys, input);
      return index;
    } catch (RuntimeException | Error e) {
      index.close();
      throw e;
    }
  }

  private void fill(JoinKeys keys, JoinTable.Input input) {
    allocateTable(4L * span, JoinTable.NONE);
    if (fillUnique(keys, input)) {
      return;
    }
    freeTable();
    allocateTable(4L * (span + 1L), 0);
    fillRanges(keys, input);
  }

  private void allocateTable(long bytes, int value) {
    table = memory.allocate(bytes);
    tableBytes = bytes;
    for (long at = table; at < table + bytes; at += 4) {
      putInt(at, value);
    }
  }

  private void freeTable() {
    if (table != 0) {
      memory.free(table, tableBytes);
      table = 0;
      tableBytes = 0;
    }
  }

  private boolean fillUnique(JoinKeys keys, JoinTable.Input input) {
    int used = 0;
    boolean inOrder = true;
    for (int start = 0; start < rowCount; start += JoinKeys.SLICE_ROWS_MAX) {
      int count = Math.min(JoinKeys.SLICE_ROWS_MAX, rowCount - start);
      keys.load(input.columns(), start, count);
      for (int i = 0; i < count; i++) {
        if (keys.valid() == 0 || getByte(keys.valid() + i) != 0) {
          long offset = getLong(keys.words() + 8L * i) - keyMin;
          long at = table + 4 * offset;
          if (getInt(at) != JoinTable.NONE) {
            return false;
          }
          putInt(at, start + i);
          inOrder &= offset == start + i;
          used++;
        }
      }
    }
    unique = true;
    gapless = used == span;
    ordered = gapless && inOrder;
    if (ordered) {
      freeTable();
    }
    return true;
  }

  private void fillRanges(JoinKeys keys, JoinTable.Input input) {
    for (int start = 0; start < rowCount; start += JoinKeys.SLICE_ROWS_MAX) {
      int count = Math.min(JoinKeys.SLICE_ROWS_MAX, rowCount - start);
      keys.load(input.columns(), start, count);
      for (int i = 0; i < count; i++) {
        if (keys.valid() == 0 || getByte(keys.valid() + i) != 0) {
          long at = table + 4 * (getLong(keys.words() + 8L * i) - keyMin);
          putInt(at, getInt(at) + 1);
        }
      }
    }
    int end = 0;
    for (long at = table; at < table + tableBytes; at += 4) {
      end += getInt(at);
      putInt(at, end);
    }
    rowIds = memory.allocate(Math.max(1, 4L * rowCount));
    // From the last row to the first, so that a key's rows stand in order and its end becomes its
    // beginning.
    int last = (rowCount - 1) / JoinKeys.SLICE_ROWS_MAX * JoinKeys.SLICE_ROWS_MAX;
    for (int start = last; start >= 0; start -= JoinKeys.SLICE_ROWS_MAX) {
      int count = Math.min(JoinKeys.SLICE_ROWS_MAX, rowCount - start);
      keys.load(input.columns(), start, count);
      for (int i = count - 1; i >= 0; i--) {
        if (keys.valid() == 0 || getByte(keys.valid() + i) != 0) {
          long at = table + 4 * (getLong(keys.words() + 8L * i) - keyMin);
          int place = getInt(at) - 1;
          putInt(at, place);
          putInt(rowIds + 4L * place, start + i);
        }
      }
    }
  }

  @Override
  public boolean unique() {
    return unique;
  }

  @Override
  public boolean findsAll(JoinKeys keys, int count) {
    if (!gapless || keys.valid() != 0) {
      return false;
    }
    long words = keys.words();
    long outside = 0;
    for (int i = 0; i < count; i++) {
      long offset = getLong(words + 8L * i) - keyMin;
      // Either is negative where the offset is not from 0 to span - 1.
      outside |= offset | (span - 1 - offset);
    }
    return outside >= 0;
  }

  @Override
  public void rows(JoinKeys keys, int count, JoinScratch scratch, long rowsOut) {
    long words = keys.words();
    if (ordered) {
      for (int i = 0; i < count; i++) {
        long offset = getLong(words + 8L * i) - keyMin;
        boolean inside = (offset | (span - 1 - offset)) >= 0;
        putInt(rowsOut + 4L * i, inside ? (int) offset : JoinTable.NONE);
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      long offset = getLong(words + 8L * i) - keyMin;
      boolean inside = (offset | (span - 1 - offset)) >= 0;
      putInt(rowsOut + 4L * i, inside ? getInt(table + 4 * offset) : JoinTable.NONE);
    }
  }

  @Override
  public void ranges(JoinKeys keys, int count, JoinScratch scratch, long headsOut, long countsOut) {
    long words = keys.words();
    for (int i = 0; i < count; i++) {
      long offset = getLong(words + 8L * i) - keyMin;
      boolean inside = (offset | (span - 1 - offset)) >= 0;
      int head = 0;
      int found = 0;
      if (inside) {
        head = getInt(table + 4 * offset);
        found = getInt(table + 4 * offset + 4) - head;
      }
      putInt(headsOut + 4L * i, head);
      putInt(countsOut + 4L * i, found);
    }
  }

  @Override
  public long rowIds() {
    return rowIds;
  }

  @Override
  public long memoryBytes() {
    return tableBytes + (rowIds == 0 ? 0 : 4L * rowCount);
  }

  @Override
  public void close() {
    freeTable();
    if (rowIds != 0) {
      memory.free(rowIds, Math.max(1, 4L * rowCount));
      rowIds = 0;
    }
  }
}
