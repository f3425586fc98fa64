package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from keys to the rows of a {@link GroupTable}: a {@link DenseIndex} where keys are dense,
 * a {@link Directory} for all others.
 *
 * <p>Where keys of a large table turn out to be dense, or not to be any more, rows are moved from
 * one to the other, some with each slice. While they are moved to the dense index only the
 * directory is asked, and the dense index is told what comes. While they are moved to the directory
 * an entry without a row says nothing.
 *
 * <p>Asks for the keys that were loaded into {@link KeyColumns} last. Owned by one table; one
 * thread at a time.
 */
final class GroupIndex implements AutoCloseable {
  /** A table larger than this does not stay in the cache of a core. */
  static final long CACHE_BYTES = 1 << 19;

  /** So many rows are moved with a slice, and so many entries looked at for them. */
  private static final int MOVED_ROWS_MAX = 1 << 13;

  private static final long MOVED_ENTRIES_MAX = 1 << 18;

  /** No more rows are moved with a slice once so many pages have been made for them. */
  private static final long MOVED_PAGES_MAX = 64;

  /** So many rows beside a dense index don't matter. */
  private static final int CROWD_MIN = 1 << 12;

  /** So many rows to move are listed at once. */
  private static final int LISTED_ROWS = 1 << 10;

  /** So many rows are removed one by one: hashing them together would not pay. */
  private static final int REMOVED_FEW = 8;

  private final KeyColumns keys;
  private final RowLayout layout;
  private final GroupRows rows;
  private final KeyExtent extent;
  private final DirectIndex direct;
  private final PagedIndex paged;
  private final Directory directory;
  private final DirectoryProbe probe;
  private final Scratch hashScratch;
  private final boolean noKeys;
  private final boolean singleWord;

  private Move move = Move.NONE;

  /** How far rows have been moved to {@link #paged}. */
  private RowCursor taken = new RowCursor();

  /** Entries of the dense index whose rows have been moved to the directory. */
  private long leftEntries;

