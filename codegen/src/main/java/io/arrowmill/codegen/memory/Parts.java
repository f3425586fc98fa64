package io.arrowmill.codegen.memory;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What something that is being made has taken so far: given back, last one first, unless the making
 * comes to its end.
 *
 * <pre>{@code
 * try (Parts parts = new Parts()) {
 *   this.table = parts.add(new Table(memory));
 *   this.block = parts.allocate(memory, BYTES);
 *   parts.complete();
 * }
 * }</pre>
 *
 * <p>One thread, for the time of a constructor.
 */
public final class Parts implements AutoCloseable {
  private final Deque<AutoCloseable> taken = new ArrayDeque<>();

  /** Takes a part. */
  public <T extends AutoCloseable> T add(T part) {
    taken.push(part);
    return part;
  }

  /** Takes a block. */
  public long allocate(MemorySource memory, long bytes) {
    long address = memory.allocate(bytes);
    taken.push(() -> memory.free(address, bytes));
    return address;
  }

  /** Everything is made: whoever was made owns the parts from now on. */
  public void complete() {
    taken.clear();
  }

  /** Closes what was taken, if it was not completed. */
  @Override
  public void close() {
    while (!taken.isEmpty()) {
      close(taken.pop());
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("part must close: part=" + part, e);
    }
  }
}
