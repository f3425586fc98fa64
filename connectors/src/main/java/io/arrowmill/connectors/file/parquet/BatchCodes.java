package io.arrowmill.connectors.file.parquet;

import io.arrowmill.batch.RowCodes;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the codes of a batch's column of bytes, where all its pages are codes of one small
 * dictionary; a null has the code behind the last entry. Owns what has not been taken; confined to
 * one thread.
 */
final class BatchCodes implements AutoCloseable {
  private final BufferAllocator allocator;
  private final DictionaryCodes ahead = new DictionaryCodes();
  private @Nullable ArrowBuf values;
  private int ofNull;

  BatchCodes(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /** A batch of so many rows begins. */
  void start(@Nullable BytesDictionary dictionary, int rows) {
    close();
    if (dictionary != null && RowCodes.pays(dictionary.size() + 1, rows)) {
      ofNull = dictionary.size();
      values = allocator.buffer(4L * rows);
    }
  }

  /**
   * Keeps the codes of the next rows of the current page, which are the batch's from {@code at} on.
   * What reads the page does not notice.
   *
   * @param scratch for levels
   */
  void note(ColumnPages pages, boolean optional, OffHeapBytes scratch, int at, int rows) {
    ArrowBuf target = values;
    if (target == null) {
      return;
    }
    if (!pages.isCoded()) {
      close();
      return;
    }
    MemorySegment out = OffHeapBytes.segment(target);
    ahead.start(pages, optional, scratch);
    for (int done = 0; done < rows; done += DictionaryCodes.STEP) {
      int take = Math.min(DictionaryCodes.STEP, rows - done);
      int[] codes = ahead.next(take, ofNull);
      MemorySegment.copy(codes, 0, out, Layouts.INT, 4L * (at + done), take);
    }
  }

  /** The codes of the batch, owned by the caller; null if it has none. */
  @Nullable RowCodes take() {
    ArrowBuf taken = values;
    values = null;
    return taken == null ? null : new RowCodes(taken, ofNull + 1);
  }

  @Override
  public void close() {
    ArrowBuf left = values;
    if (left != null) {
      values = null;
      left.close();
    }
  }
}
