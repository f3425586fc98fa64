package io.arrowmill.connector;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;

/** A part of a source's range that one task reads by itself. Immutable. */
public interface InputSplit {

  /**
   * Opens the split; every buffer comes from {@code allocator}. May be called again after a
   * failure.
   */
  BatchReader open(BufferAllocator allocator) throws IOException;

  /** What the split is, for messages: a file's path, a range of offsets. */
  String description();
}
