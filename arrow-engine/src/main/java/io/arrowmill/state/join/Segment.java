package io.arrowmill.state.join;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.types.StructField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/**
 * Some rows that came one after the other: their columns as vectors, and beside each row where it
 * stands in the chain of its key.
 *
 * <pre>
 *   links     capacity times
 *     next      int64   the row before it with the same key, or 0
 *     previous  int64   the row after it with the same key, or 0
 *     group     int64   address of the key's row in the index; until there is one, the key's hash
 *     time      int64   the column by which rows are given up, undefined where there is none
 *   sequence  int64 x capacity   number of the row among all of its side, for ever
 *   matched   int8 x capacity    1 once it has met a row of the other side
 *   gone      int8 x capacity    1 once it is given up
 * </pre>
 *
 * <p>What a walk along a chain reads of a row lies together, half a cache line. Owns its memory.
 * Confined to one task at a time.
 */
final class Segment implements AutoCloseable {
  /** Rows of a block, by whose least time it is told whether to look for old rows. */
  static final int BLOCK_ROWS = 256;

  static final int LINK_BYTES = 32;
  static final int NEXT = 0;
  static final int PREVIOUS = 8;
  static final int GROUP = 16;
  static final int TIME = 24;
  private static final int ROW_BYTES = LINK_BYTES + 8 + 2;

  final int capacity;
  final List<FieldVector> columns = new ArrayList<>();

  /** Its number in its partition, once it has one. */
  int number;

  int rows;
  int alive;

  /**
   * Least time of each block of rows, given up or not; {@link Long#MAX_VALUE} where none has any.
   */
  final long[] timeMins;

  /** Whether the columns may have nulls. */
  final boolean[] hasNulls;

  /** Greatest number of a row that was new when it came here. */
  long newest = -1;

  private final int timeColumn;
  private final MemorySource memory;
  private final long block;
  private final long sequences;
  private final long matched;
  private final long gone;

  /** Addresses of the columns' values, where these have a fixed width: such buffers never move. */
  private final long[] values;

  /** Addresses of the columns' validity, likewise. */
  private final long[] validity;

