package io.arrowmill.connectors.file.format;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.types.DataTypes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;

/**
 * Builds one STRING column without nulls from bytes, straight into Arrow's buffers. Bytes that are
 * not UTF-8 become U+FFFD. Owns the vector until {@link #finish}; confined to one thread.
 */
final class StringColumnBuilder implements AutoCloseable {
  /** Above this a batch is handed on, however few rows it has. */
  static final int DATA_BYTES_MAX = 64 << 20;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGHS = 0x8080_8080_8080_8080L;

  private final VarCharVector vector;
  private ArrowBuf data;
  private ArrowBuf offsets;
  private int rows;
  private int size;
  private boolean finished;

  StringColumnBuilder(String name, int rowsMax, long dataBytesHint, BufferAllocator allocator) {
    vector = (VarCharVector) ArrowTypes.field(name, DataTypes.STRING, true).createVector(allocator);
    try {
      vector.allocateNew(dataBytesHint, rowsMax);
    } catch (RuntimeException e) {
      vector.close();
      throw e;
    }
    data = vector.getDataBuffer();
    offsets = vector.getOffsetBuffer();
  }

  void append(byte[] bytes, int start, int end) {
    if (!isAscii(bytes, start, end) && !isUtf8(bytes, start, end)) {
      byte[] replaced =
          new String(bytes, start, end - start, StandardCharsets.UTF_8)
              .getBytes(StandardCharsets.UTF_8);
      put(replaced, 0, replaced.length);
    } else {
      put(bytes, start, end);
    }
  }

  private void put(byte[] bytes, int start, int end) {
    int length = end - start;
    while (data.capacity() - size < length) {
      vector.reallocDataBuffer(Math.max(2 * data.capacity(), (long) size + length));
      data = vector.getDataBuffer();
    }
    data.setBytes(size, bytes, start, length);
    size += length;
    rows++;
    offsets.setInt(4L * rows, size);
  }

  int rows() {
    return rows;
  }

  int sizeBytes() {
    return size;
  }

  boolean isFull(int rowsMax) {
    return rows >= rowsMax || size >= DATA_BYTES_MAX;
  }

  /** The column; the caller owns it. */
  FieldVector finish() {
    finished = true;
    ArrowBuf validity = vector.getValidityBuffer();
    validity.setOne(0L, (rows + 7L) / 8);
    vector.setLastSet(rows - 1);
    vector.setValueCount(rows);
    return vector;
  }

  @Override
  public void close() {
    if (!finished) {
      finished = true;
      vector.close();
    }
  }

  private static boolean isAscii(byte[] bytes, int start, int end) {
    int i = start;
    long seen = 0;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      seen |= (long) LONG.get(bytes, i);
    }
    for (; i < end; i++) {
      seen |= bytes[i];
    }
    return (seen & HIGHS) == 0;
  }

  /** Whether the range is well-formed UTF-8, by the table of the Unicode standard (chapter 3.9). */
  static boolean isUtf8(byte[] bytes, int start, int end) {
    int i = start;
    while (i < end) {
      int lead = bytes[i] & 0xFF;
      if (lead < 0x80) {
        i++;
        continue;
      }
      int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
      if (length == 0 || i + length > end) {
        return false;
      }
      int second = bytes[i + 1] & 0xFF;
      int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
      int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
      if (second < low || second > high) {
        return false;
      }
      for (int k = 2; k < length; k++) {
        if ((bytes[i + k] & 0xC0) != 0x80) {
          return false;
        }
      }
      i += length;
    }
    return true;
  }
}
