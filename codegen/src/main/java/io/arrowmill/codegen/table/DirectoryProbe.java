package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import java.util.List;

/**
 * Finds the rows of a slice of keys by hash, and makes those that are not there.
 *
 * <p>A table larger than the cache is asked in passes over a few hundred keys: first all their
 * slots are loaded, then all rows that these point to, and only then keys are compared. So the
 * cache misses of one pass overlap. What is nearly always right, the first slot with the hash's
 * tag, is picked without a branch; {@link #findAny} goes on from there where it was not.
 *
 * <p>The row of a single key that is null is kept apart from the directory. Owned by one table; one
 * thread at a time.
 */
final class DirectoryProbe implements AutoCloseable {
  /** So many keys are looked for in one pass. */
  static final int WARM_ROWS = 256;

  /** So many slots are looked at in any case. */
  private static final int FIRST_SLOTS = 4;

  private final RowLayout layout;
  private final KeyColumns keys;
  private final GroupRows rows;
  private final Directory directory;
  private final KeyExtent extent;
  private final Loads loads;
  private final boolean singleWord;
  private final boolean singleText;

  /** The first key that may lie outside the rows, or -1. */
  private final int bytesKey;

  private long nullRow;

  /**
   * A probe.
   *
   * @param extent is told of new keys
   */
  DirectoryProbe(
      List<ValueKind> kinds,
      RowLayout layout,
      KeyColumns keys,
      GroupRows rows,
      Directory directory,
      KeyExtent extent,
      MemorySource memory) {
    this.layout = layout;
    this.keys = keys;
    this.rows = rows;
    this.directory = directory;
    this.extent = extent;
    loads = new Loads(memory);
    singleWord = kinds.size() == 1 && kinds.get(0).keyBytes() == 8;
    singleText = kinds.size() == 1 && kinds.get(0) == ValueKind.BYTES;
    bytesKey = kinds.indexOf(ValueKind.BYTES);
  }

  long memoryBytes() {
    return loads.memoryBytes();
  }

  Loads loads() {
    return loads;
  }

  /**
   * Writes the wanted rows of the loaded keys.
   *
   * @param hashes of the keys, int64 each
   */
  void probe(int count, long hashes, long rowsOut, Wanted wanted) {
    boolean warms = directory.memoryBytes() + rows.pages().memoryBytes() > GroupIndex.CACHE_BYTES;
    int step = warms ? WARM_ROWS : count;
    for (int from = 0; from < count; from += step) {
      int to = Math.min(count, from + step);
      if (warms) {
        directory.keepPlaces();
        readSlots(from, to, hashes);
        pickCandidates(from, to, hashes, rowsOut);
        pickFarther(from, to, hashes, rowsOut);
        warmCandidates(from, to, rowsOut);
      } else {
        findCandidates(count, hashes, rowsOut);
      }
      if (singleWord && !keys.anyNull()) {
        checkWord(from, to, hashes, rowsOut, wanted);
      } else {
        if (warms && bytesKey >= 0) {
          warmBytes(from, to, rowsOut);
        }
        if (singleText && !keys.anyNull()) {
          checkText(from, to, hashes, rowsOut, wanted);
          continue;
        }
        checkAny(from, to, hashes, rowsOut, wanted);
      }
    }
  }

  /** Lists what is in the slots that probing will begin at. */
  void readSlots(int from, int to, long hashes) {
    long list = loads.list(2 * WARM_ROWS);
    long addresses = list + 8L * WARM_ROWS;
    long[] top = directory.top();
    int topMask = top.length - 1;
    for (int i = from; i < to; i++) {
      long h = getLong(hashes + 8L * i);
      long part = top[(int) (h >>> Directory.TOP_SHIFT) & topMask];
      long mask = Directory.slotMask(part);
      long at = Directory.at(Directory.slots(part), h & mask, mask);
      putLong(list + 8L * (i - from), at);
      putLong(addresses + 8L * (i - from), at);
    }
    Loads.read(list, to - from);
  }

