package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.memory.OffHeap;

/** Bitmaps by words of 64 rows, which may begin at any row. */
public final class LaneBits {

  private LaneBits() {}

  /** Bits {@code row} to {@code row + 63} of a bitmap that has them all. */
  public static long word(long bitmap, int row) {
    long address = bitmap + (row >>> 3);
    int shift = row & 7;
    long low = OffHeap.getLong(address);
    return shift == 0
        ? low
        : low >>> shift | (long) OffHeap.getByte(address + 8) << (Long.SIZE - shift);
  }

  /** A bit for every row from {@code row} to {@code row + 63} that is null. */
  public static long nulls(long validity, int row) {
    return validity == 0 ? 0 : ~word(validity, row);
  }

  /**
   * Writes the lowest {@code count} bits, the others being 0, behind the first {@code position}
   * bits of a bitmap. Whole words of it are written.
   */
  public static void append(long bitmap, int position, long bits, int count) {
    long address = bitmap + (long) (position >>> 6) * 8;
    int shift = position & 63;
    if (shift == 0) {
      if (count > 0) {
        OffHeap.putLong(address, bits);
      }
      return;
    }
    long before = OffHeap.getLong(address) & ~(-1L << shift);
    OffHeap.putLong(address, before | bits << shift);
    if (shift + count > Long.SIZE) {
      OffHeap.putLong(address + 8, bits >>> (Long.SIZE - shift));
    }
  }
}
