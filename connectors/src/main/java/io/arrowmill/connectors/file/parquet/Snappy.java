package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;

import java.lang.foreign.MemorySegment;

/**
 * Snappy's block format.
 *
 * <pre>
 * varint decompressed size | elements
 * tag ......00: literal of tag >>> 2, plus 1, bytes; from 60 on the length is in the next 1 to 4 bytes
 * tag ooolll01: copy of lll + 4 bytes, distance ooo and the next byte
 * tag llllll10: copy of llllll + 1 bytes, distance in the next 2 bytes
 * tag llllll11: the same with 4 bytes
 * </pre>
 */
final class Snappy {
  private static final String CUT = "a snappy page is cut off";

  private Snappy() {}

  /** Decompresses {@code in} and returns how many bytes it gave, at most {@code size}. */
  static long decompress(PageBytes in, MemorySegment out, long size) {
    MemorySegment bytes = in.memory();
    long end = in.to();
    long position = in.from();
    while (position < end && bytes.get(Layouts.BYTE, position) < 0) {
      position++; // the size is known
    }
    position++;
    long to = 0;
    while (position < end) {
      int tag = bytes.get(Layouts.BYTE, position++) & 0xFF;
      if ((tag & 3) == 0) {
        int inTag = tag >>> 2;
        long length = inTag;
        if (length >= 60) {
          int extra = (int) length - 59;
          check(end - position >= extra, CUT);
          length = bytes.get(Layouts.INT, position) & (0xFFFF_FFFFL >>> (32 - 8 * extra));
          position += extra;
        }
        length++;
        check(length <= end - position && length <= size - to, CUT);
        Codec.copy(bytes, position, out, to, length);
        position += length;
        to += length;
        continue;
      }
      int extra = (tag & 3) == 3 ? 4 : tag & 3;
      check(end - position >= extra, CUT);
      int next = bytes.get(Layouts.INT, position);
      position += extra;
      int length = extra == 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
      int near = extra == 1 ? ((tag >>> 5) << 8) | (next & 0xFF) : next & 0xFFFF;
      long distance = extra == 4 ? next & 0xFFFF_FFFFL : near;
      check(distance > 0 && distance <= to && length <= size - to, CUT);
      Codec.repeat(out, to, distance, length);
      to += length;
    }
    return to;
  }
}
