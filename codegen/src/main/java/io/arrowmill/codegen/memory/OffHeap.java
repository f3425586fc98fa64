package io.arrowmill.codegen.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads and writes memory by raw address: little-endian, no alignment needed.
 *
 * <p>Nothing is checked: an address that its owner has freed crashes the process. Any thread may
 * call this; ordering between threads is the caller's.
 */
public final class OffHeap {
  @SuppressWarnings("restricted")
  private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  /** Up to this length ranges are compared word by word rather than by a call. */
  private static final int SHORT_BYTES = 64;

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private OffHeap() {}

  /** All of memory; offsets in it are addresses. */
  public static MemorySegment all() {
    return MEMORY;
  }

  public static byte getByte(long address) {
    return MEMORY.get(BYTE, address);
  }

  public static short getShort(long address) {
    return MEMORY.get(SHORT, address);
  }

  public static int getInt(long address) {
    return MEMORY.get(INT, address);
  }

  public static long getLong(long address) {
    return MEMORY.get(LONG, address);
  }

  public static float getFloat(long address) {
    return MEMORY.get(FLOAT, address);
  }

  public static double getDouble(long address) {
    return MEMORY.get(DOUBLE, address);
  }

  public static void putByte(long address, byte value) {
    MEMORY.set(BYTE, address, value);
  }

  public static void putShort(long address, short value) {
    MEMORY.set(SHORT, address, value);
  }

  public static void putInt(long address, int value) {
    MEMORY.set(INT, address, value);
  }

  public static void putLong(long address, long value) {
    MEMORY.set(LONG, address, value);
  }

  public static void putFloat(long address, float value) {
    MEMORY.set(FLOAT, address, value);
  }

  public static void putDouble(long address, double value) {
    MEMORY.set(DOUBLE, address, value);
  }

  /** Returns bit {@code index} of a bitmap whose least significant bit comes first. */
  public static boolean getBit(long bitmap, long index) {
    return ((getByte(bitmap + (index >>> 3)) >>> (int) (index & 7)) & 1) != 0;
  }

  /** Sets or clears bit {@code index} of a bitmap; the other bits of its byte stay. */
  public static void putBit(long bitmap, long index, boolean value) {
    long address = bitmap + (index >>> 3);
    int mask = 1 << (int) (index & 7);
    int old = getByte(address);
    putByte(address, (byte) (value ? old | mask : old & ~mask));
  }

  /** Copies bytes between two ranges, which may overlap. */
  public static void copy(long from, long to, long bytes) {
    MemorySegment.copy(MEMORY, from, MEMORY, to, bytes);
  }

  /** Sets every byte of a range to zero. */
  public static void zero(long address, long bytes) {
    MEMORY.asSlice(address, bytes).fill((byte) 0);
  }

  /** Returns whether two ranges of the same length hold the same bytes. */
  public static boolean equal(long left, long right, long bytes) {
    if (bytes <= SHORT_BYTES) {
      return equalShort(left, right, (int) bytes);
    }
    return MemorySegment.mismatch(MEMORY, left, left + bytes, MEMORY, right, right + bytes) < 0;
  }

  /** Words, of which the last may overlap the one before: nothing outside is read. */
  private static boolean equalShort(long left, long right, int bytes) {
    if (bytes >= 8) {
      for (int at = 0; at < bytes - 8; at += 8) {
        if (getLong(left + at) != getLong(right + at)) {
          return false;
        }
      }
      return getLong(left + bytes - 8) == getLong(right + bytes - 8);
    }
    if (bytes >= 4) {
      return getInt(left) == getInt(right) && getInt(left + bytes - 4) == getInt(right + bytes - 4);
    }
    if (bytes >= 2) {
      return getShort(left) == getShort(right)
          && getShort(left + bytes - 2) == getShort(right + bytes - 2);
    }
    return bytes == 0 || getByte(left) == getByte(right);
  }

  /** Compares two ranges as unsigned bytes; a prefix comes before what it begins. */
  public static int compare(long left, long leftBytes, long right, long rightBytes) {
    long common = Math.min(leftBytes, rightBytes);
    long at = MemorySegment.mismatch(MEMORY, left, left + common, MEMORY, right, right + common);
    return at < 0
        ? Long.compare(leftBytes, rightBytes)
        : Integer.compare(getByte(left + at) & 0xFF, getByte(right + at) & 0xFF);
  }
}
