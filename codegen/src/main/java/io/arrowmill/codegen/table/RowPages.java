package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * The rows of a table in pages that never move; a removed row's place is given to a later one.
 *
 * <p>A free place lists as many others as have room behind its own address of the next such list: a
 * list of single places would be one cache miss after the other to take from.
 *
 * <pre>
 *   0        4        8                 16
 *   +--------+--------+-----------------+-----------------+----
 *   | FREE   | listed | next free list  | free place 0    | …     filled from the front
 *   +--------+--------+-----------------+-----------------+----
 * </pre>
 */
final class RowPages implements AutoCloseable {
  private static final long PAGE_BYTES_MIN = 4_096;
  private static final int LISTS_OFFSET = RowLayout.FREE_NEXT_OFFSET + Long.BYTES;

  /** So many lists of new places are made at once. */
  private static final int FRESH_LISTS = 4;

  private final BlockList pages;
  private final int rowBytes;

  /** How many places a free one lists. */
  private final int listedMax;

  /** What the warming loads add up to; kept so that they are not optimized away. */
  @SuppressWarnings("UnusedVariable")
  private long warmed;

  private long freeHead;

  /** How many places {@link #freeHead} lists; those behind it are full. */
  private int headListed;

  RowPages(MemorySource memory, int rowBytes) {
    this(rowBytes, new BlockList(memory, rowBytes, PAGE_BYTES_MIN));
  }

  private RowPages(int rowBytes, BlockList pages) {
    this.rowBytes = rowBytes;
    this.listedMax = (rowBytes - LISTS_OFFSET) / Long.BYTES;
    this.pages = pages;
  }

  /** Pages whose rows {@link RowTimes} can tell by their frames. */
  static RowPages timed(MemorySource memory, int rowBytes) {
    long frame = RowTimes.FRAME_BYTES;
    return new RowPages(rowBytes, new BlockList(memory, rowBytes, PAGE_BYTES_MIN, frame));
  }

  long memoryBytes() {
    return pages.memoryBytes();
  }

  /** Address of the first place; there has been a row. */
  long first() {
    return pages.block(0);
  }

  /** How many places for rows follow each other from the first on. */
  int firstPlaces() {
    return pages.count(0);
  }

  /**
   * Returns a row that is zero but for its epoch: the last one that the row's place was listed in.
   */
  long allocate() {
    if (freeHead == 0) {
      listFresh();
    }
    long row = freeHead;
    if (headListed > 0) {
      row = getLong(row + LISTS_OFFSET + 8L * --headListed);
    } else {
      freeHead = getLong(row + RowLayout.FREE_NEXT_OFFSET);
      headListed = listedMax;
      warmListed();
    }
    int listedEpoch = getInt(row + RowLayout.FREE_LISTED_OFFSET);
    for (int at = 0; at < rowBytes; at += 8) {
      putLong(row + at, 0);
    }
    putInt(row + RowLayout.EPOCH_OFFSET, listedEpoch);
    return row;
  }

  /** Returns a row that is zero, behind all others, where places are not given twice. */
  long append() {
    long row = pages.append();
    for (int at = 0; at < rowBytes; at += 8) {
      putLong(row + at, 0);
    }
    return row;
  }

  /** Marks a place as one without a row; it is not given to another. */
  void leave(long row) {
    putInt(row + RowLayout.EPOCH_OFFSET, RowLayout.FREE);
  }

  /**
   * Lists places that have not held a row as if they had been freed, so that the first is given
   * first. New places and used ones are then given by the same code: were there code for each, the
   * JIT compiler would leave out what a growing table does not need, and where a table began to
   * give used places it was seen to fall back to the interpreter for every one of them, for good.
   */
  private void listFresh() {
    long behind = 0;
    for (int list = 0; list < FRESH_LISTS && (list == 0 || pages.room() > listedMax); list++) {
      long first = pages.append();
      int others = Math.min(listedMax, pages.room());
      long head = first + (long) others * rowBytes;
      for (int i = 0; i < others; i++) {
        pages.append();
      }
      for (int i = 0; i <= others; i++) {
        long place = first + (long) i * rowBytes;
        putInt(place + RowLayout.EPOCH_OFFSET, RowLayout.FREE);
        putInt(place + RowLayout.FREE_LISTED_OFFSET, 0);
        if (i < others) {
          putLong(head + LISTS_OFFSET + 8L * (others - 1 - i), place);
        }
      }
      putLong(head + RowLayout.FREE_NEXT_OFFSET, 0);
      if (list == 0) {
        freeHead = head;
        headListed = others;
      } else {
        putLong(behind + RowLayout.FREE_NEXT_OFFSET, head);
      }
      behind = head;
    }
  }

