package io.arrowmill.state.join;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
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
 *   next      int64 x capacity   the row before it with the same key, or 0
 *   previous  int64 x capacity   the row after it with the same key, or 0
 *   group     int64 x capacity   address of the key's row in the index
 *   sequence  int64 x capacity   number of the row among all of its side, for ever
 *   matched   int8 x capacity    1 once it has met a row of the other side
 *   gone      int8 x capacity    1 once it is given up
 * </pre>
 *
 * <p>Owns its memory. Confined to one task at a time, but for the {@code matched} bytes, which
 * several may set to 1 at once.
 */
final class Segment implements AutoCloseable {
  private static final int ROW_BYTES = 4 * 8 + 2;

  final int number;
  final int capacity;
  final List<FieldVector> columns = new ArrayList<>();
  int rows;
  int alive;
  long timeMin = Long.MAX_VALUE;

  /** Greatest number of a row that was new when it came here. */
  long newest = -1;

  private final MemorySource memory;
  private final long block;

  /** Addresses of the columns' values, where these have a fixed width: such buffers never move. */
  private final long[] values;

  /** Addresses of the columns' validity, likewise. */
  private final long[] validity;

  Segment(
      int number, int capacity, StructType schema, MemorySource memory, BufferAllocator allocator) {
    this.number = number;
    this.capacity = capacity;
    this.memory = memory;
    this.block = memory.allocate((long) ROW_BYTES * capacity);
    this.values = new long[schema.size()];
    this.validity = new long[schema.size()];
    try {
      for (StructField field : schema.fields()) {
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
    return getLong(values[column] + 8L * index);
  }

  long next(int index) {
    return getLong(block + 8L * index);
  }

  void setNext(int index, long ref) {
    putLong(block + 8L * index, ref);
  }

  long previous(int index) {
    return getLong(block + 8L * (capacity + index));
  }

  void setPrevious(int index, long ref) {
    putLong(block + 8L * (capacity + index), ref);
  }

  long group(int index) {
    return getLong(block + 8L * (2L * capacity + index));
  }

  void setGroup(int index, long group) {
    putLong(block + 8L * (2L * capacity + index), group);
  }

  long sequence(int index) {
    return getLong(block + 8L * (3L * capacity + index));
  }

  void setSequence(int index, long sequence) {
    putLong(block + 8L * (3L * capacity + index), sequence);
  }

  boolean isMatched(int index) {
    return getByte(block + 32L * capacity + index) != 0;
  }

  void setMatched(int index, boolean matched) {
    putByte(block + 32L * capacity + index, (byte) (matched ? 1 : 0));
  }

  boolean isGone(int index) {
    return getByte(block + 33L * capacity + index) != 0;
  }

  void setGone(int index, boolean gone) {
    putByte(block + 33L * capacity + index, (byte) (gone ? 1 : 0));
  }

  @Override
  public void close() {
    memory.free(block, (long) ROW_BYTES * capacity);
    columns.forEach(FieldVector::close);
  }
}
