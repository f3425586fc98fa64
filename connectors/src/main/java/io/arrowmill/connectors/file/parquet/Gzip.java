package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Members of the gzip format, one after the other; checksums are not checked. */
final class Gzip {
  private static final String BAD = "a gzip page is damaged";
  private static final int HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;
  private static final int CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private Gzip() {}

  /** Decompresses {@code in} and returns how many bytes it gave, at most {@code size}. */
  static long decompress(PageBytes in, MemorySegment out, int size) {
    long position = in.from();
    long to = 0;
    try (Inflater inflater = new Inflater(true)) {
      while (position < in.to()) {
        position = header(in, position);
        inflater.reset();
        inflater.setInput(in.memory().asSlice(position, in.to() - position).asByteBuffer());
        // A byte more than wanted, so that the inflater can come to its end.
        ByteBuffer target = out.asSlice(to, size - to + 1).asByteBuffer();
        while (!inflater.finished()) {
          check(inflater.inflate(target) > 0 || inflater.finished(), BAD);
        }
        position += inflater.getBytesRead() + TRAILER_BYTES;
        to += inflater.getBytesWritten();
      }
    } catch (DataFormatException e) {
      throw new DamagedParquetException(BAD, e);
    }
    return to;
  }

  private static long header(PageBytes in, long start) {
    MemorySegment bytes = in.memory();
    check(in.to() - start >= HEADER_BYTES, BAD);
    check((bytes.get(Layouts.INT, start) & 0xFFFFFF) == 0x088B1F, BAD);
    int flags = bytes.get(Layouts.BYTE, start + 3);
    long position = start + HEADER_BYTES;
    if ((flags & EXTRA) != 0) {
      check(in.to() - position >= 2, BAD);
      position += 2 + (bytes.get(Layouts.SHORT, position) & 0xFFFF);
    }
    if ((flags & NAME) != 0) {
      position = behindZero(in, position);
    }
    if ((flags & COMMENT) != 0) {
      position = behindZero(in, position);
    }
    if ((flags & CHECKSUM) != 0) {
      position += 2;
    }
    check(position <= in.to(), BAD);
    return position;
  }

  private static long behindZero(PageBytes in, long start) {
    long position = start;
    while (position < in.to() && in.memory().get(Layouts.BYTE, position) != 0) {
      position++;
    }
    return position + 1;
  }
}
