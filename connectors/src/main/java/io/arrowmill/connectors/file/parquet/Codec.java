package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A way in which pages are compressed.
 *
 * <p>Both sides are memory with {@link OffHeapBytes#SLACK} bytes behind them; a claim about the
 * decompressed size is believed only up to what the codec can make of the compressed one.
 */
enum Codec {
  UNCOMPRESSED(0, 1),
  SNAPPY(1, 22),
  GZIP(2, 1_040),
  LZ4_RAW(7, 256);

  /** The format's number. */
  private final int number;

  /** How many bytes may come of one. */
  private final int expansionMax;

  Codec(int number, int expansionMax) {
    this.number = number;
    this.expansionMax = expansionMax;
  }

  /** The codec with the format's number, or null if there is none here. */
  static @Nullable Codec of(int number) {
    for (Codec codec : values()) {
      if (codec.number == number) {
        return codec;
      }
    }
    return null;
  }

  /** Decompresses all of {@code in} to exactly {@code size} bytes from the start of the target. */
  PageBytes decompress(PageBytes in, int size, OffHeapBytes target) {
    if (this == UNCOMPRESSED) {
      check(in.size() == size, "an uncompressed page must have as many bytes as it says");
      return in;
    }
    check(size <= in.size() * expansionMax + 64, "a page can't decompress to as much as it says");
    MemorySegment out = target.ensure(size);
    long written =
        switch (this) {
          case SNAPPY -> Snappy.decompress(in, out, size);
          case LZ4_RAW -> Lz4.decompress(in, out, size);
          case GZIP -> Gzip.decompress(in, out, size);
          case UNCOMPRESSED -> throw new IllegalStateException();
        };
    check(written == size, "a page must decompress to as many bytes as it says");
    return new PageBytes(out, 0, size, null);
  }

  /**
   * Repeats {@code count} bytes that begin {@code distance} before {@code to}, byte by byte where
   * they overlap. May write up to eight bytes more.
   */
  static void repeat(MemorySegment out, long to, long distance, long count) {
    long from = to - distance;
    if (distance >= 8) {
      for (long i = 0; i < count; i += 8) {
        out.set(Layouts.LONG, to + i, out.get(Layouts.LONG, from + i));
      }
    } else {
      for (long i = 0; i < count; i++) {
        out.set(Layouts.BYTE, to + i, out.get(Layouts.BYTE, from + i));
      }
    }
  }

  /** Copies {@code count} bytes; may read and write up to eight bytes more. */
  static void copy(MemorySegment in, long from, MemorySegment out, long to, long count) {
    if (count <= 64) {
      for (long i = 0; i < count; i += 8) {
        out.set(Layouts.LONG, to + i, in.get(Layouts.LONG, from + i));
      }
    } else {
      MemorySegment.copy(in, from, out, to, count);
    }
  }
}
