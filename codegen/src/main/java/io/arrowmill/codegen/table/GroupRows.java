package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;

import io.arrowmill.codegen.memory.MemorySource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a {@link GroupTable} and what changed among them, whatever it is that leads to them.
 * Owned by one table; one thread at a time.
 */
final class GroupRows implements AutoCloseable {
  /** Changes are looked for among all rows where they are more than one in this many. */
  private static final int CHANGED_FEW = 8;

  private final boolean timedByState;

  /** Where rows have their time; null if they have none. */
  private final @Nullable RowTime time;

  private final RowTimes times = new RowTimes();
  private final KeyColumns keys;
  private final RowPages pages;
  private final BytesArena arena;
  private final ChangeLog changes;
  private final Accumulator[] accumulators;
  private final LooseRows loose;
  private int epoch;
  private long size;
  private long changedCount;
  private long nullKeyRows;
  private long evictedUntil = Long.MIN_VALUE;

  GroupRows(GroupTablePlan plan, RowLayout layout, KeyColumns keys, MemorySource memory) {
    this.keys = keys;
    time = plan.isTimed() ? RowTime.of(plan, layout) : null;
    timedByState = plan.isTimed() && plan.timeKey() == GroupTablePlan.NO_TIME_KEY;
    pages =
        plan.isTimed()
            ? RowPages.timed(memory, layout.rowBytes())
            : new RowPages(memory, layout.rowBytes());
    arena = new BytesArena(memory);
    changes = new ChangeLog(memory, layout);
    accumulators = new Accumulator[plan.accumulators().size()];
    for (int a = 0; a < accumulators.length; a++) {
      accumulators[a] = plan.accumulators().get(a).bind(layout.state(a), arena);
    }
    loose = new LooseRows(layout, keys, arena, accumulators, memory);
  }

  Accumulator[] accumulators() {
    return accumulators;
  }

  RowPages pages() {
    return pages;
  }

  /** Rows that no key leads to, which nothing here but the walks over changes counts. */
  LooseRows loose() {
    return loose;
  }

  long size() {
    return size;
  }

  /** Number of rows that have a null key. */
  long nullKeyRows() {
    return nullKeyRows;
  }

  /**
   * Writes up to {@code max} rows whose time is at most {@code bound} from the cursor on; 0 at the
   * end.
   */
  int rowsUntil(long bound, RowCursor cursor, long rowsOut, int max) {
    return pages.nextUntil(bound, times, Objects.requireNonNull(time), cursor, rowsOut, max);
  }

  /** Says that a row's time has become an earlier one. */
  void timeLowered(long row) {
    times.note(row, Objects.requireNonNull(time).of(row));
  }

  /** Whether a row may hold something outside itself. */
  boolean isArenaUsed() {
    return arena.memoryBytes() > 0;
  }

  /** What a row touched in the current epoch holds in its header; 0 while none has begun. */
  int epoch() {
    return epoch;
  }

  long memoryBytes() {
    return pages.memoryBytes() + loose.memoryBytes() + arena.memoryBytes() + changes.memoryBytes();
  }

  /**
   * Makes a row with the keys of the slice's row {@code index}; leaves nothing behind if it throws.
   */
  long add(int index) {
    if (epoch != 0) {
      changes.reserveTouched();
    }
    long row = pages.allocate();
    try {
      keys.write(index, row, arena);
    } catch (RuntimeException | Error e) {
      pages.free(row);
      throw e;
    }
    return added(row);
  }

  /**
   * Makes a row, which counts as touched, with the keys of another table's row and a last one;
   * leaves nothing behind if it throws.
   */
  long add(RowLayout from, long source, long lastKey) {
    if (epoch != 0) {
      changes.reserveTouched();
    }
    long row = pages.allocate();
    try {
      keys.write(from, source, lastKey, row, arena);
    } catch (RuntimeException | Error e) {
      pages.free(row);
      throw e;
    }
    added(row);
    touchNew(row);
    return row;
  }

  private long added(long row) {
    if (time != null && time.isKnown(row)) {
      // A time that the row's owner writes is looked at when rows are looked for.
      times.note(row, timedByState ? Long.MIN_VALUE : time.of(row));
    }
    size++;
    nullKeyRows += keys.hasNullKey(row) ? 1 : 0;
    if (epoch != 0) {
      int other = getInt(row + RowLayout.EPOCH_OFFSET) ^ epoch;
      changedCount += (other | -other) >>> 31 ^ 1;
    }
    return row;
  }

  /** Counts a row as changed whose epoch is an earlier one. */
  void touch(long row) {
    if (epoch != 0) {
      changes.touch(row);
      changedCount++;
    }
    putInt(row + RowLayout.EPOCH_OFFSET, epoch);
  }