  /**
   * Finds for each hash the first row whose tag is right, which nearly always is the row, among the
   * first slots of the line. Where there is none but an empty slot, the key has no row: what is
   * written is {@link Directory#emptyAt} of that slot. Where it takes a look at more slots it is 0.
   * No branch depends on what is found.
   */
  private void pickCandidates(int from, int to, long hashes, long rowsOut) {
    long firstSlots = loads.list(2 * WARM_ROWS);
    long addresses = firstSlots + 8L * WARM_ROWS;
    if (directory.linesWhole()) {
      for (int i = from; i < to; i++) {
        long at = getLong(addresses + 8L * (i - from));
        long second = getLong(Directory.aroundAddress(at, 1));
        long third = getLong(Directory.aroundAddress(at, 2));
        long fourth = getLong(Directory.aroundAddress(at, 3));
        long first = getLong(firstSlots + 8L * (i - from));
        long tag = Directory.tag(getLong(hashes + 8L * i));
        putLong(rowsOut + 8L * i, candidate(tag, first, second, third, fourth));
      }
      return;
    }
    long[] top = directory.top();
    int topMask = top.length - 1;
    for (int i = from; i < to; i++) {
      long h = getLong(hashes + 8L * i);
      long part = top[(int) (h >>> Directory.TOP_SHIFT) & topMask];
      long slots = Directory.slots(part);
      long mask = Directory.slotMask(part);
      long slot = h & mask;
      long second = getLong(Directory.at(slots, Directory.around(slot, 1), mask));
      long third = getLong(Directory.at(slots, Directory.around(slot, 2), mask));
      long fourth = getLong(Directory.at(slots, Directory.around(slot, 3), mask));
      long first = getLong(firstSlots + 8L * (i - from));
      putLong(rowsOut + 8L * i, candidate(Directory.tag(h), first, second, third, fourth));
    }
  }

  private static long candidate(long tag, long first, long second, long third, long fourth) {
    long entry = Directory.pick(fourth, Directory.farther(tag, 3), 0);
    entry = Directory.pick(third, Directory.farther(tag, 2), entry);
    entry = Directory.pick(second, Directory.farther(tag, 1), entry);
    entry = Directory.pick(first, tag, entry);
    long none = ~(entry >> 63);
    return Directory.row(entry) | (none & Directory.emptyAt(first, second, third, fourth));
  }

  /**
   * Goes on for the keys whose first slots hold other rows: their candidates would else be loaded
   * one by one when keys are compared. Where there is none behind either it stays 0.
   */
  private void pickFarther(int from, int to, long hashes, long rowsOut) {
    long list = loads.list(2 * WARM_ROWS);
    long indexes = list + 8L * WARM_ROWS;
    int count = 0;
    for (int i = from; i < to; i++) {
      putLong(indexes + 8L * count, i);
      count += getLong(rowsOut + 8L * i) == 0 ? 1 : 0;
    }
    long[] top = directory.top();
    int topMask = top.length - 1;
    for (int i = 0; i < count; i++) {
      long h = getLong(hashes + 8L * getLong(indexes + 8L * i));
      long part = top[(int) (h >>> Directory.TOP_SHIFT) & topMask];
      long mask = Directory.slotMask(part);
      putLong(
          list + 8L * i, Directory.at(Directory.slots(part), Directory.line(h, 1) & mask, mask));
    }
    loads.warm(list, count, 0);
    for (int i = 0; i < count; i++) {
      long index = getLong(indexes + 8L * i);
      long h = getLong(hashes + 8L * index);
      long part = top[(int) (h >>> Directory.TOP_SHIFT) & topMask];
      long slots = Directory.slots(part);
      long mask = Directory.slotMask(part);
      long slot = Directory.around(h & mask, FIRST_SLOTS);
      long tag = Directory.farther(Directory.tag(h), FIRST_SLOTS);
      long entry = getLong(Directory.at(slots, slot, mask));
      while (entry != 0 && (entry ^ tag) >>> Directory.TAG_SHIFT != 0) {
        slot = Directory.next(slot, h, mask);
        tag = Directory.farther(tag);
        entry = getLong(Directory.at(slots, slot, mask));
      }
      putLong(rowsOut + 8L * index, Directory.row(entry));
    }
  }

