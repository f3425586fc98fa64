package io.arrowmill.kernel;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/**
 * The buffers of a column of fixed width while a kernel writes it. Unlike those that a vector
 * allocates itself they are not zeroed, which would write every column twice. Owned until they
 * become a vector.
 */
final class FixedBuffers implements AutoCloseable {
  private final ArrowBuf validity;
  private final ArrowBuf data;
  private boolean closed;

  private FixedBuffers(ArrowBuf validity, ArrowBuf data) {
    this.validity = validity;
    this.data = data;
  }

  /**
   * Room for {@code rows} rows; for bits in whole 8-byte words, as kernels write them.
   *
   * @param width bytes a value, 0 for bits
   */
  static FixedBuffers allocate(int width, int rows, BufferAllocator allocator) {
    ArrowBuf validity = allocator.buffer(bitsBytes(rows));
    try {
      return new FixedBuffers(validity, allocator.buffer(dataBytes(width, rows)));
    } catch (RuntimeException | Error e) {
      validity.close();
      throw e;
    }
  }

  /** Bytes of the values of so many rows. */
  static long dataBytes(int width, int rows) {
    return width == 0 ? bitsBytes(rows) : (long) width * rows;
  }

  /** Bytes of the validity of so many rows. */
  static long bitsBytes(int rows) {
    return Math.ceilDiv(rows, Long.SIZE) * (long) Long.BYTES;
  }

  long dataAddress() {
    return data.memoryAddress();
  }

  long validityAddress() {
    return validity.memoryAddress();
  }

  /**
   * Gives the buffers to an empty vector.
   *
   * @param nullCount if 0 the validity bits need not have been written
   */
  void moveTo(FieldVector vector, int rows, int nullCount) {
    if (nullCount == 0) {
      validity.setOne(0L, bitsBytes(rows));
    }
    validity.writerIndex((rows + 7) / 8L);
    data.writerIndex(data.capacity());
    vector.loadFieldBuffers(new ArrowFieldNode(rows, nullCount), List.of(validity, data));
    close();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      validity.close();
      data.close();
    }
  }
}
