package io.arrowmill.state;

import io.arrowmill.codegen.memory.MemorySource;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A share of a larger memory, with a limit of its own. Any thread may allocate; closing is the leak
 * check.
 */
public final class MemoryShare implements AutoCloseable {
  private final BufferAllocator allocator;
  private final ArrowMemorySource source;

  /**
   * A child of {@code parent}.
   *
   * @param owner who holds the memory, as errors name it
   * @param limitBytes most bytes the owner may hold; 0 means no limit but the parent's
   */
  public MemoryShare(BufferAllocator parent, MemoryLevel level, String owner, long limitBytes) {
    String name = level.allocatorName(owner);
    this.allocator =
        parent.newChildAllocator(name, 0, limitBytes == 0 ? Long.MAX_VALUE : limitBytes);
    this.source = new ArrowMemorySource(allocator, name, level.settingKey());
  }

  /** Where buffers come from. */
  public BufferAllocator allocator() {
    return allocator;
  }

  /** Where blocks come from; the same memory. */
  public MemorySource source() {
    return source;
  }

  @Override
  public void close() {
    source.close();
    allocator.close();
  }
}
