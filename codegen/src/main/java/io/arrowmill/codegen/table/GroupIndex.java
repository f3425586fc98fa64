package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import java.util.List;

/**
 * The way from keys to the rows of a {@link GroupTable}: a {@link DirectIndex} where keys are
 * dense, a {@link Directory} for all others.
 *
 * <p>Asks for the keys that were loaded into {@link KeyColumns} last. Owned by one table; one
 * thread at a time.
 */
final class GroupIndex implements AutoCloseable {
  /** A table larger than this does not stay in the cache of a core. */
  static final long CACHE_BYTES = 1 << 19;

  /** So many rows are removed one by one: hashing them together would not pay. */
  private static final int REMOVED_FEW = 8;

  private final KeyColumns keys;
  private final RowLayout layout;
  private final GroupRows rows;
  private final DirectIndex direct;
  private final Directory directory;
  private final DirectoryProbe probe;
  private final Scratch hashScratch;
  private final boolean noKeys;
  private final boolean singleWord;

  /** Rows that {@link #leaveDirect} has moved so far. */
  private long movedRows;

  GroupIndex(
      List<ValueKind> kinds,
      RowLayout layout,
      KeyColumns keys,
      GroupRows rows,
      MemorySource memory) {
    this.keys = keys;
    this.layout = layout;
    this.rows = rows;
    noKeys = kinds.isEmpty();
    singleWord = kinds.size() == 1 && kinds.get(0).keyBytes() == 8;
    direct = new DirectIndex(memory, kinds, layout);
    directory = new Directory(memory, keys);
    probe = new DirectoryProbe(kinds, layout, keys, rows, directory, direct, memory);
    hashScratch = new Scratch(memory);
  }

  long memoryBytes() {
    return direct.memoryBytes()
        + directory.memoryBytes()
        + probe.memoryBytes()
        + hashScratch.memoryBytes();
  }

  /**
   * Writes the wanted rows of the keys.
   *
   * @param hashes of the keys, int64 each, or 0: they are hashed if need be
   */
  void find(int count, long hashes, long rowsOut, Wanted wanted) {
    if (noKeys && count > 0) {
      probe.probe(1, hashLoaded(1), rowsOut, wanted);
      long row = wanted == Wanted.NEW ? 0 : getLong(rowsOut);
      for (int i = 1; i < count; i++) {
        putLong(rowsOut + 8L * i, row);
      }
      return;
    }
    if (wanted.makes() && count > 0 && rows.size() > 0 && direct.worthALook(rows.size())) {
      takeIn(rowsOut, count);
    }
    if (direct.active()) {
      probeDirect(count, rowsOut, wanted);
    } else {
      probe.probe(count, hashes == 0 ? hashLoaded(count) : hashes, rowsOut, wanted);
    }
  }

  /** See {@link GroupTable#expect}. */
  void expect(long groups) {
    if (rows.size() == 0 && !direct.active()) {
      directory.expect(groups);
    }
  }

  private long hashLoaded(int count) {
    long hashes = hashScratch.ensure(8L * count);
    keys.hash(count, hashes);
    return hashes;
  }

  /** Moves all rows from the directory to the direct index, if their keys are dense. */
  private void takeIn(long scratch, int scratchRows) {
    boolean outside = !direct.active() || directory.live() > rows.size() / 4;
    boolean nullsApart = singleWord || rows.nullKeyRows() == 0;
    if (direct.takeIn(
        outside && nullsApart, rows.pages(), keys, rows.size(), scratch, scratchRows)) {
      try {
        directory.clear();
      } catch (RuntimeException | Error e) {
        direct.free();
        throw e;
      }
    } else if (direct.active() && directory.live() > rows.size() / 2) {
      leaveDirect(scratch, scratchRows);
    }
  }

  /**
   * Moves all rows to the directory: the keys were dense at first only, as the starts of windows
   * are while there is one window.
   */
  private void leaveDirect(long scratch, int scratchRows) {
    movedRows = 0;
    try {
      moveCovered(Long.MAX_VALUE, true, scratch, scratchRows);
    } catch (RuntimeException | Error e) {
      moveCovered(movedRows, false, scratch, scratchRows);
      throw e;
    }
    direct.free();
  }