  /** As {@link #pickCandidates}, among all slots, of a table that is in the cache. */
  private void findCandidates(int count, long hashes, long rowsOut) {
    long[] top = directory.top();
    int topMask = top.length - 1;
    for (int i = 0; i < count; i++) {
      long h = getLong(hashes + 8L * i);
      long tag = Directory.tag(h);
      long part = top[(int) (h >>> Directory.TOP_SHIFT) & topMask];
      long slots = Directory.slots(part);
      long mask = Directory.slotMask(part);
      long slot = h & mask;
      long entry = getLong(Directory.at(slots, slot, mask));
      while (entry != 0 && (entry ^ tag) >>> Directory.TAG_SHIFT != 0) {
        slot = Directory.next(slot, h, mask);
        tag = Directory.farther(tag);
        entry = getLong(Directory.at(slots, slot, mask));
      }
      putLong(rowsOut + 8L * i, Directory.row(entry));
    }
  }

  /** Loads the candidates that there are, first and last word: a row may lie on two cache lines. */
  private void warmCandidates(int from, int to, long found) {
    long list = loads.list(WARM_ROWS);
    for (int i = from; i < to; i++) {
      long row = getLong(found + 8L * i);
      // Where there is no row, the list is read instead: no branch to predict.
      long none = (row - Directory.ROW_ADDRESS_MIN) >> 63;
      putLong(list + 8L * (i - from), row ^ ((row ^ found) & none));
    }
    loads.warm(list, to - from, 0);
    loads.warm(list, to - from, layout.rowBytes() - 8);
  }

  /** Loads the bytes of the candidates' keys where they are kept outside the rows. */
  private void warmBytes(int from, int to, long found) {
    int offset = layout.keyOffset(bytesKey);
    long list = loads.list(WARM_ROWS);
    int count = 0;
    for (int i = from; i < to; i++) {
      long row = getLong(found + 8L * i);
      if (row >= Directory.ROW_ADDRESS_MIN && getInt(row + offset) > TextSlot.INLINE_BYTES_MAX) {
        putLong(list + 8L * count++, getLong(row + offset + 8));
      }
    }
    loads.warm(list, count, 0);
  }

  private void checkWord(int from, int to, long hashes, long rowsOut, Wanted wanted) {
    long values = keys.values(0);
    int keyOffset = layout.keyOffset(0);
    int now = rows.epoch();
    for (int i = from; i < to; i++) {
      long row = getLong(rowsOut + 8L * i);
      if (row < Directory.ROW_ADDRESS_MIN || getLong(row + keyOffset) != getLong(values + 8L * i)) {
        row = find(i, getLong(hashes + 8L * i), row, wanted);
        putLong(rowsOut + 8L * i, row);
      } else if (wanted == Wanted.NEW) {
        putLong(rowsOut + 8L * i, 0);
      }
      if (wanted == Wanted.TOUCHED && getInt(row + RowLayout.EPOCH_OFFSET) != now) {
        rows.touch(row);
      }
    }
  }

  private void checkText(int from, int to, long hashes, long rowsOut, Wanted wanted) {
    long values = keys.values(0);
    int keyOffset = layout.keyOffset(0);
    int now = rows.epoch();
    for (int i = from; i < to; i++) {
      long row = getLong(rowsOut + 8L * i);
      long slot = values + (long) ValueKind.TEXT_KEY_BYTES * i;
      if (row < Directory.ROW_ADDRESS_MIN
          || !TextSlot.matches(slot, row + keyOffset)
          || keys.hasNullKey(row)) {
        row = find(i, getLong(hashes + 8L * i), row, wanted);
        putLong(rowsOut + 8L * i, row);
      } else if (wanted == Wanted.NEW) {
        putLong(rowsOut + 8L * i, 0);
      }
      if (wanted == Wanted.TOUCHED && getInt(row + RowLayout.EPOCH_OFFSET) != now) {
        rows.touch(row);
      }
    }
  }

