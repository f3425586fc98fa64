package io.arrowmill.kernel;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RowCopy;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/**
 * Copies chosen rows of one column, which lies in several vectors, into a new vector. Borrows the
 * vectors. Confined to one task.
 *
 * <p>A row is told by the number of its vector, times 2^32, plus its position there.
 */
public final class GatherParts {
  private final List<FieldVector> parts;
  private final long[] data;
  private final long[] offsets;

  /** Addresses of the validity of vectors with nulls; 0 of the others. */
  private final long[] validity;

  private final boolean hasNulls;

  /** Rows of these vectors, at least one, which are all of one type. */
  public GatherParts(List<FieldVector> parts) {
    this.parts = List.copyOf(parts);
    this.data = new long[parts.size()];
    this.offsets = new long[parts.size()];
    this.validity = new long[parts.size()];
    boolean nulls = false;
    for (int p = 0; p < data.length; p++) {
      FieldVector part = parts.get(p);
      if (!isFlat(part)) {
        continue;
      }
      data[p] = part.getDataBufferAddress();
      if (part instanceof BaseVariableWidthVector variable) {
        offsets[p] = variable.getOffsetBufferAddress();
      }
      if (part.getNullCount() > 0) {
        validity[p] = part.getValidityBufferAddress();
        nulls = true;
      }
    }
    this.hasNulls = nulls;
  }

  private static boolean isFlat(FieldVector vector) {
    return (vector instanceof BaseFixedWidthVector && !(vector instanceof BitVector))
        || vector instanceof BaseVariableWidthVector;
  }

  private static int part(long row) {
    return (int) (row >>> Integer.SIZE);
  }

  private static int position(long row) {
    return (int) row;
  }

  /**
   * A new vector of some rows, in the order in which they are told.
   *
   * @param rows which rows; of them, {@code count} from {@code from} on are taken
   * @return owned by the caller
   */
  public FieldVector rows(long[] rows, int from, int count, BufferAllocator allocator) {
    FieldVector to = parts.getFirst().getField().createVector(allocator);
    try {
      switch (to) {
        case BaseVariableWidthVector variable -> loadVariable(variable, rows, from, count);
        case BaseFixedWidthVector fixed when isFlat(to) -> loadFixed(fixed, rows, from, count);
        default -> copyEach(to, rows, from, count);
      }
      return to;
    } catch (RuntimeException | Error e) {
      to.close();
      throw e;
    }
  }

  private void copyEach(FieldVector to, long[] rows, int from, int count) {
    to.setInitialCapacity(count);
    to.allocateNew();
    for (int i = 0; i < count; i++) {
      long row = rows[from + i];
      RowCopy.copy(parts.get(part(row)), position(row), to, i);
    }
    to.setValueCount(count);
  }

  private void loadFixed(BaseFixedWidthVector to, long[] rows, int from, int count) {
    int width = to.getTypeWidth();
    try (ArrowBuf valid = to.getAllocator().buffer(bitmapBytes(count));
        ArrowBuf values = to.getAllocator().buffer(Math.max(8, (long) width * count))) {
      ArrowFieldNode node = new ArrowFieldNode(count, gatherValidity(valid, rows, from, count));
      copyFixed(width, rows, from, count, values.memoryAddress());
      to.loadFieldBuffers(node, List.of(valid, values));
    }
  }

  private void copyFixed(int width, long[] rows, int from, int count, long target) {
    long[] sources = data;
    switch (width) {
      case 4 -> {
        for (int i = 0; i < count; i++) {
          long row = rows[from + i];
          putInt(target + 4L * i, getInt(sources[part(row)] + 4L * position(row)));
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          long row = rows[from + i];
          putLong(target + 8L * i, getLong(sources[part(row)] + 8L * position(row)));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          long row = rows[from + i];
          copy(sources[part(row)] + (long) width * position(row), target + (long) width * i, width);
        }
      }
    }
  }

  private void loadVariable(BaseVariableWidthVector to, long[] rows, int from, int count) {
    try (ArrowBuf valid = to.getAllocator().buffer(bitmapBytes(count));
        ArrowBuf ends = to.getAllocator().buffer(4L * (count + 1))) {
      ArrowFieldNode node = new ArrowFieldNode(count, gatherValidity(valid, rows, from, count));
      long bytes = gatherOffsets(rows, from, count, ends.memoryAddress());
      if (bytes > Integer.MAX_VALUE) {
        throw new ArrowmillException(
            "OUTPUT_TOO_LARGE",
            "a batch's column must have at most 2^31 - 1 bytes: column="
                + to.getName()
                + ", bytes="
                + bytes
                + ", rows="
                + count
                + "; make smaller batches or shorter values");
      }
      try (ArrowBuf values = to.getAllocator().buffer(Math.max(8, bytes))) {
        values.writerIndex(bytes);
        copyVariable(rows, from, count, ends.memoryAddress(), values.memoryAddress());
        to.loadFieldBuffers(node, List.of(valid, ends, values));
      }
    }
  }

  private long gatherOffsets(long[] rows, int from, int count, long target) {
    long bytes = 0;
    putInt(target, 0);
    for (int i = 0; i < count; i++) {
      long row = rows[from + i];
      long offset = offsets[part(row)] + 4L * position(row);
      bytes += getInt(offset + 4) - getInt(offset);
      putInt(target + 4L * (i + 1), (int) bytes);
    }
    return bytes;
  }

  private void copyVariable(long[] rows, int from, int count, long ends, long target) {
    for (int i = 0; i < count; i++) {
      long row = rows[from + i];
      int at = getInt(ends + 4L * i);
      int length = getInt(ends + 4L * (i + 1)) - at;
      if (length > 0) {
        int part = part(row);
        copy(data[part] + getInt(offsets[part] + 4L * position(row)), target + at, length);
      }
    }
  }

  private static long bitmapBytes(int count) {
    return Math.max(8, (count + 63L) / 64 * 8);
  }

  /** Writes whole words; returns the number of nulls. */
  private int gatherValidity(ArrowBuf target, long[] rows, int from, int count) {
    if (!hasNulls) {
      target.setOne(0L, bitmapBytes(count));
      return 0;
    }
    int present = 0;
    for (int start = 0; start < count; start += Long.SIZE) {
      int end = Math.min(count, start + Long.SIZE);
      long word = 0;
      for (int i = start; i < end; i++) {
        long row = rows[from + i];
        long source = validity[part(row)];
        word |= (source == 0 || getBit(source, position(row)) ? 1L : 0L) << i;
      }
      putLong(target.memoryAddress() + start / 8L, word);
      present += Long.bitCount(word);
    }
    return count - present;
  }
}
