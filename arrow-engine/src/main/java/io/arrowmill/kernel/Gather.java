package io.arrowmill.kernel;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.getShort;
import static io.arrowmill.codegen.memory.OffHeap.putBit;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.putShort;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/** Copies chosen rows of a vector into a new vector. */
public final class Gather {
  /** The position that stands for a row of null. */
  public static final int NULL_ROW = -1;

  private Gather() {}

  /**
   * A new vector of the rows at the given positions, in that order.
   *
   * @param from borrowed
   * @param positions row numbers of {@code from}; {@link #NULL_ROW} gives a null
   * @param count how many of the positions count
   * @return owned by the caller
   */
  public static FieldVector rows(
      FieldVector from, int[] positions, int count, BufferAllocator allocator) {
    FieldVector to = from.getField().createVector(allocator);
    try {
      switch (from) {
        case BitVector bits -> {
          prepare(to, count);
          copyBits(bits, to, positions, count);
          copyValidity(from, to, positions, count);
        }
        case BaseFixedWidthVector fixed -> {
          prepare(to, count);
          copyFixed(fixed, to, positions, count);
          copyValidity(from, to, positions, count);
        }
        case BaseVariableWidthVector variable ->
            copyVariable(variable, (BaseVariableWidthVector) to, positions, count);
        default -> {
          to.setInitialCapacity(count);
          to.allocateNew();
          for (int i = 0; i < count; i++) {
            if (positions[i] == NULL_ROW) {
              to.setNull(i);
            } else {
              to.copyFromSafe(positions[i], i, from);
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

  private static void prepare(FieldVector to, int count) {
    to.setInitialCapacity(Math.max(1, count));
    to.allocateNew();
  }

  private static void copyValidity(FieldVector from, FieldVector to, int[] positions, int count) {
    long target = to.getValidityBuffer().memoryAddress();
    boolean noNulls = from.getNullCount() == 0;
    if (noNulls && !hasNullRow(positions, count)) {
      to.getValidityBuffer().setOne(0L, (count + 7) / 8L);
      return;
    }
    long source = noNulls ? 0 : from.getValidityBuffer().memoryAddress();
    for (int i = 0; i < count; i++) {
      int position = positions[i];
      putBit(target, i, position >= 0 && (noNulls || getBit(source, position)));
    }
  }

  private static boolean hasNullRow(int[] positions, int count) {
    int signs = 0;
    for (int i = 0; i < count; i++) {
      signs |= positions[i];
    }
    return signs < 0;
  }

  private static void copyBits(BitVector from, FieldVector to, int[] positions, int count) {
    long source = from.getDataBuffer().memoryAddress();
    long target = to.getDataBuffer().memoryAddress();
    for (int i = 0; i < count; i++) {
      putBit(target, i, positions[i] >= 0 && getBit(source, positions[i]));
    }
  }

  private static void copyFixed(
      BaseFixedWidthVector from, FieldVector to, int[] positions, int count) {
    long source = from.getDataBuffer().memoryAddress();
    long target = to.getDataBuffer().memoryAddress();
    int width = from.getTypeWidth();
    switch (width) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          putByte(target + i, positions[i] < 0 ? 0 : getByte(source + positions[i]));
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          putShort(target + 2L * i, positions[i] < 0 ? 0 : getShort(source + 2L * positions[i]));
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          putInt(target + 4L * i, positions[i] < 0 ? 0 : getInt(source + 4L * positions[i]));
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          putLong(target + 8L * i, positions[i] < 0 ? 0 : getLong(source + 8L * positions[i]));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          if (positions[i] >= 0) {
            copy(source + (long) width * positions[i], target + (long) width * i, width);
          }
        }
      }
    }
  }

  private static void copyVariable(
      BaseVariableWidthVector from, BaseVariableWidthVector to, int[] positions, int count) {
    long sourceOffsets = from.getOffsetBuffer().memoryAddress();
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      if (positions[i] >= 0) {
        long offset = sourceOffsets + 4L * positions[i];
        bytes += getInt(offset + 4) - getInt(offset);
      }
    }
    to.allocateNew(Math.max(1, bytes), Math.max(1, count));
    copyValidity(from, to, positions, count);
    long source = from.getDataBuffer().memoryAddress();
    long target = to.getDataBuffer().memoryAddress();
    long offsets = to.getOffsetBuffer().memoryAddress();
    int at = 0;
    putInt(offsets, 0);
    for (int i = 0; i < count; i++) {
      if (positions[i] >= 0) {
        long offset = sourceOffsets + 4L * positions[i];
        int start = getInt(offset);
        int length = getInt(offset + 4) - start;
        if (length > 0) {
          copy(source + start, target + at, length);
          at += length;
        }
      }
      putInt(offsets + 4L * (i + 1), at);
    }
    to.setLastSet(count - 1);
  }
}
