package io.arrowmill.connector;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** A part of a source's range that one task reads by itself. Immutable. */
public interface InputSplit {

  /**
   * Opens the split; every buffer comes from {@code allocator}. May be called again after a
   * failure.
   */
  BatchReader open(BufferAllocator allocator) throws IOException;

  /**
   * As {@link #open(BufferAllocator)}, but the reader may leave out rows that do not pass all
   * filters.
   *
   * @param filters used by the task that opens the split, until the reader is closed
   */
  default BatchReader open(BufferAllocator allocator, List<ValueFilter> filters)
      throws IOException {
    return open(allocator);
  }

  /** What the split is, for messages: a file's path, a range of offsets. */
  String description();
}