  /** Loads the places that are given next, whose misses overlap that way. */
  private void warmListed() {
    long sum = 0;
    for (int i = 0; i < headListed && freeHead != 0; i++) {
      sum += getLong(getLong(freeHead + LISTS_OFFSET + 8L * i));
    }
    // So that the next list can be read at once when its turn comes.
    long behind = freeHead == 0 ? 0 : getLong(freeHead + RowLayout.FREE_NEXT_OFFSET);
    warmed = sum + (behind == 0 ? 0 : getLong(behind));
  }

  void free(long row) {
    putInt(row + RowLayout.FREE_LISTED_OFFSET, getInt(row + RowLayout.EPOCH_OFFSET));
    putInt(row + RowLayout.EPOCH_OFFSET, RowLayout.FREE);
    if (freeHead != 0 && headListed < listedMax) {
      putLong(freeHead + LISTS_OFFSET + 8L * headListed++, row);
      return;
    }
    putLong(row + RowLayout.FREE_NEXT_OFFSET, freeHead);
    freeHead = row;
    headListed = 0;
  }

  /** Writes up to {@code max} addresses of rows in use from the cursor on; 0 at the end. */
  int next(RowCursor cursor, long rowsOut, int max) {
    return next(cursor, RowLayout.FREE, false, rowsOut, max);
  }

  /**
   * Writes up to {@code max} addresses of rows in use that were last touched in {@code epoch} from
   * the cursor on; 0 at the end.
   */
  int nextOf(int epoch, RowCursor cursor, long rowsOut, int max) {
    return next(cursor, epoch, true, rowsOut, max);
  }

  /** Takes rows whose epoch is, or is not, {@code epoch}. */
  private int next(RowCursor cursor, int epoch, boolean wanted, long rowsOut, int max) {
    int written = 0;
    while (cursor.block < pages.blockCount() && written < max) {
      long block = pages.block(cursor.block);
      int count = pages.count(cursor.block);
      while (cursor.index < count && written < max) {
        long row = block + (long) cursor.index++ * rowBytes;
        if ((getInt(row + RowLayout.EPOCH_OFFSET) == epoch) == wanted) {
          putLong(rowsOut + 8L * written++, row);
        }
      }
      if (cursor.index == count && cursor.block < pages.blockCount() - 1) {
        cursor.block++;
        cursor.index = 0;
      } else if (cursor.index == count) {
        break;
      }
    }
    return written;
  }

  /**
   * Writes up to {@code max} addresses of rows in use whose times are at most {@code bound} from
   * the cursor on; 0 at the end. What is read of the times of a whole frame is what {@code times}
   * says of it from then on.
   */
  int nextUntil(long bound, RowTimes times, RowTime time, RowCursor cursor, long rowsOut, int max) {
    int written = 0;
    while (true) {
      int count = cursor.block < pages.blockCount() ? pages.count(cursor.block) : 0;
      while (cursor.index < count) {
        long first = pages.block(cursor.block) + (long) cursor.index * rowBytes;
        long frame = RowTimes.frame(first);
        int places = Math.min(placesOfFrame(first), count - cursor.index);
        if (times.least(frame) > bound) {
          cursor.index += places;
          continue;
        }
        if (written > 0 && places > max - written) {
          return written;
        }
        boolean whole = RowTimes.frame(first - rowBytes) != frame || cursor.index == 0;
        long least = Long.MAX_VALUE;
        int looked = 0;
        for (; looked < places && written < max; looked++) {
          long row = first + (long) looked * rowBytes;
          if (getInt(row + RowLayout.EPOCH_OFFSET) == RowLayout.FREE || !time.isKnown(row)) {
            continue;
          }
          long of = time.of(row);
          least = Math.min(least, of);
          if (of <= bound) {
            putLong(rowsOut + 8L * written++, row);
          }
        }
        cursor.index += looked;
        if (whole && looked == places && pages.isFramed(cursor.block)) {
          times.set(frame, least);
        }
        if (written == max) {
          return written;
        }
      }
      if (cursor.block >= pages.blockCount() - 1) {
        return written;
      }
      cursor.block++;
      cursor.index = 0;
    }
  }

  /** How many places from {@code row} on begin in its frame. */
  private int placesOfFrame(long row) {
    long end = (RowTimes.frame(row) + 1) << RowTimes.FRAME_BITS;
    return (int) ((end - row + rowBytes - 1) / rowBytes);
  }

  void clear() {
    pages.clear();
    freeHead = 0;
  }

  @Override
  public void close() {
    pages.close();
    freeHead = 0;
  }
}