  /** Puts the first rows that the direct index covers into the directory, or takes them out. */
  private void moveCovered(long limit, boolean in, long scratch, int scratchRows) {
    RowCursor cursor = new RowCursor();
    long moved = 0;
    int count = rows.pages().next(cursor, scratch, scratchRows);
    while (count > 0) {
      for (int i = 0; i < count; i++) {
        long row = getLong(scratch + 8L * i);
        if (keys.hasNullKey(row) || direct.entryOf(row) == 0) {
          continue;
        }
        if (moved++ == limit) {
          return;
        }
        long h = keys.hashRow(row);
        if (in) {
          directory.reserve(h);
          directory.insert(h, row);
          movedRows = moved;
        } else {
          directory.remove(h, row);
        }
      }
      count = rows.pages().next(cursor, scratch, scratchRows);
    }
  }

  /**
   * Reads row addresses by key, then looks for the rows whose keys the direct index does not cover.
   */
  private void probeDirect(int count, long rowsOut, Wanted wanted) {
    int missing = direct.read(keys, count, rowsOut);
    boolean onlyNew = wanted == Wanted.NEW;
    if (onlyNew || missing != 0 || keys.anyNull()) {
      for (int i = 0; i < count; i++) {
        if (keys.hasNull(i) || getLong(rowsOut + 8L * i) == 0) {
          putLong(rowsOut + 8L * i, findBeside(i, wanted));
        } else if (onlyNew) {
          putLong(rowsOut + 8L * i, 0);
        }
      }
    }
    if (wanted == Wanted.TOUCHED) {
      if (rows.pages().memoryBytes() > CACHE_BYTES) {
        probe.loads().warm(rowsOut, count, 0);
        probe.loads().warm(rowsOut, count, layout.rowBytes() - 8);
      }
      rows.touchAll(rowsOut, count);
    }
  }

  /** Finds a row whose keys had no entry when the slice was read, if it is wanted; 0 if not. */
  private long findBeside(int index, Wanted wanted) {
    boolean insert = wanted.makes();
    long entry = keys.hasNull(index) ? 0 : keys.entryOf(index, direct);
    if (entry == 0 && directory.live() == 0 && !keys.hasNull(index) && insert) {
      // The row is new: everything that is not covered would be in the directory.
      entry = direct.growTo(keys, index, rows.size() + 1) ? keys.entryOf(index, direct) : 0;
    }
    if (entry == 0) {
      return probe.find(index, keys.hashOf(index), wanted);
    }
    long size = rows.size();
    long row = getLong(entry);
    if (row == 0 && insert) {
      row = rows.add(index);
      direct.notice(row);
      putLong(entry, row);
    }
    return rows.wanted(row, size, wanted);
  }

  /**
   * Removes rows, each given once.
   *
   * @param listed whether they are to be among the removed ones
   */
  void remove(long removed, int count, boolean listed) {
    if (count < REMOVED_FEW || direct.active()) {
      for (int i = 0; i < count; i++) {
        removeRow(getLong(removed + 8L * i), listed);
      }
      return;
    }
    for (int from = 0; from < count; from += DirectoryProbe.WARM_ROWS) {
      int some = Math.min(DirectoryProbe.WARM_ROWS, count - from);
      long first = removed + 8L * from;
      keys.loadRows(first, some);
      long hashes = hashLoaded(some);
      probe.readSlots(0, some, hashes);
      for (int i = 0; i < some; i++) {
        removeRow(getLong(first + 8L * i), getLong(hashes + 8L * i), listed);
      }
    }
  }

  private void removeRow(long row, boolean listed) {
    long entry = row == probe.nullRow() || keys.hasNullKey(row) ? 0 : direct.entryOf(row);
    if (entry == 0) {
      removeRow(row, keys.hashRow(row), listed);
      return;
    }
    if (listed) {
      rows.reserveRemoved();
    }
    putLong(entry, 0);
    rows.forget(row, listed);
  }

  /** Removes a row that the direct index does not cover. */
  private void removeRow(long row, long h, boolean listed) {
    if (listed) {
      rows.reserveRemoved();
    }
    probe.remove(row, h);
    rows.forget(row, listed);
  }

  /** Forgets every row. */
  void clear() {
    directory.clear();
    direct.clear();
    probe.clear();
  }

  @Override
  public void close() {
    directory.close();
    direct.close();
    probe.close();
    hashScratch.close();
  }
}
