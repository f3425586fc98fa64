package io.arrowmill.runtime;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.state.ArrowMemorySource;
import org.apache.arrow.memory.BufferAllocator;

/** A query's share of the session's memory. Any thread may allocate; closing is the leak check. */
final class QueryMemory implements AutoCloseable {
  private final BufferAllocator allocator;
  private final ArrowMemorySource source;

  /**
   * A child of the session's memory.
   *
   * @param limitBytes most bytes the query may hold; 0 means no limit
   */
  QueryMemory(BufferAllocator parent, String name, long limitBytes) {
    this.allocator =
        parent.newChildAllocator(name, 0, limitBytes == 0 ? Long.MAX_VALUE : limitBytes);
    this.source = new ArrowMemorySource(allocator, name, RuntimeConf.QUERY_MEMORY_LIMIT.key());
  }

  BufferAllocator allocator() {
    return allocator;
  }

  MemorySource source() {
    return source;
  }

  @Override
  public void close() {
    source.close();
    allocator.close();
  }
}
