package io.arrowmill.codegen.memory;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Unchecked access to raw addresses, little-endian, any alignment.
 *
 * <p>One segment spans all memory, so its bounds checks fold away. Whoever passes an address vouches for it.
 */
public final class Memory {

  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private Memory() {}

  public static byte getByte(long address) {
    return ALL.get(BYTE, address);
  }

  public static short getShort(long address) {
    return ALL.get(SHORT, address);
  }

  public static int getInt(long address) {
    return ALL.get(INT, address);
  }

  public static long getLong(long address) {
    return ALL.get(LONG, address);
  }

  public static float getFloat(long address) {
    return ALL.get(FLOAT, address);
  }

  public static double getDouble(long address) {
    return ALL.get(DOUBLE, address);
  }

  public static void putByte(long address, byte value) {
    ALL.set(BYTE, address, value);
  }

  public static void putShort(long address, short value) {
    ALL.set(SHORT, address, value);
  }

  public static void putInt(long address, int value) {
    ALL.set(INT, address, value);
  }

  public static void putLong(long address, long value) {
    ALL.set(LONG, address, value);
  }

  public static void putFloat(long address, float value) {
    ALL.set(FLOAT, address, value);
  }

  public static void putDouble(long address, double value) {
    ALL.set(DOUBLE, address, value);
  }

  /** The bit of a row in a bitmap: 0 or 1. */
  public static int getBit(long bitmap, int row) {
    return (ALL.get(BYTE, bitmap + (row >>> 3)) >>> (row & 7)) & 1;
  }

  /** 1 where a row's value is null; a bitmap at address 0 says that none is. */
  public static int nullBit(long validity, int row) {
    return validity == 0 ? 0 : getBit(validity, row) ^ 1;
  }

  /** Copies bytes between two ranges, which must not overlap unless they are the same. */
  public static void copy(long from, long to, long bytes) {
    MemorySegment.copy(ALL, from, ALL, to, bytes);
  }

  /** Copies bytes into an array. */
  public static void copyOut(long from, byte[] to, int length) {
    MemorySegment.copy(ALL, BYTE, from, to, 0, length);
  }

  /** Copies bytes out of an array. */
  public static void copyIn(byte[] from, long to) {
    MemorySegment.copy(from, 0, ALL, BYTE, to, from.length);
  }
}
