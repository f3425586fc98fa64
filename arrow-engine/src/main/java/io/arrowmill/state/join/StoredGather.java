package io.arrowmill.state.join;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putBit;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RowCopy;
import io.arrowmill.types.StructField;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/**
 * Copies columns of stored rows, named one by one, into new vectors. While no rows are added or
 * given up, any number of tasks may each use one of its own.
 */
public final class StoredGather {
  private final StoredSide side;
  private final List<StoredRows> partitions;
  private final BufferAllocator allocator;

  /** Gathers from one side. */
  public StoredGather(StoredSide side, BufferAllocator allocator) {
    this.side = side;
    this.partitions = side.partitions();
    this.allocator = allocator;
  }

  /**
   * A column of some rows.
   *
   * @param column position among the columns kept
   * @param refs names of rows with their partitions; {@link RowRef#NONE} gives a null
   * @return owned by the caller
   */
  public FieldVector column(int column, long[] refs, int from, int count) {
    StructField field = side.columns().schema().field(column);
    FieldVector to = ArrowTypes.field(field.name(), field.type(), true).createVector(allocator);
    try {
      switch (to) {
        case BaseFixedWidthVector fixed -> fixed(fixed, column, refs, from, count);
        case BaseVariableWidthVector variable -> variable(variable, column, refs, from, count);
        default -> {
          to.setInitialCapacity(Math.max(1, count));
          to.allocateNew();
          for (int i = 0; i < count; i++) {
            long ref = refs[from + i];
            if (ref == RowRef.NONE) {
              to.setNull(i);
            } else {
              RowCopy.copy(segment(ref).columns.get(column), RowRef.index(ref), to, i);
            }
          }
        }
      }
      to.setValueCount(count);
      return to;
    } catch (RuntimeException | Error e) {
      to.close();
      throw e;
    }
  }

  private Segment segment(long ref) {
    return partitions.get(RowRef.partition(ref)).segment(RowRef.local(ref));
  }

  private void fixed(BaseFixedWidthVector to, int column, long[] refs, int from, int count) {
    to.allocateNew(Math.max(1, count));
    long target = to.getDataBuffer().memoryAddress();
    long valid = to.getValidityBuffer().memoryAddress();
    boolean bits = to instanceof BitVector;
    int width = bits ? 0 : to.getTypeWidth();
    long segment = RowRef.NONE;
    long data = 0;
    long validity = 0;
    for (int i = 0; i < count; i++) {
      long ref = refs[from + i];
      if (ref == RowRef.NONE) {
        putBit(valid, i, false);
        continue;
      }
      int at = RowRef.index(ref);
      if (ref - at != segment) {
        // Rows that are given up come segment by segment.
        Segment source = segment(ref);
        data = source.values(column);
        validity = source.validity(column);
        segment = ref - at;
      }
      putBit(valid, i, getBit(validity, at));
      switch (width) {
        case 0 -> putBit(target, i, getBit(data, at));
        case 1 -> putByte(target + i, getByte(data + at));
        case 4 -> putInt(target + 4L * i, getInt(data + 4L * at));
        case 8 -> putLong(target + 8L * i, getLong(data + 8L * at));
        default -> copy(data + (long) width * at, target + (long) width * i, width);
      }
    }
  }

  private void variable(BaseVariableWidthVector to, int column, long[] refs, int from, int count) {
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      long ref = refs[from + i];
      if (ref != RowRef.NONE) {
        long offset = offsets(ref, column);
        bytes += getInt(offset + 4) - getInt(offset);
      }
    }
    to.allocateNew(Math.max(1, bytes), Math.max(1, count));
    long target = to.getDataBuffer().memoryAddress();
    long valid = to.getValidityBuffer().memoryAddress();
    long offsets = to.getOffsetBuffer().memoryAddress();
    int end = 0;
    putInt(offsets, 0);
    for (int i = 0; i < count; i++) {
      long ref = refs[from + i];
      boolean isValid = false;
      if (ref != RowRef.NONE) {
        FieldVector source = segment(ref).columns.get(column);
        isValid = getBit(source.getValidityBuffer().memoryAddress(), RowRef.index(ref));
        long offset = offsets(ref, column);
        int start = getInt(offset);
        int length = getInt(offset + 4) - start;
        if (length > 0) {
          copy(source.getDataBuffer().memoryAddress() + start, target + end, length);
          end += length;
        }
      }
      putBit(valid, i, isValid);
      putInt(offsets + 4L * (i + 1), end);
    }
    to.setLastSet(count - 1);
  }

  private long offsets(long ref, int column) {
    FieldVector source = segment(ref).columns.get(column);
    return source.getOffsetBuffer().memoryAddress() + 4L * RowRef.index(ref);
  }
}