  Segment(int capacity, StoredColumns stored, MemorySource memory, BufferAllocator allocator) {
    this.capacity = capacity;
    this.timeColumn = stored.time();
    this.memory = memory;
    this.block = memory.allocate((long) ROW_BYTES * capacity);
    this.sequences = block + (long) LINK_BYTES * capacity;
    this.matched = sequences + 8L * capacity;
    this.gone = matched + capacity;
    this.timeMins = new long[(capacity + BLOCK_ROWS - 1) / BLOCK_ROWS];
    Arrays.fill(timeMins, Long.MAX_VALUE);
    this.hasNulls = new boolean[stored.schema().size()];
    this.values = new long[stored.schema().size()];
    this.validity = new long[stored.schema().size()];
    try {
      for (StructField field : stored.schema().fields()) {
        FieldVector vector =
            ArrowTypes.field(field.name(), field.type(), true).createVector(allocator);
        columns.add(vector);
        if (vector instanceof BaseVariableWidthVector variable) {
          variable.allocateNew(16L * capacity, capacity);
        } else {
          vector.setInitialCapacity(capacity);
          vector.allocateNew();
        }
        if (vector instanceof BaseFixedWidthVector) {
          values[columns.size() - 1] = vector.getDataBuffer().memoryAddress();
          validity[columns.size() - 1] = vector.getValidityBuffer().memoryAddress();
        }
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  int room() {
    return capacity - rows;
  }

  /**
   * Copies rows behind those that are here; they are in no chain yet and have no numbers.
   *
   * @param from columns of these columns' types
   * @param fromHasNulls whether each of them may have any
   * @param positions address of int32 row numbers; there is {@link #room} for them
   * @param hashes address of the hashes of their keys, int64
   */
  void append(
      List<FieldVector> from, boolean[] fromHasNulls, long positions, int count, long hashes) {
    for (int c = 0; c < columns.size(); c++) {
      FieldVector to = columns.get(c);
      RowAppend.rows(from.get(c), fromHasNulls[c], to, rows, positions, count);
      hasNulls[c] |= fromHasNulls[c];
      if (to instanceof BaseVariableWidthVector variable) {
        variable.setLastSet(rows + count - 1);
      }
      to.setValueCount(rows + count);
    }
    for (int i = 0; i < count; i++) {
      setGroup(rows + i, getLong(hashes + 8L * i));
    }
    zero(matched + rows, count);
    zero(gone + rows, count);
    noteTimes(count);
    rows += count;
    alive += count;
  }

  private void noteTimes(int count) {
    if (timeColumn == StoredColumns.NO_TIME) {
      return;
    }
    long data = values[timeColumn];
    long valid = validity[timeColumn];
    for (int at = rows; at < rows + count; at++) {
      long time = getLong(data + 8L * at);
      putLong(link(at) + TIME, time);
      if (time < timeMins[at / BLOCK_ROWS] && getBit(valid, at)) {
        timeMins[at / BLOCK_ROWS] = time;
      }
    }
  }

  /** Whether columns have nulls. */
  static boolean[] hasNulls(List<FieldVector> columns) {
    boolean[] hasNulls = new boolean[columns.size()];
    for (int c = 0; c < hasNulls.length; c++) {
      hasNulls[c] = columns.get(c).getNullCount() > 0;
    }
    return hasNulls;
  }

  long memoryBytes() {
    long bytes = (long) ROW_BYTES * capacity;
    for (FieldVector column : columns) {
      for (var buffer : column.getBuffers(false)) {
        bytes += buffer.capacity();
      }
    }
    return bytes;
  }

  /** Address of the values of a column of fixed width. */
  long values(int column) {
    return values[column];
  }

  /** Address of the validity of a column of fixed width. */
  long validity(int column) {
    return validity[column];
  }

  /** Whether a column of fixed width has a value. */
  boolean hasValue(int column, int index) {
    return getBit(validity[column], index);
  }

  /** A value of a column of eight bytes; undefined where there is none. */
  long longValue(int column, int index) {
    return column == timeColumn
        ? getLong(link(index) + TIME)
        : getLong(values[column] + 8L * index);
  }

  /** Address of what a walk reads of a row. */
  long link(int index) {
    return block + (long) LINK_BYTES * index;
  }

  long next(int index) {
    return getLong(link(index) + NEXT);
  }

  void setNext(int index, long ref) {
    putLong(link(index) + NEXT, ref);
  }

  long previous(int index) {
    return getLong(link(index) + PREVIOUS);
  }

  void setPrevious(int index, long ref) {
    putLong(link(index) + PREVIOUS, ref);
  }

  /** The key's row in the index, or its hash. */
  long group(int index) {
    return getLong(link(index) + GROUP);
  }

  void setGroup(int index, long group) {
    putLong(link(index) + GROUP, group);
  }

  /** Takes over what is said of a row of another segment; neighbours in the chain are not told. */
  void copyLinks(int index, Segment from, int fromIndex) {
    copy(from.link(fromIndex), link(index), TIME);
    setSequence(index, from.sequence(fromIndex));
    setMatched(index, from.isMatched(fromIndex));
  }

  long sequence(int index) {
    return getLong(sequences + 8L * index);
  }

  void setSequence(int index, long sequence) {
    putLong(sequences + 8L * index, sequence);
  }

  /** Address of the numbers, int64, from a row on. */
  long sequences(int index) {
    return sequences + 8L * index;
  }

  /** Address of whether rows have met one of the other side, int8, from a row on. */
  long matched(int index) {
    return matched + index;
  }

  boolean isMatched(int index) {
    return getByte(matched + index) != 0;
  }

  void setMatched(int index, boolean isMatched) {
    putByte(matched + index, (byte) (isMatched ? 1 : 0));
  }

  boolean isGone(int index) {
    return getByte(gone + index) != 0;
  }

  void setGone(int index) {
    putByte(gone + index, (byte) 1);
  }

  @Override
  public void close() {
    memory.free(block, (long) ROW_BYTES * capacity);
    columns.forEach(FieldVector::close);
  }
}
