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

  /**
   * Whether it is worth reading before the run that it belongs to begins, while the disk is busy
   * with the run before. It is then opened while methods of its source are called, may be closed
   * before its end and opened again, and must not change anything by being read.
   */
  default boolean canReadAhead() {
    return false;
  }

  /** What the split is, for messages: a file's path, a range of offsets. */
  String description();
}
