package io.arrowmill.connectors.file.parquet;

import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * A range of memory with the bytes of a page or a part of one, valid until the next page is read.
 *
 * @param memory readable at least {@link OffHeapBytes#SLACK} bytes behind {@code to}
 * @param shared the buffer behind {@code memory}, where it belongs to this page alone and may be
 *     shared by vectors
 */
record PageBytes(MemorySegment memory, long from, long to, @Nullable ArrowBuf shared) {

  long size() {
    return to - from;
  }

  /** What remains from {@code start} on. */
  PageBytes behind(long start) {
    return new PageBytes(memory, start, to, shared);
  }
}
