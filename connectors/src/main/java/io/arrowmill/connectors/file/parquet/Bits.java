package io.arrowmill.connectors.file.parquet;

import java.lang.foreign.MemorySegment;

/** Runs of bits in memory, the least significant bit of a byte first, as Arrow and Parquet do. */
final class Bits {
  private Bits() {}

  static boolean get(MemorySegment bits, long index) {
    return ((bits.get(Layouts.BYTE, index >>> 3) >>> (index & 7)) & 1) != 0;
  }

  /**
   * Sets {@code count} bits; those before {@code from} in the same byte stay, later ones may not.
   */
  static void fill(MemorySegment bits, long from, long count, boolean value) {
    long index = from;
    long end = from + count;
    while (index < end && (index & 7) != 0) {
      put(bits, index++, value);
    }
    long bytes = (end - index) >>> 3;
    bits.asSlice(index >>> 3, bytes).fill((byte) (value ? 0xFF : 0));
    for (index += bytes << 3; index < end; index++) {
      put(bits, index, value);
    }
  }

  static void put(MemorySegment bits, long index, boolean value) {
    int mask = 1 << (index & 7);
    int old = bits.get(Layouts.BYTE, index >>> 3);
    bits.set(Layouts.BYTE, index >>> 3, (byte) (value ? old | mask : old & ~mask));
  }

  /**
   * Copies {@code count} bits.
   *
   * @param in has at least nine readable bytes from that of the last bit on
   */
  static void copy(MemorySegment in, long inIndex, MemorySegment out, long outIndex, long count) {
    long done = 0;
    while (done < count && ((outIndex + done) & 7) != 0) {
      put(out, outIndex + done, get(in, inIndex + done));
      done++;
    }
    for (; done + 32 <= count; done += 32) {
      long from = inIndex + done;
      int bits = (int) (in.get(Layouts.LONG, from >>> 3) >>> (from & 7));
      out.set(Layouts.INT, (outIndex + done) >>> 3, bits);
    }
    for (; done < count; done++) {
      put(out, outIndex + done, get(in, inIndex + done));
    }
  }

  /** How many of {@code count} bits are set. */
  static int count(MemorySegment bits, long from, int count) {
    int set = 0;
    long index = from;
    long end = from + count;
    while (index < end && (index & 7) != 0) {
      set += get(bits, index++) ? 1 : 0;
    }
    for (; index + 64 <= end; index += 64) {
      set += Long.bitCount(bits.get(Layouts.LONG, index >>> 3));
    }
    for (; index < end; index++) {
      set += get(bits, index) ? 1 : 0;
    }
    return set;
  }
}
