package io.arrowmill.connectors.file.parquet;

import static io.arrowmill.connectors.file.parquet.DamagedParquetException.check;

import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The offsets and data of a vector of bytes that is being filled, value after value. Owns both
 * buffers; confined to one thread.
 */
final class BytesOutput implements AutoCloseable {
  private final BufferAllocator allocator;
  private final ArrowBuf offsets;
  private final MemorySegment offsetMemory;
  private ArrowBuf data;
  private MemorySegment memory;
  private int used;
  private int values;

  /** An output for {@code rows} values, of about {@code bytes} together. */
  BytesOutput(BufferAllocator allocator, int rows, long bytes) {
    this.allocator = allocator;
    offsets = allocator.buffer(4L * (rows + 1) + OffHeapBytes.SLACK);
    try {
      data = allocator.buffer(bytes + OffHeapBytes.SLACK);
    } catch (RuntimeException | Error e) {
      offsets.close();
      throw e;
    }
    offsetMemory = OffHeapBytes.segment(offsets);
    memory = OffHeapBytes.segment(data);
    offsetMemory.set(Layouts.INT, 0, 0);
  }

  /** Makes room for that many more bytes, and the slack. */
  void reserve(long more) {
    long wanted = used + more;
    check(wanted <= Integer.MAX_VALUE - 1_024, "the bytes of a batch's column must fit 2 GB");
    if (wanted + OffHeapBytes.SLACK > memory.byteSize()) {
      ArrowBuf grown =
          allocator.buffer(
              Math.clamp(2 * memory.byteSize(), wanted + OffHeapBytes.SLACK, Integer.MAX_VALUE));
      grown.setBytes(0, data, 0, used);
      data.close();
      data = grown;
      memory = OffHeapBytes.segment(grown);
    }
  }

  /** The data, valid until the next {@link #reserve}. */
  MemorySegment memory() {
    return memory;
  }

  /** Bytes written so far. */
  int used() {
    return used;
  }

  /** Values ended so far. */
  int values() {
    return values;
  }

  /** Ends a value behind {@code bytes} more bytes. */
  void end(long bytes) {
    used += (int) bytes;
    values++;
    offsetMemory.set(Layouts.INT, 4L * values, used);
  }

  /** Appends a value; room for it was reserved. */
  void append(MemorySegment in, long from, long bytes) {
    Codec.copy(in, from, memory, used, bytes);
    end(bytes);
  }

  /**
   * Appends the values of kept rows.
   *
   * @param from whose first value is that of row {@code first}
   */
  void appendKept(BytesOutput from, KeptRows kept, int first, int start, int end) {
    long bytes = 0;
    for (int i = start; i < end; i++) {
      int value = kept.number(i) - first;
      bytes += from.offset(value + 1) - from.offset(value);
    }
    reserve(bytes);
    for (int i = start; i < end; i++) {
      int value = kept.number(i) - first;
      int at = from.offset(value);
      append(from.memory, at, from.offset(value + 1) - (long) at);
    }
  }

  private int offset(int value) {
    return offsetMemory.get(Layouts.INT, 4L * value);
  }

  /**
   * Makes {@code count} values of the last {@code dense}: one for each set bit of {@code valid}
   * from {@code index} on, and an empty one for each other bit.
   */
  void spread(MemorySegment valid, int index, int dense, int count) {
    long from = 4L * (index + dense);
    for (int to = index + count - 1; to >= index; to--) {
      offsetMemory.set(Layouts.INT, 4L * (to + 1), offsetMemory.get(Layouts.INT, from));
      if (Bits.get(valid, to)) {
        from -= 4;
      }
    }
    values = index + count;
  }

  ArrowBuf offsets() {
    return offsets;
  }

  ArrowBuf data() {
    return data;
  }

  @Override
  public void close() {
    offsets.close();
    data.close();
  }
}
