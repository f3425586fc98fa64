package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.codegen.memory.MemorySource;

/** Int32 numbers off the heap, as many as there are rows. Owns its memory; one thread. */
final class IntBlock implements AutoCloseable {
  private final MemorySource memory;
  private final long bytes;
  private long address;

  IntBlock(int count, MemorySource memory) {
    this.memory = memory;
    this.bytes = Math.max(8, 4L * count);
    this.address = memory.allocate(bytes);
  }

  long address() {
    return address;
  }

  int get(int index) {
    return getInt(address + 4L * index);
  }

  void set(int index, int value) {
    putInt(address + 4L * index, value);
  }

  @Override
  public void close() {
    if (address != 0) {
      memory.free(address, bytes);
      address = 0;
    }
  }
}
