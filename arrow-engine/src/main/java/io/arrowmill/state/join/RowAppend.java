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

import io.arrowmill.batch.RowCopy;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/** Copies chosen rows of a vector behind the rows that another vector of its type has. */
final class RowAppend {
  private RowAppend() {}

  /**
   * Appends.
   *
   * @param from borrowed
   * @param hasNulls false only if {@code from} has no null
   * @param to has room for the rows; for their bytes, where they vary, room is made
   * @param at rows that {@code to} has
   * @param positions address of int32 row numbers of {@code from}
   */
  static void rows(
      FieldVector from, boolean hasNulls, FieldVector to, int at, long positions, int count) {
    switch (from) {
      case BitVector bits -> {
        long source = bits.getDataBuffer().memoryAddress();
        long target = to.getDataBuffer().memoryAddress();
        for (int i = 0; i < count; i++) {
          putBit(target, at + i, getBit(source, getInt(positions + 4L * i)));
        }
        validity(from, hasNulls, to, at, positions, count);
      }
      case BaseFixedWidthVector fixed -> {
        fixed(fixed, to, at, positions, count);
        validity(from, hasNulls, to, at, positions, count);
      }
      case BaseVariableWidthVector variable -> {
        variable(variable, (BaseVariableWidthVector) to, at, positions, count);
        validity(from, hasNulls, to, at, positions, count);
      }
      default -> {
        for (int i = 0; i < count; i++) {
          RowCopy.copy(from, getInt(positions + 4L * i), to, at + i);
        }
      }
    }
  }

  private static void validity(
      FieldVector from, boolean hasNulls, FieldVector to, int at, long positions, int n) {
    long target = to.getValidityBuffer().memoryAddress();
    if (!hasNulls) {
      setBits(target, at, n);
      return;
    }
    long source = from.getValidityBuffer().memoryAddress();
    for (int i = 0; i < n; i++) {
      putBit(target, at + i, getBit(source, getInt(positions + 4L * i)));
    }
  }

  /** Sets bits from {@code at} on; those behind them, up to the next whole byte, are undefined. */
  private static void setBits(long bitmap, int at, int count) {
    int first = at >> 3;
    int end = (at + count + 7) >> 3;
    if (first < end) {
      int kept = (1 << (at & 7)) - 1;
      putByte(bitmap + first, (byte) ((getByte(bitmap + first) & kept) | ~kept));
    }
    for (int i = first + 1; i < end; i++) {
      putByte(bitmap + i, (byte) -1);
    }
  }

  private static void fixed(
      BaseFixedWidthVector from, FieldVector to, int at, long positions, int count) {
    int width = from.getTypeWidth();
    long target = to.getDataBuffer().memoryAddress() + (long) width * at;
    fixed(from.getDataBuffer().memoryAddress(), width, target, positions, count);
  }

  private static void fixed(long source, int width, long target, long positions, int count) {
    switch (width) {
      case 8 -> {
        for (int i = 0; i < count; i++) {
          putLong(target + 8L * i, getLong(source + 8L * getInt(positions + 4L * i)));
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          putInt(target + 4L * i, getInt(source + 4L * getInt(positions + 4L * i)));
        }
      }
      case 1 -> {
        for (int i = 0; i < count; i++) {
          putByte(target + i, getByte(source + getInt(positions + 4L * i)));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          copy(
              source + (long) width * getInt(positions + 4L * i), target + (long) width * i, width);
        }
      }
    }
  }

  /**
   * Copies values that are in no vector to the beginning of one.
   *
   * @param values address of values of {@code width} bytes
   * @param to has room for them
   */
  static void values(long values, int width, FieldVector to, long positions, int count) {
    fixed(values, width, to.getDataBuffer().memoryAddress(), positions, count);
    setBits(to.getValidityBuffer().memoryAddress(), 0, count);
  }

  private static void variable(
      BaseVariableWidthVector from, BaseVariableWidthVector to, int at, long positions, int count) {
    long sourceOffsets = from.getOffsetBuffer().memoryAddress();
    long start = at == 0 ? 0 : getInt(to.getOffsetBuffer().memoryAddress() + 4L * at);
    long bytes = start;
    for (int i = 0; i < count; i++) {
      long offset = sourceOffsets + 4L * getInt(positions + 4L * i);
      bytes += getInt(offset + 4) - getInt(offset);
    }
    if (bytes > to.getDataBuffer().capacity()) {
      to.reallocDataBuffer(Math.max(bytes, 2 * to.getDataBuffer().capacity()));
    }
    long source = from.getDataBuffer().memoryAddress();
    long target = to.getDataBuffer().memoryAddress();
    long targetOffsets = to.getOffsetBuffer().memoryAddress() + 4L * at;
    int end = (int) start;
    putInt(targetOffsets, end);
    for (int i = 0; i < count; i++) {
      long offset = sourceOffsets + 4L * getInt(positions + 4L * i);
      int first = getInt(offset);
      int length = getInt(offset + 4) - first;
      if (length > 0) {
        copy(source + first, target + end, length);
        end += length;
      }
      putInt(targetOffsets + 4L * (i + 1), end);
    }
  }
}
