package io.arrowmill.connectors.file.parquet;

import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A buffer that grows to what is asked of it and is used again and again. Owns its memory; confined
 * to one thread.
 */
final class OffHeapBytes implements AutoCloseable {
  /** Bytes that can be read and written behind what was asked for. */
  static final int SLACK = 64;

  private final BufferAllocator allocator;
  private @Nullable ArrowBuf buffer;
  private MemorySegment memory = MemorySegment.NULL;

  OffHeapBytes(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /** Memory of at least {@code bytes} and the slack; what was in it before is lost if it grows. */
  MemorySegment ensure(long bytes) {
    if (memory.byteSize() < bytes + SLACK) {
      close();
      ArrowBuf grown = allocator.buffer(Math.max(1 << 10, bytes + SLACK));
      buffer = grown;
      memory = segment(grown);
    }
    return memory;
  }

  /** The memory as it is. */
  MemorySegment memory() {
    return memory;
  }

  /** All of a buffer's memory, valid as long as the buffer is. */
  @SuppressWarnings("restricted")
  static MemorySegment segment(ArrowBuf buffer) {
    return MemorySegment.ofAddress(buffer.memoryAddress()).reinterpret(buffer.capacity());
  }

  @Override
  public void close() {
    ArrowBuf owned = buffer;
    buffer = null;
    memory = MemorySegment.NULL;
    if (owned != null) {
      owned.close();
    }
  }
}
