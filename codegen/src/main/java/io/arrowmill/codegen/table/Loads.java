package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * Loads from many addresses in loops that do nothing else. A core has some twenty cache misses
 * under way at once, but looks only a few hundred instructions ahead for them: whatever else a loop
 * does makes them fewer. So addresses are listed first and loaded from afterwards.
 */
final class Loads implements AutoCloseable {
  private final Scratch scratch;

  /** What {@link #warm} adds up to; kept so that it is not optimized away. */
  @SuppressWarnings("UnusedVariable")
  private long warmed;

  Loads(MemorySource memory) {
    scratch = new Scratch(memory);
  }

  /** Room for a list of int64 addresses, good until the next call. */
  long list(int count) {
    return scratch.ensure(8L * count);
  }

  /** Replaces each address of a list by the int64 that is there. */
  static void read(long list, int count) {
    for (int i = 0; i < count; i++) {
      putLong(list + 8L * i, getLong(getLong(list + 8L * i)));
    }
  }

  /** Brings what the addresses of a list plus an offset point to into the cache. */
  void warm(long list, int count, int offset) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += getLong(getLong(list + 8L * i) + offset);
    }
    warmed = sum;
  }

  long memoryBytes() {
    return scratch.memoryBytes();
  }

  @Override
  public void close() {
    scratch.close();
  }
}
