package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * What happened to a table since its epoch began: the rows touched, once each, and the keys of the
 * rows removed.
 */
final class ChangeLog implements AutoCloseable {
  private static final long BLOCK_BYTES_MIN = 1_024;

  private final BlockList touched;
  private final BlockList removed;

  ChangeLog(MemorySource memory, RowLayout layout) {
    touched = new BlockList(memory, 8, BLOCK_BYTES_MIN);
    removed = new BlockList(memory, layout.keysEnd(), BLOCK_BYTES_MIN);
  }

  long memoryBytes() {
    return touched.memoryBytes() + removed.memoryBytes();
  }

  long removedCount() {
    long count = 0;
    for (int b = 0; b < removed.blockCount(); b++) {
      count += removed.count(b);
    }
    return count;
  }

  void reserveTouched() {
    touched.reserve();
  }

  void touch(long row) {
    putLong(touched.append(), row);
  }

  /** As {@link #touch(long)}, for one that counts 1 or 0 times. */
  void touch(long row, int times) {
    touched.reserve();
    putLong(touched.tail(), row);
    touched.extend(times);
  }

  /**
   * Keeps header and keys of a row that goes away; what the keys hold in the arena is the copy's
   * now.
   */
  void remove(long row) {
    copy(row, removed.append(), removed.width());
  }

  void reserveRemoved() {
    removed.reserve();
  }

  int nextTouched(RowCursor cursor, int epoch, long rowsOut, int max) {
    int written = 0;
    for (; cursor.block < touched.blockCount() && written < max; ) {
      int count = touched.count(cursor.block);
      while (cursor.index < count && written < max) {
        long row = getLong(touched.block(cursor.block) + 8L * cursor.index++);
        if (getInt(row + RowLayout.EPOCH_OFFSET) == epoch) {
          putLong(rowsOut + 8L * written++, row);
        }
      }
      if (!cursorMoved(cursor, touched, count)) {
        break;
      }
    }
    return written;
  }

  int nextRemoved(RowCursor cursor, long rowsOut, int max) {
    int written = 0;
    while (cursor.block < removed.blockCount() && written < max) {
      int count = removed.count(cursor.block);
      while (cursor.index < count && written < max) {
        long row = removed.block(cursor.block) + (long) cursor.index++ * removed.width();
        putLong(rowsOut + 8L * written++, row);
      }
      if (!cursorMoved(cursor, removed, count)) {
        break;
      }
    }
    return written;
  }

  private static boolean cursorMoved(RowCursor cursor, BlockList list, int count) {
    if (cursor.index < count || cursor.block == list.blockCount() - 1) {
      return false;
    }
    cursor.block++;
    cursor.index = 0;
    return true;
  }

  /** Forgets the changes; gives back what removed keys hold in the arena. */
  void clear(KeyColumns keys, BytesArena arena) {
    for (int b = 0; b < removed.blockCount(); b++) {
      for (int i = 0; i < removed.count(b); i++) {
        keys.release(removed.block(b) + (long) i * removed.width(), arena);
      }
    }
    clear();
  }

  /** Forgets the changes of a table whose arena is emptied anyway. */
  void clear() {
    touched.clear();
    removed.clear();
  }

  @Override
  public void close() {
    touched.close();
    removed.close();
  }
}
