package io.arrowmill.benchmarks.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What this core gets from memory right now: the rate at which it reads a long run of memory, and
 * the time of a load that misses its caches while others are under way. Owns its memory.
 */
final class MemoryProbe implements AutoCloseable {
  /** More than any cache. */
  private static final long READ_BYTES = 512L << 20;

  private static final int LOADS = 1 << 22;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory = arena.allocate(READ_BYTES, 4_096);
  private final long tableMask;

  /**
   * Memory to read.
   *
   * @param tableBytes how far apart the loads may be that stand for those of a hash table
   */
  MemoryProbe(long tableBytes) {
    for (long i = 0; i < READ_BYTES; i += 8) {
      memory.set(ValueLayout.JAVA_LONG, i, i);
    }
    long size = Long.highestOneBit(Math.clamp(tableBytes, 4_096, READ_BYTES) * 2 - 1);
    this.tableMask = Math.min(size, READ_BYTES) - 8;
  }

  /** Nanoseconds a byte. */
  double readNanos() {
    long started = System.nanoTime();
    long sum = sum();
    long nanos = System.nanoTime() - started;
    consume(sum);
    return (double) nanos / READ_BYTES;
  }

  private long sum() {
    // Four sums, so that additions don't wait for each other.
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    for (long i = 0; i < READ_BYTES; i += 32) {
      a += memory.get(ValueLayout.JAVA_LONG, i);
      b += memory.get(ValueLayout.JAVA_LONG, i + 8);
      c += memory.get(ValueLayout.JAVA_LONG, i + 16);
      d += memory.get(ValueLayout.JAVA_LONG, i + 24);
    }
    return a + b + c + d;
  }

  /** Nanoseconds of a load from anywhere in as much memory as the table takes. */
  double missNanos() {
    long started = System.nanoTime();
    long sum = 0;
    long at = 0x9E3779B97F4A7C15L;
    for (int i = 0; i < LOADS; i++) {
      at = at * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
      // The address does not depend on what was loaded: as many loads run as the core allows.
      sum += memory.get(ValueLayout.JAVA_LONG, at >>> 20 & tableMask & -8L);
    }
    long nanos = System.nanoTime() - started;
    consume(sum);
    return (double) nanos / LOADS;
  }

  private void consume(long sum) {
    if (sum == 42) {
      throw new IllegalStateException("the sum of what was read can't be this: sum=" + sum);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
