package io.arrowmill.runtime;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.state.MemoryLevel;
import io.arrowmill.state.MemoryShare;
import org.apache.arrow.memory.BufferAllocator;

/** A query's share of the session's memory. Any thread may allocate; closing is the leak check. */
final class QueryMemory implements AutoCloseable {
  private final MemoryShare share;
  private final long operatorLimitBytes;

  /** A child of the session's memory, with the limits that {@code conf} has. */
  QueryMemory(BufferAllocator parent, String queryName, RuntimeConf conf) {
    this.operatorLimitBytes = conf.getLong(RuntimeConf.OPERATOR_MEMORY_LIMIT);
    this.share =
        new MemoryShare(
            parent, MemoryLevel.QUERY, queryName, conf.getLong(RuntimeConf.QUERY_MEMORY_LIMIT));
  }

  BufferAllocator allocator() {
    return share.allocator();
  }

  MemorySource source() {
    return share.source();
  }

  /** Most bytes that one operator may hold; 0 means no limit. */
  long operatorLimitBytes() {
    return operatorLimitBytes;
  }

  /** The share of one operator, which the caller closes before this one. */
  MemoryShare operator(String name) {
    return new MemoryShare(allocator(), MemoryLevel.OPERATOR, name, operatorLimitBytes);
  }

  @Override
  public void close() {
    share.close();
  }
}