  /**
   * Counts a row that was just made as changed, unless its place has been listed in this epoch.
   * Without a branch for the few of these: it was seen to leave compiled code each time.
   */
  private void touchNew(long row) {
    int other = getInt(row + RowLayout.EPOCH_OFFSET) ^ epoch;
    int isOther = (other | -other) >>> 31;
    if (epoch != 0) {
      changes.touch(row, isOther);
      changedCount += isOther;
    }
    putInt(row + RowLayout.EPOCH_OFFSET, epoch);
  }

  /**
   * What is to be told of a row: the row, or 0 if it is not wanted.
   *
   * @param sizeBefore how many rows there were before it was looked for, or made
   */
  long wanted(long row, long sizeBefore, Wanted wanted) {
    if (size == sizeBefore) {
      return wanted == Wanted.NEW ? 0 : row;
    }
    touchNew(row);
    return row;
  }

  /** Counts rows as changed. */
  void touchAll(long rows, int count) {
    int now = epoch;
    for (int i = 0; i < count; i++) {
      long row = getLong(rows + 8L * i);
      if (getInt(row + RowLayout.EPOCH_OFFSET) != now) {
        touch(row);
      }
    }
  }

  /** Makes sure that {@link #forget} needs no memory. */
  void reserveRemoved() {
    if (epoch != 0) {
      changes.reserveRemoved();
    }
  }

  /**
   * Frees a row to which nothing leads any more.
   *
   * @param listed whether it is to be among the {@link #removedRows}
   */
  void forget(long row, boolean listed) {
    if (isArenaUsed()) {
      for (Accumulator accumulator : accumulators) {
        accumulator.release(row);
      }
    }
    if (epoch != 0) {
      changedCount -= getInt(row + RowLayout.EPOCH_OFFSET) == epoch ? 1 : 0;
    }
    if (epoch != 0 && listed) {
      changes.remove(row);
    } else {
      keys.release(row, arena);
    }
    nullKeyRows -= keys.hasNullKey(row) ? 1 : 0;
    pages.free(row);
    size--;
  }

  /** See {@link GroupChanges#beginEpoch}. */
  void beginEpoch(int next) {
    if (next <= epoch) {
      throw new IllegalArgumentException("epoch must grow: epoch=" + epoch + ", next=" + next);
    }
    changes.clear(keys, arena);
    loose.beginEpoch();
    changedCount = 0;
    evictedUntil = Long.MIN_VALUE;
    epoch = next;
  }

  /**
   * Writes up to {@code max} rows made or touched in this epoch and still there, each once; 0 at
   * the end.
   */
  int changedRows(RowCursor cursor, long rowsOut, int max) {
    if (cursor.block == 0 && cursor.index == 0 && !cursor.isLoose()) {
      // A row touched is one miss; rows one after the other are read ahead.
      cursor.looksAtAll = changedCount > size / CHANGED_FEW;
    }
    int count = 0;
    if (!cursor.isLoose()) {
      count =
          cursor.looksAtAll
              ? pages.nextOf(epoch, cursor, rowsOut, max)
              : changes.nextTouched(cursor, epoch, rowsOut, max);
    }
    if (count == 0) {
      cursor.goLoose();
      count = loose.changed(epoch, cursor, rowsOut, max);
    }
    return count;
  }

  /**
   * Writes up to {@code max} rows removed in this epoch; 0 at the end. Only their keys can be read,
   * and only until the next epoch. A key that was removed and came back is both here and in {@link
   * #changedRows}: removals come first.
   */
  int removedRows(RowCursor cursor, long rowsOut, int max) {
    return changes.nextRemoved(cursor, rowsOut, max);
  }

  /** Says that all rows up to a time go, or have gone. */
  void evicts(long bound) {
    if (epoch != 0) {
      evictedUntil = Math.max(evictedUntil, bound);
    }
  }

  /** See {@link GroupChanges#evictedUntil}. */
  long evictedUntil() {
    return evictedUntil;
  }

  /** Number of rows that {@link #changedRows} lists. */
  long changedCount() {
    return changedCount + loose.changedCount();
  }

  /** Number of rows that {@link #removedRows} lists. */
  long removedCount() {
    return changes.removedCount();
  }

  /** Forgets every row and every change. */
  void clear() {
    pages.clear();
    loose.clear();
    arena.clear();
    changes.clear();
    changedCount = 0;
    evictedUntil = Long.MIN_VALUE;
    nullKeyRows = 0;
    size = 0;
    times.clear();
  }

  @Override
  public void close() {
    pages.close();
    loose.close();
    arena.close();
    changes.close();
    size = 0;
  }
}