  /** Rows that are being moved. */
  private enum Move {
    NONE,
    TO_PAGES,
    TO_DIRECTORY
  }

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
    extent = new KeyExtent(kinds, layout);
    direct = new DirectIndex(memory, extent);
    paged = new PagedIndex(memory, extent, rows);
    directory = new Directory(memory, keys);
    probe = new DirectoryProbe(kinds, layout, keys, rows, directory, extent, memory);
    hashScratch = new Scratch(memory);
  }

  long memoryBytes() {
    return direct.memoryBytes()
        + paged.memoryBytes()
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
    if (wanted.makes() && count > 0 && rows.size() > 0) {
      arrange(rowsOut, count);
    }
    if (dense().active()) {
      probeDense(count, rowsOut, wanted);
      return;
    }
    long loaded = hashes == 0 ? hashLoaded(count) : hashes;
    if (move != Move.TO_PAGES || !wanted.makes()) {
      probe.probe(count, loaded, rowsOut, wanted);
      return;
    }
    try {
      probe.probe(count, loaded, rowsOut, wanted);
      tellPages(count, rowsOut);
    } catch (RuntimeException | Error e) {
      stopTaking(); // a row that was made may not have been told
      throw e;
    }
  }

  /** The dense index that is asked; it is not active where none is. */
  private DenseIndex dense() {
    return paged.active() && move != Move.TO_PAGES ? paged : direct;
  }

  /** See {@link GroupTable#isDense}. */
  boolean isDense() {
    return dense().active() && move == Move.NONE;
  }

  /**
   * The dense index, if nothing else is needed to find most rows: one key, an entry for each
   * integer of its range, and all of it in the cache.
   */
  @Nullable DirectIndex plain() {
    boolean plain =
        dense() == direct
            && direct.isPlain()
            && move == Move.NONE
            && direct.memoryBytes() + rows.pages().memoryBytes() <= CACHE_BYTES;
    return plain ? direct : null;
  }

  /** See {@link GroupTable#expect}. */
  void expect(long groups) {
    if (rows.size() == 0 && !dense().active()) {
      directory.expect(groups);
    }
  }

  private long hashLoaded(int count) {
    long hashes = hashScratch.ensure(8L * count);
    keys.hash(count, hashes);
    return hashes;
  }

  private long sample() {
    return hashScratch.ensure(8L * PagedIndex.SAMPLE_ROWS);
  }

  /** Begins to move rows where that pays, or goes on with it. */
  private void arrange(long scratch, int scratchRows) {
    switch (move) {
      case TO_PAGES -> takeSome();
      case TO_DIRECTORY -> leaveSome();
      case NONE -> {
        if (direct.worthALook(rows.size()) || isCrowded()) {
          look(scratch, scratchRows);
        }
      }
    }
  }

  /** Whether the dense index has become useless, whatever the number of groups. */
  private boolean isCrowded() {
    long beside = directory.live();
    return beside > CROWD_MIN && beside > rows.size() / 2 && dense().active();
  }

  private void look(long scratch, int scratchRows) {
    long size = rows.size();
    boolean outside = !dense().active() || directory.live() > size / 4;
    boolean nullsApart = singleWord || rows.nullKeyRows() == 0;
    boolean fits = outside && nullsApart && !paged.active();
    if (direct.takeIn(fits, rows.pages(), keys, size, scratch, scratchRows)) {
      try {
        directory.clear();
      } catch (RuntimeException | Error e) {
        direct.free();
        throw e;
      }
    } else if (!dense().active() && paged.open(size, sample())) {
      move = Move.TO_PAGES;
      taken = new RowCursor();
      takeSome();
    } else if (dense().active() && (directory.live() > size / 2 || paged.isThin(size))) {
      // The keys were dense at first only, as the starts of windows are while there is one window.
      move = Move.TO_DIRECTORY;
      leftEntries = 0;
      leaveSome();
    }
  }

  /**
   * Makes pages, then lets them take in rows, some at a time; once all are there the directory is
   * empty.
   */
  private void takeSome() {
    try {
      if (!paged.makeSome()) {
        return;
      }
      long list = hashScratch.ensure(8L * LISTED_ROWS);
      long made = paged.made();
      for (int moved = 0; moved < MOVED_ROWS_MAX && paged.made() - made < MOVED_PAGES_MAX; ) {
        int count = rows.pages().next(taken, list, LISTED_ROWS);
        if (count == 0) {
          directory.clear();
          move = Move.NONE;
          return;
        }
        for (int i = 0; i < count; i++) {
          long row = getLong(list + 8L * i);
          if (!keys.hasNullKey(row) && !paged.put(row)) {
            stopTaking();
            return;
          }
        }
        moved += count;
      }
    } catch (RuntimeException | Error e) {
      stopTaking();
      throw e;
    }
  }

  /** Tells the pages of rows that were found or made for a slice while they take in rows. */
  private void tellPages(int count, long found) {
    for (int i = 0; i < count && paged.isMade(); i++) {
      long row = getLong(found + 8L * i);
      if (row != 0 && !keys.hasNull(i) && !paged.put(row)) {
        stopTaking();
        return;
      }
    }
  }

  private void stopTaking() {
    paged.free();
    move = Move.NONE;
  }

  /** Moves rows of the dense index to the directory, some at a time. */
  private void leaveSome() {
    DenseIndex dense = dense();
    long end = Math.min(dense.entries(), leftEntries + MOVED_ENTRIES_MAX);
    for (int moved = 0; leftEntries < end && moved < MOVED_ROWS_MAX; leftEntries++) {
      long entry = dense.entry(leftEntries);
      long row = entry == 0 ? 0 : getLong(entry);
      if (row != 0) {
        long h = keys.hashRow(row);
        directory.reserve(h);
        directory.insert(h, row);
        putLong(entry, 0);
        moved++;
      }
    }
    if (leftEntries == dense.entries()) {
      dense.free();
      move = Move.NONE;
    }
  }

  /** Lets pages take over from a direct index that has no room for more keys. */
  private boolean growToPages(long groups) {
    if (paged.active() || !paged.open(groups, sample())) {
      return false;
    }
    try {
      for (long number = 0; number < direct.entries(); number++) {
        long row = getLong(direct.entry(number));
        if (row != 0 && !paged.put(row)) {
          paged.free();
          return false;
        }
      }
    } catch (RuntimeException | Error e) {
      paged.free();
      throw e;
    }
    direct.free();
    return true;
  }

  /** Reads row addresses by key, then looks for the rows whose keys are not covered. */
  private void probeDense(int count, long rowsOut, Wanted wanted) {
    int missing = dense().read(keys, count, rowsOut);
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
    boolean writes = insert && move == Move.NONE;
    long entry = keys.hasNull(index) ? 0 : dense().entryOf(keys, index, writes);
    if (move == Move.TO_DIRECTORY) {
      entry = entry == 0 || getLong(entry) == 0 ? 0 : entry; // its row may have been moved
    } else if (entry == 0 && directory.live() == 0 && !keys.hasNull(index) && insert) {
      // The row is new: everything that is not covered would be in the directory.
      entry = growTo(index) ? dense().entryOf(keys, index, true) : 0;
    }
    if (entry == 0) {
      return probe.find(index, keys.hashOf(index), wanted);
    }
    long size = rows.size();
    long row = getLong(entry);
    if (row == 0 && insert) {
      row = rows.add(index);
      extent.notice(row);
      putLong(entry, row);
    }
    return rows.wanted(row, size, wanted);
  }

  private boolean growTo(int index) {
    long groups = rows.size() + 1;
    return dense().growTo(keys, index, groups)
        || (growToPages(groups)
            && (paged.entryOf(keys, index, false) != 0 || paged.growTo(keys, index, groups)));
  }

  /**
   * Removes rows, each given once.
   *
   * @param listed whether they are to be among the removed ones
   */
  void remove(long removed, int count, boolean listed) {
    if (count < REMOVED_FEW || dense().active()) {
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
    boolean covered = dense().active() && row != probe.nullRow() && !keys.hasNullKey(row);
    long entry = covered ? dense().entryOf(row) : 0;
    if (entry == 0 || getLong(entry) == 0) {
      removeRow(row, keys.hashRow(row), listed);
      return;
    }
    if (listed) {
      rows.reserveRemoved();
    }
    putLong(entry, 0);
    rows.forget(row, listed);
  }

  /** Removes a row that is not in the dense index. */
  private void removeRow(long row, long h, boolean listed) {
    if (listed) {
      rows.reserveRemoved();
    }
    if (move == Move.TO_PAGES) {
      paged.forget(row);
    }
    probe.remove(row, h);
    rows.forget(row, listed);
  }

  /** Forgets every row. */
  void clear() {
    directory.clear();
    direct.clear();
    paged.free();
    extent.forget();
    move = Move.NONE;
    probe.clear();
  }

  @Override
  public void close() {
    directory.close();
    direct.close();
    paged.close();
    probe.close();
    hashScratch.close();
  }
}
