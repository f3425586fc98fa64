package io.arrowmill.kernel;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.getShort;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.putShort;

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
 * Copies chosen rows of a vector into a new vector.
 *
 * <p>Positions are int32 row numbers, {@link #NULL_ROW} for a row of null.
 */
public final class Gather {
  /** The position that stands for a row of null. */
  public static final int NULL_ROW = -1;

  private Gather() {}

  /**
   * A new vector of the rows at the given positions, in that order.
   *
   * @param from borrowed
   * @param count how many of the positions count
   * @return owned by the caller
   */
  public static FieldVector rows(
      FieldVector from, int[] positions, int count, BufferAllocator allocator) {
    try (ArrowBuf offHeap = allocator.buffer(Math.max(1, 4L * count))) {
      long address = offHeap.memoryAddress();
      for (int i = 0; i < count; i++) {
        putInt(address + 4L * i, positions[i]);
      }
      return rows(from, from.getNullCount() > 0, address, count, allocator);
    }
  }

  /**
   * A new vector of the rows at the given positions, in that order.
   *
   * @param from borrowed
   * @param hasNulls false only if {@code from} has no null; counting them takes long where few rows
   *     of many are wanted
   * @param positions address of the positions
   * @return owned by the caller
   */
  public static FieldVector rows(
      FieldVector from, boolean hasNulls, long positions, int count, BufferAllocator allocator) {
    FieldVector to = from.getField().createVector(allocator);
    try {
      switch (from) {
        case BitVector bits -> load(to, hasNulls, from, positions, count);
        case BaseFixedWidthVector fixed -> load(to, hasNulls, from, positions, count);
        case BaseVariableWidthVector variable -> load(to, hasNulls, from, positions, count);
        default -> copyNested(from, to, positions, count);
      }
      return to;
    } catch (RuntimeException | Error e) {
      to.close();
      throw e;
    }
  }

  private static void copyNested(FieldVector from, FieldVector to, long positions, int count) {
    to.setInitialCapacity(count);
    to.allocateNew();
    for (int i = 0; i < count; i++) {
      int position = getInt(positions + 4L * i);
      if (position == NULL_ROW) {
        to.setNull(i);
      } else {
        RowCopy.copy(from, position, to, i);
      }
    }
    to.setValueCount(count);
  }

  /** Fills a flat vector with buffers of its own, which unlike Arrow's are not zeroed first. */
  private static void load(
      FieldVector to, boolean hasNulls, FieldVector from, long positions, int count) {
    BufferAllocator allocator = to.getAllocator();
    long bitmapBytes = Math.max(8, (count + 63L) / 64 * 8);
    try (ArrowBuf validity = allocator.buffer(bitmapBytes)) {
      boolean nullRows = hasNullRow(positions, count);
      int nulls = 0;
      if (hasNulls || nullRows) {
        long source = hasNulls ? from.getValidityBuffer().memoryAddress() : 0;
        nulls = gatherValidity(source, positions, count, validity.memoryAddress());
      } else {
        validity.setOne(0L, bitmapBytes);
      }
      ArrowFieldNode node = new ArrowFieldNode(count, nulls);
      if (from instanceof BaseVariableWidthVector variable) {
        loadVariable(variable, (BaseVariableWidthVector) to, node, validity, positions);
        return;
      }
      long bytes =
          from instanceof BaseFixedWidthVector fixed && fixed.getTypeWidth() > 0
              ? Math.max(8, (long) count * fixed.getTypeWidth())
              : bitmapBytes;
      try (ArrowBuf data = allocator.buffer(bytes)) {
        long source = from.getDataBuffer().memoryAddress();
        long target = data.memoryAddress();
        if (from instanceof BitVector) {
          gatherBits(source, positions, count, target);
        } else if (nullRows) {
          gatherOrZero(source, width(from), positions, count, target);
        } else {
          gatherFixed(source, width(from), positions, count, target);
        }
        to.loadFieldBuffers(node, List.of(validity, data));
      }
    }
  }

  private static int width(FieldVector vector) {
    return ((BaseFixedWidthVector) vector).getTypeWidth();
  }

  private static boolean hasNullRow(long positions, int count) {
    int signs = 0;
    for (int i = 0; i < count; i++) {
      signs |= getInt(positions + 4L * i);
    }
    return signs < 0;
  }

  /** Writes whole words; returns the number of nulls. A source of 0 has none but null rows. */
  private static int gatherValidity(long source, long positions, int count, long target) {
    int present = 0;
    for (int start = 0; start < count; start += Long.SIZE) {
      int end = Math.min(count, start + Long.SIZE);
      long word = 0;
      for (int i = start; i < end; i++) {
        int position = getInt(positions + 4L * i);
        boolean isPresent = position >= 0 && (source == 0 || getBit(source, position));
        word |= (isPresent ? 1L : 0L) << i;
      }
      putLong(target + start / 8L, word);
      present += Long.bitCount(word);
    }
    return count - present;
  }

  private static void gatherBits(long source, long positions, int count, long target) {
    for (int start = 0; start < count; start += Long.SIZE) {
      int end = Math.min(count, start + Long.SIZE);
      long word = 0;
      for (int i = start; i < end; i++) {
        int position = getInt(positions + 4L * i);
        word |= (position >= 0 && getBit(source, position) ? 1L : 0L) << i;
      }
      putLong(target + start / 8L, word);
    }
  }

  private static void gatherFixed(long source, int width, long positions, int count, long target) {
    switch (width) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          putByte(target + i, getByte(source + getInt(positions + 4L * i)));
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          putShort(target + 2L * i, getShort(source + 2L * getInt(positions + 4L * i)));
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          putInt(target + 4L * i, getInt(source + 4L * getInt(positions + 4L * i)));
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          putLong(target + 8L * i, getLong(source + 8L * getInt(positions + 4L * i)));
        }
      }
      case 16 -> {
        for (int i = 0; i < count; i++) {
          long from = source + 16L * getInt(positions + 4L * i);
          putLong(target + 16L * i, getLong(from));
          putLong(target + 16L * i + 8, getLong(from + 8));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          long position = getInt(positions + 4L * i);
          copy(source + width * position, target + (long) width * i, width);
        }
      }
    }
  }

  /** As {@link #gatherFixed}, where some positions stand for a row of null. */
  private static void gatherOrZero(long source, int width, long positions, int count, long target) {
    switch (width) {
      case 4 -> {
        for (int i = 0; i < count; i++) {
          int position = getInt(positions + 4L * i);
          putInt(target + 4L * i, position < 0 ? 0 : getInt(source + 4L * position));
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          int position = getInt(positions + 4L * i);
          putLong(target + 8L * i, position < 0 ? 0 : getLong(source + 8L * position));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          long position = getInt(positions + 4L * i);
          if (position >= 0) {
            copy(source + width * position, target + (long) width * i, width);
          }
        }
      }
    }
  }

  private static void loadVariable(
      BaseVariableWidthVector from,
      BaseVariableWidthVector to,
      ArrowFieldNode node,
      ArrowBuf validity,
      long positions) {
    int count = node.getLength();
    try (ArrowBuf offsets = to.getAllocator().buffer(4L * (count + 1))) {
      long bytes = gatherOffsets(from, positions, count, offsets.memoryAddress());
      if (bytes > Integer.MAX_VALUE) {
        throw new ArrowmillException(
            "OUTPUT_TOO_LARGE",
            "a batch's column must have at most 2^31 - 1 bytes: column="
                + from.getName()
                + ", bytes="
                + bytes
                + ", rows="
                + count
                + "; make smaller batches or shorter values");
      }
      try (ArrowBuf data = to.getAllocator().buffer(Math.max(8, bytes))) {
        data.writerIndex(bytes);
        gatherBytes(from, positions, offsets.memoryAddress(), data.memoryAddress(), count);
        to.loadFieldBuffers(node, List.of(validity, offsets, data));
      }
    }
  }

  private static long gatherOffsets(
      BaseVariableWidthVector from, long positions, int count, long target) {
    long sourceOffsets = from.getOffsetBuffer().memoryAddress();
    long bytes = 0;
    putInt(target, 0);
    for (int i = 0; i < count; i++) {
      int position = getInt(positions + 4L * i);
      if (position >= 0) {
        long offset = sourceOffsets + 4L * position;
        bytes += getInt(offset + 4) - getInt(offset);
      }
      putInt(target + 4L * (i + 1), (int) bytes);
    }
    return bytes;
  }

  private static void gatherBytes(
      BaseVariableWidthVector from, long positions, long offsets, long target, int count) {
    long sourceOffsets = from.getOffsetBuffer().memoryAddress();
    long source = from.getDataBuffer().memoryAddress();
    for (int i = 0; i < count; i++) {
      int at = getInt(offsets + 4L * i);
      int length = getInt(offsets + 4L * (i + 1)) - at;
      if (length > 0) {
        long value = source + getInt(sourceOffsets + 4L * getInt(positions + 4L * i));
        copy(value, target + at, length);
      }
    }
  }
}
