package io.arrowmill.connectors.file.parquet;

import java.lang.foreign.MemorySegment;

/**
 * Numbers of {@code width} bits, packed from the least significant bit on.
 *
 * <p>Eight numbers fill {@code width} bytes. Up to 16 bits, two loads of eight bytes hold all
 * eight: the second begins with the byte in which the fifth number begins, at bit 0 or 4 of it.
 * Loads may read up to eight bytes behind the numbers.
 */
final class BitUnpacking {
  private static final int TWO_LOADS_WIDTH_MAX = 16;

  private BitUnpacking() {}

  /**
   * Unpacks {@code count} numbers of at most 32 bits.
   *
   * @param firstBit of the first number, from the segment's start
   */
  static void unpack(
      MemorySegment in, long firstBit, int width, int[] out, int outIndex, int count) {
    int index = outIndex;
    int end = outIndex + count;
    long bit = firstBit;
    if (width <= TWO_LOADS_WIDTH_MAX) {
      while (index < end && (bit & 7) != 0) {
        out[index++] = one(in, bit, width);
        bit += width;
      }
      int inLanes = UnpackingChoice.unpack(in, bit >>> 3, width, out, index, end - index);
      index += inLanes;
      bit += (long) inLanes * width;
      int groups = (end - index) >>> 3;
      groups(in, bit >>> 3, width, out, index, groups);
      index += groups << 3;
      bit += ((long) groups * width) << 3;
    }
    for (; index < end; index++) {
      out[index] = one(in, bit, width);
      bit += width;
    }
  }

  private static int one(MemorySegment in, long bit, int width) {
    long word = in.get(Layouts.LONG, bit >>> 3) >>> (bit & 7);
    return (int) (word & ((1L << width) - 1));
  }

  private static void groups(
      MemorySegment in, long from, int width, int[] out, int outIndex, int groups) {
    int second = (4 * width) >>> 3;
    int skew = (4 * width) & 7;
    int two = 2 * width;
    int three = 3 * width;
    int mask = (1 << width) - 1;
    int index = outIndex;
    long position = from;
    for (int group = 0; group < groups; group++) {
      long low = in.get(Layouts.LONG, position);
      long high = in.get(Layouts.LONG, position + second) >>> skew;
      out[index] = (int) low & mask;
      out[index + 1] = (int) (low >>> width) & mask;
      out[index + 2] = (int) (low >>> two) & mask;
      out[index + 3] = (int) (low >>> three) & mask;
      out[index + 4] = (int) high & mask;
      out[index + 5] = (int) (high >>> width) & mask;
      out[index + 6] = (int) (high >>> two) & mask;
      out[index + 7] = (int) (high >>> three) & mask;
      index += 8;
      position += width;
    }
  }
}
