package io.arrowmill.codegen.table;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * One block of working memory that grows when asked for more; its content does not survive growth.
 */
final class Scratch implements AutoCloseable {
  private static final long BYTES_MIN = 1024;

  private final MemorySource memory;
  private long address;
  private long bytes;

  Scratch(MemorySource memory) {
    this.memory = memory;
  }

  /** Returns the address of at least {@code wanted} bytes, good until the next call. */
  long ensure(long wanted) {
    if (wanted > bytes) {
      long rounded = Math.max(BYTES_MIN, Long.highestOneBit(wanted - 1) << 1);
      close();
      address = memory.allocate(rounded);
      bytes = rounded;
    }
    return address;
  }

  long memoryBytes() {
    return bytes;
  }

  @Override
  public void close() {
    if (address != 0) {
      memory.free(address, bytes);
      address = 0;
      bytes = 0;
    }
  }
}
