package io.arrowmill.codegen.kernel;

import io.arrowmill.codegen.kernel.KernelException.Condition;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.OffHeap;

/**
 * A growing column of BYTES: int32 offsets and data, in memory from a MemorySource.
 *
 * <p>Owns its memory until {@link #close}. Confined to one thread.
 */
public final class BytesBuffer implements BytesOutput, AutoCloseable {

  private static final long FIRST_DATA_BYTES = 1024;

  private final MemorySource memory;
  private long offsets;
  private long offsetsBytes;
  private long data;
  private long dataCapacity;
  private int count;
  private long end;

  /** An empty column. */
  public BytesBuffer(MemorySource memory) {
    this.memory = memory;
  }

  @Override
  public void begin(int values) {
    count = 0;
    end = 0;
    long needed = (values + 1L) * 4;
    if (offsetsBytes < needed) {
      long grown = memory.allocate(needed);
      release(offsets, offsetsBytes);
      offsets = grown;
      offsetsBytes = needed;
    }
    OffHeap.putInt(offsets, 0);
  }

  @Override
  public void append(long address, int length) {
    long newEnd = end + length;
    if (newEnd > dataCapacity) {
      grow(newEnd);
    }
    OffHeap.copy(address, data + end, length);
    end = newEnd;
    count++;
    OffHeap.putInt(offsets + count * 4L, (int) newEnd);
  }

  @Override
  public long appendAsLongAs(long others, int values) {
    long first = OffHeap.getInt(others);
    long begin = end;
    long newEnd = begin + OffHeap.getInt(others + 4L * values) - first;
    if (newEnd > dataCapacity) {
      grow(newEnd);
    }
    for (int i = 1; i <= values; i++) {
      long valueEnd = begin + OffHeap.getInt(others + 4L * i) - first;
      OffHeap.putInt(offsets + 4L * (count + i), (int) valueEnd);
    }
    count += values;
    end = newEnd;
    return data + begin;
  }

  @Override
  public void appendNull() {
    count++;
    OffHeap.putInt(offsets + count * 4L, (int) end);
  }

  private void grow(long needed) {
    if (needed > Integer.MAX_VALUE) {
      throw new KernelException(
          Condition.OUTPUT_TOO_LARGE,
          "text of one output column must fit int32 offsets: bytes=%d, bytesMax=%d; use smaller"
                  .formatted(needed, Integer.MAX_VALUE)
              + " batches");
    }
    long capacity = Math.max(needed, Math.max(FIRST_DATA_BYTES, dataCapacity * 2));
    long grown = memory.allocate(capacity);
    OffHeap.copy(data, grown, end);
    release(data, dataCapacity);
    data = grown;
    dataCapacity = capacity;
  }

  /** How many values there are. */
  public int count() {
    return count;
  }

  /** Where the int32 offsets are, one more than there are values. */
  public long offsetsAddress() {
    return offsets;
  }

  /** Where the data is; 0 as long as there is none. */
  public long dataAddress() {
    return data;
  }

  /** How many bytes of data there are. */
  public long dataBytes() {
    return end;
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    release(offsets, offsetsBytes);
    release(data, dataCapacity);
    offsets = 0;
    offsetsBytes = 0;
    data = 0;
    dataCapacity = 0;
    count = 0;
    end = 0;
  }

  private void release(long address, long bytes) {
    if (bytes > 0) {
      memory.free(address, bytes);
    }
  }
}