  private void checkAny(int from, int to, long hashes, long rowsOut, Wanted wanted) {
    int now = rows.epoch();
    for (int i = from; i < to; i++) {
      long row = getLong(rowsOut + 8L * i);
      if (row < Directory.ROW_ADDRESS_MIN || !keys.matches(i, row)) {
        row = find(i, getLong(hashes + 8L * i), row, wanted);
        putLong(rowsOut + 8L * i, row);
      } else if (wanted == Wanted.NEW) {
        putLong(rowsOut + 8L * i, 0);
      }
      if (wanted == Wanted.TOUCHED && getInt(row + RowLayout.EPOCH_OFFSET) != now) {
        rows.touch(row);
      }
    }
  }

  /** The row of the slice's key {@code index}, if it is wanted; 0 if not. */
  long find(int index, long h, Wanted wanted) {
    return find(index, h, 0, wanted);
  }

  /**
   * As {@link #find(int, long, Wanted)}.
   *
   * @param candidate what was picked for the key: a row, or where there was an empty slot, or 0
   */
  private long find(int index, long h, long candidate, Wanted wanted) {
    boolean isNew = candidate > 0 && candidate < Directory.ROW_ADDRESS_MIN && !keys.hasNull(index);
    if (!wanted.makes() && isNew) {
      return 0;
    }
    long size = rows.size();
    long row =
        isNew && directory.isStillEmpty(h, candidate)
            ? insertAt(index, h, candidate)
            : findAny(index, h, wanted.makes());
    return rows.wanted(row, size, wanted);
  }

  private long findAny(int index, long h, boolean insert) {
    if (singleWord && keys.hasNull(index)) {
      nullRow = nullRow == 0 && insert ? rows.add(index) : nullRow;
      return nullRow;
    }
    long[] top = directory.top();
    long part = top[(int) (h >>> Directory.TOP_SHIFT) & (top.length - 1)];
    long slots = Directory.slots(part);
    long mask = Directory.slotMask(part);
    long tag = Directory.tag(h);
    long slot = h & mask;
    while (true) {
      long entry = getLong(Directory.at(slots, slot, mask));
      if ((entry ^ tag) >>> Directory.TAG_SHIFT == 0) {
        long row = Directory.row(entry);
        if (keys.matches(index, row)) {
          return row;
        }
      } else if (entry == 0) {
        return insert ? insert(index, h) : 0;
      }
      tag = Directory.farther(tag);
      slot = Directory.next(slot, h, mask);
    }
  }

  /**
   * Adds a group for the slice's row {@code index}: everything that can fail comes before anything
   * is changed.
   */
  private long insert(int index, long h) {
    directory.reserve(h);
    long row = rows.add(index);
    directory.insert(h, row);
    if (!keys.hasNull(index)) {
      extent.notice(row);
    }
    return row;
  }

  /** As {@link #insert}, where the slot for it is known. */
  private long insertAt(int index, long h, long emptyAt) {
    long row = rows.add(index);
    directory.insertAt(h, row, emptyAt);
    if (!keys.hasNull(index)) {
      extent.notice(row);
    }
    return row;
  }

  /** The row of the single key null, or 0. */
  long nullRow() {
    return nullRow;
  }

  /** Takes out a row that the directory leads to. */
  void remove(long row, long h) {
    if (row == nullRow) {
      nullRow = 0;
    } else {
      directory.remove(h, row);
    }
  }

  /** Forgets the row of the single key null. */
  void clear() {
    nullRow = 0;
  }

  @Override
  public void close() {
    loads.close();
  }
}
