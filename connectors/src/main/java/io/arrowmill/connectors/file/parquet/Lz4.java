package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;

import java.lang.foreign.MemorySegment;

/**
 * LZ4's block format.
 *
 * <pre>
 * sequence: token llllmmmm | more of llll | literals | distance, 2 bytes | more of mmmm
 * a length of 15 goes on in bytes that are added, until one is not 255; a match has 4 bytes more
 * the last sequence ends behind its literals
 * </pre>
 */
final class Lz4 {
  private static final String CUT = "an lz4 page is cut off";

  private final MemorySegment bytes;
  private final long end;
  private long position;

  private Lz4(PageBytes in) {
    bytes = in.memory();
    position = in.from();
    end = in.to();
  }

  /** Decompresses {@code in} and returns how many bytes it gave, at most {@code size}. */
  static long decompress(PageBytes in, MemorySegment out, long size) {
    return new Lz4(in).run(out, size);
  }

  private long run(MemorySegment out, long size) {
    long to = 0;
    while (position < end) {
      int token = bytes.get(Layouts.BYTE, position++) & 0xFF;
      long literals = length(token >>> 4);
      check(literals <= end - position && literals <= size - to, CUT);
      Codec.copy(bytes, position, out, to, literals);
      position += literals;
      to += literals;
      if (position == end) {
        return to;
      }
      check(end - position >= 2, CUT);
      long distance = bytes.get(Layouts.SHORT, position) & 0xFFFF;
      position += 2;
      long match = length(token & 15) + 4;
      check(distance > 0 && distance <= to && match <= size - to, CUT);
      Codec.repeat(out, to, distance, match);
      to += match;
    }
    return to;
  }

  private long length(int start) {
    long length = start;
    if (start == 15) {
      int more;
      do {
        check(position < end, CUT);
        more = bytes.get(Layouts.BYTE, position++) & 0xFF;
        length += more;
      } while (more == 255);
    }
    return length;
  }
}
