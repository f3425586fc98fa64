package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * Rows of a {@link GroupTable} that no key leads to: their owner knows where they are. They lie one
 * behind the other as they were made, and no place is used twice until all are forgotten. Owned by
 * one table; one thread at a time.
 */
final class LooseRows implements AutoCloseable {
  private final KeyColumns keys;
  private final BytesArena arena;
  private final Accumulator[] accumulators;
  private final RowPages pages;
  private long size;
  private long changedCount;

  LooseRows(
      RowLayout layout,
      KeyColumns keys,
      BytesArena arena,
      Accumulator[] accumulators,
      MemorySource memory) {
    this.keys = keys;
    this.arena = arena;
    this.accumulators = accumulators;
    this.pages = new RowPages(memory, layout.rowBytes());
  }

  long size() {
    return size;
  }

  /** Number of rows that {@link #changed} lists. */
  long changedCount() {
    return changedCount;
  }

  long memoryBytes() {
    return pages.memoryBytes();
  }

  void beginEpoch() {
    changedCount = 0;
  }

  /**
   * Makes a row with the keys of the slice's row {@code index}; leaves nothing behind if it throws.
   */
  long add(int index, int epoch) {
    long row = pages.append();
    try {
      keys.write(index, row, arena);
    } catch (RuntimeException | Error e) {
      pages.leave(row);
      throw e;
    }
    putInt(row + RowLayout.EPOCH_OFFSET, epoch);
    size++;
    changedCount += epoch == 0 ? 0 : 1;
    return row;
  }

  /** Frees a row; its keys and its states are gone. */
  void drop(long row, int epoch) {
    release(row);
    changedCount -= epoch != 0 && getInt(row + RowLayout.EPOCH_OFFSET) == epoch ? 1 : 0;
    pages.leave(row);
    size--;
  }

  /** Gives back what some rows hold outside themselves, before {@link #clear}. */
  void release(long rows, int count) {
    if (arena.memoryBytes() > 0) {
      for (int i = 0; i < count; i++) {
        release(getLong(rows + 8L * i));
      }
    }
  }

  private void release(long row) {
    for (Accumulator accumulator : accumulators) {
      accumulator.release(row);
    }
    keys.release(row, arena);
  }

  int next(RowCursor cursor, long rowsOut, int max) {
    return size == 0 ? 0 : pages.next(cursor, rowsOut, max);
  }

  int changed(int epoch, RowCursor cursor, long rowsOut, int max) {
    return changedCount == 0 ? 0 : pages.nextOf(epoch, cursor, rowsOut, max);
  }

  /** Forgets every row. */
  void clear() {
    pages.clear();
    size = 0;
    changedCount = 0;
  }

  @Override
  public void close() {
    pages.close();
    size = 0;
  }
}
