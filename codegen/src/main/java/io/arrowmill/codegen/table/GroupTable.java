package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import java.util.List;

/**
 * Off-heap hash table from keys to a row of accumulator states.
 *
 * <p>A null key equals a null key; every NaN is one key, and -0.0 is 0.0. Rows stay where they are
 * until removed, so a row's address stands for its group. {@link RowLayout} draws a row, {@link
 * Directory} the way to it.
 *
 * <p>Calls take slices of at most {@value #SLICE_ROWS_MAX} rows. Columns are addresses of {@link
 * io.arrowmill.codegen.memory.ColumnDescriptor}s and are borrowed for the call. A selection is the
 * address of int32 row numbers, of which {@code start} to {@code start + count - 1} are taken, or 0
 * for those rows themselves.
 *
 * <p>Owns its memory until {@link #close}. Confined to one thread at a time. When the memory source
 * refuses, the call that asked throws with every group whole: rows it had not reached are not in
 * the table.
 */
public final class GroupTable implements AutoCloseable {
  public static final int SLICE_ROWS_MAX = 4_096;
  private static final long CACHE_BYTES = 1 << 19;
  private static final int WARM_ROWS = 256;

  /** Changes are looked for among all rows where they are more than one in this many. */
  private static final int CHANGED_FEW = 8;

  /** So many rows are removed one by one: hashing them together would not pay. */
  private static final int REMOVED_FEW = 8;

  private final GroupTablePlan plan;
  private final RowLayout layout;
  private final KeyHash hash;
  private final KeyColumns keys;
  private final Directory directory;
  private final DirectIndex direct;
  private final RowPages pages;
  private final BytesArena arena;
  private final ChangeLog changes;
  private final Accumulator[] accumulators;
  private final FusedUpdates updates;
  private final GroupRuns runs;
  private final RecentGroups recent;
  private final ColumnSlice input;
  private final Scratch hashScratch;
  private final Scratch rowScratch;
  private final Loads loads;
  private final boolean singleWord;
  private final boolean singleText;

  /** The first key that may lie outside the rows, or -1. */
  private final int bytesKey;

  private int epoch;
  private long size;
  private long changedCount;
  private long nullRow;
  private long nullKeyRows;
  private long timeMin = Long.MAX_VALUE;
  private boolean closed;

  /** Rows that {@link #leaveDirect} has moved so far. */
  private long movedRows;

  public GroupTable(GroupTablePlan plan, KeyHash hash, MemorySource memory) {
    this.plan = plan;
    this.hash = hash;
    List<ValueKind> kinds = plan.keys();
    layout = new RowLayout(kinds, plan.accumulators());
    keys = new KeyColumns(kinds, layout, hash, memory);
    pages = new RowPages(memory, layout.rowBytes());
    arena = new BytesArena(memory);
    changes = new ChangeLog(memory, layout);
    input = new ColumnSlice(memory);
    hashScratch = new Scratch(memory);
    rowScratch = new Scratch(memory);
    loads = new Loads(memory);
    accumulators = new Accumulator[plan.accumulators().size()];
    for (int a = 0; a < accumulators.length; a++) {
      accumulators[a] = plan.accumulators().get(a).bind(layout.state(a), arena);
    }
    updates = new FusedUpdates(plan.accumulators(), layout);
    runs = new GroupRuns(plan.accumulators(), accumulators, layout.rowBytes(), memory);
    recent = new RecentGroups(kinds, hash, memory);
    singleWord = kinds.size() == 1 && kinds.get(0).slotBytes() == 8;
    singleText = kinds.size() == 1 && kinds.get(0) == ValueKind.BYTES;
    bytesKey = kinds.indexOf(ValueKind.BYTES);
    direct = new DirectIndex(memory, kinds, layout);
    directory = new Directory(memory, keys);
  }

  public GroupTablePlan plan() {
    return plan;
  }

  public RowLayout layout() {
    return layout;
  }

  /** Number of groups. */
  public long size() {
    return size;
  }

  /** Off-heap bytes held, working memory included. */
  public long memoryBytes() {
    return directory.memoryBytes()
        + direct.memoryBytes()
        + pages.memoryBytes()
        + arena.memoryBytes()
        + changes.memoryBytes()
        + keys.memoryBytes()
        + input.memoryBytes()
        + runs.memoryBytes()
        + recent.memoryBytes()
        + hashScratch.memoryBytes()
        + rowScratch.memoryBytes()
        + loads.memoryBytes();
  }

  // ---- keys to rows

  /** Writes each row's hash, int64; {@link KeyHash#partition} says where rows belong by it. */
  public void hash(long columns, long selection, int start, int count, long hashesOut) {
    checkSlice(count);
    keys.load(columns, selection, start, count);
    keys.hash(count, hashesOut);
  }

  /** Writes each row's group as an int64 row address, making the groups that are not there. */
  public void group(long columns, long selection, int start, int count, long rowsOut) {
    checkSlice(count);
    if (recent.find(size, columns, selection, start, count, rowsOut)) {
      touchAll(rowsOut, count);
      return;
    }
    keys.load(columns, selection, start, count);
    groupLoaded(count, 0, rowsOut);
    recent.learn(count, rowsOut);
  }

  /**
   * As {@link #group} with the hashes that {@link #hash} gave: {@code count} of them, one a row of
   * the slice.
   */
  public void groupHashed(
      long columns, long selection, int start, int count, long hashes, long rowsOut) {
    checkSlice(count);
    keys.load(columns, selection, start, count);
    groupLoaded(count, hashes, rowsOut);
  }

  /**
   * Makes the groups that are not there and leaves those that are there alone: they don't count as
   * touched.
   *
   * @param hashes as {@link #groupHashed}
   * @param rowsOut gets the row address of the group that the slice's row made, or 0 if there was
   *     one
   * @return how many groups were made
   */
  public int addHashed(
      long columns, long selection, int start, int count, long hashes, long rowsOut) {
    checkSlice(count);
    keys.load(columns, selection, start, count);
    long before = size;
    if (direct.active()) {
      probeDirect(count, rowsOut, false);
    } else {
      probe(count, hashes, rowsOut, false);
    }
    for (int i = 0; i < count; i++) {
      long made = 0;
      // An earlier row of the slice may have made the group.
      if (getLong(rowsOut + 8L * i) == 0 && findOne(i, hashes, false) == 0) {
        made = findOne(i, hashes, true);
        if (getInt(made + RowLayout.EPOCH_OFFSET) != epoch) {
          touch(made);
        }
      }
      putLong(rowsOut + 8L * i, made);
    }
    if (count > 0 && size > before && direct.worthALook(size)) {
      takeIn(rowScratch.ensure(8L * SLICE_ROWS_MAX), SLICE_ROWS_MAX);
    }
    return (int) (size - before);
  }

  private long findOne(int index, long hashes, boolean insert) {
    return direct.active()
        ? findBeside(index, insert)
        : findAny(index, getLong(hashes + 8L * index), insert);
  }

  private boolean warms() {
    return directory.memoryBytes() + pages.memoryBytes() > CACHE_BYTES;
  }

  /** As {@link #group}, but a row without a group gets 0. */
  public void find(long columns, long selection, int start, int count, long rowsOut) {
    checkSlice(count);
    keys.load(columns, selection, start, count);
    findLoaded(count, rowsOut);
  }

  private void findLoaded(int count, long rowsOut) {
    if (direct.active()) {
      probeDirect(count, rowsOut, false);
    } else {
      probe(count, hashLoaded(count), rowsOut, false);
    }
  }

  /**
   * Returns the one group of a table without keys, made if need be: a global aggregate of no rows
   * is a row too.
   */
  public long globalRow() {
    if (!plan.keys().isEmpty()) {
      throw new IllegalStateException("table must have no keys: keys=" + plan.keys());
    }
    group(0, 0, 0, 1, rowScratch.ensure(8));
    return getLong(rowScratch.ensure(8));
  }

  private static void checkSlice(int count) {
    if (count < 0 || count > SLICE_ROWS_MAX) {
      throw new IllegalArgumentException(
          "slice must have 0 to " + SLICE_ROWS_MAX + " rows: count=" + count);
    }
  }

  private long hashLoaded(int count) {
    long hashes = hashScratch.ensure(8L * count);
    keys.hash(count, hashes);
    return hashes;
  }

  private void groupLoaded(int count, long hashes, long rowsOut) {
    if (plan.keys().isEmpty() && count > 0) {
      probe(1, hashLoaded(1), rowsOut, true);
      long row = getLong(rowsOut);
      for (int i = 1; i < count; i++) {
        putLong(rowsOut + 8L * i, row);
      }
      return;
    }
    if (count > 0 && size > 0 && direct.worthALook(size)) {
      takeIn(rowsOut, count);
    }
    if (direct.active()) {
      probeDirect(count, rowsOut, true);
    } else {
      probe(count, hashes == 0 ? hashLoaded(count) : hashes, rowsOut, true);
    }
  }

  /** Moves all rows from the directory to the direct index, if their keys are dense. */
  private void takeIn(long rowScratch, int scratchRows) {
    boolean outside = !direct.active() || directory.live() > size / 4;
    boolean nullsApart = singleWord || nullKeyRows == 0;
    if (direct.takeIn(outside && nullsApart, pages, keys, size, rowScratch, scratchRows)) {
      try {
        directory.clear();
      } catch (RuntimeException | Error e) {
        direct.free();
        throw e;
      }
    } else if (direct.active() && directory.live() > size / 2) {
      leaveDirect(rowScratch, scratchRows);
    }
  }

  /**
   * Moves all rows to the directory: the keys were dense at first only, as the starts of windows
   * are while there is one window.
   */
  private void leaveDirect(long rowScratch, int scratchRows) {
    movedRows = 0;
    try {
      moveCovered(Long.MAX_VALUE, true, rowScratch, scratchRows);
    } catch (RuntimeException | Error e) {
      moveCovered(movedRows, false, rowScratch, scratchRows);
      throw e;
    }
    direct.free();
  }

  /** Puts the first rows that the direct index covers into the directory, or takes them out. */
  private void moveCovered(long limit, boolean in, long rowScratch, int scratchRows) {
    RowCursor cursor = new RowCursor();
    long moved = 0;
    int count = pages.next(cursor, rowScratch, scratchRows);
    while (count > 0) {
      for (int i = 0; i < count; i++) {
        long row = getLong(rowScratch + 8L * i);
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
      count = pages.next(cursor, rowScratch, scratchRows);
    }
  }

  /**
   * Reads row addresses by key, then looks for the rows whose keys the direct index does not cover.
   */
  private void probeDirect(int count, long rowsOut, boolean insert) {
    int missing =
        direct.keys() == 1 ? readDirectOne(count, rowsOut) : readDirectMany(count, rowsOut);
    if (missing != 0 || keys.anyNull()) {
      for (int i = 0; i < count; i++) {
        if (keys.hasNull(i) || getLong(rowsOut + 8L * i) == 0) {
          putLong(rowsOut + 8L * i, findBeside(i, insert));
        }
      }
    }
    if (insert) {
      if (pages.memoryBytes() > CACHE_BYTES) {
        loads.warm(rowsOut, count, 0);
        loads.warm(rowsOut, count, layout.rowBytes() - 8);
      }
      touchAll(rowsOut, count);
    }
  }

  private void touchAll(long rows, int count) {
    int now = epoch;
    for (int i = 0; i < count; i++) {
      long row = getLong(rows + 8L * i);
      if (getInt(row + RowLayout.EPOCH_OFFSET) != now) {
        touch(row);
      }
    }
  }

  /** Reads the entries of one key; returns whether some row has none. */
  private int readDirectOne(int count, long rowsOut) {
    if (direct.step(0) != 1) {
      indexDirect(0, count, rowsOut);
      return readEntries(count, rowsOut);
    }
    long values = keys.slice(0).values();
    long base = direct.base(0);
    long span = direct.span(0);
    long entries = direct.address();
    int missing = 0;
    for (int i = 0; i < count; i++) {
      long at = getLong(values + 8L * i) - base;
      boolean covered = Long.compareUnsigned(at, span) < 0;
      long row = covered ? getLong(entries + 8 * at) : 0;
      putLong(rowsOut + 8L * i, row);
      missing |= row == 0 ? 1 : 0;
    }
    return missing;
  }

  private int readDirectMany(int count, long rowsOut) {
    for (int k = 0; k < direct.keys(); k++) {
      indexDirect(k, count, rowsOut);
    }
    return readEntries(count, rowsOut);
  }

  /** Reads the entries at indexes, which are negative where there is none. */
  private int readEntries(int count, long indexes) {
    long entries = direct.address();
    int missing = 0;
    for (int i = 0; i < count; i++) {
      long index = getLong(indexes + 8L * i);
      long row = index >= 0 ? getLong(entries + 8 * index) : 0;
      putLong(indexes + 8L * i, row);
      missing |= row == 0 ? 1 : 0;
    }
    return missing;
  }

  /** Adds one key's part of the index, or makes it negative where the key is not covered. */
  private void indexDirect(int key, int count, long indexes) {
    long values = keys.slice(key).values();
    long base = direct.base(key);
    long span = direct.span(key);
    long stride = direct.stride(key);
    long inverse = direct.inverseOf(key);
    int shift = direct.shift(key);
    if (key == 0) {
      for (int i = 0; i < count; i++) {
        long at = DirectIndex.digit(getLong(values + 8L * i), base, inverse, shift);
        putLong(indexes + 8L * i, Long.compareUnsigned(at, span) < 0 ? at * stride : -1);
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      long at = DirectIndex.digit(getLong(values + 8L * i), base, inverse, shift);
      long before = getLong(indexes + 8L * i);
      boolean covered = before >= 0 && Long.compareUnsigned(at, span) < 0;
      putLong(indexes + 8L * i, covered ? before + at * stride : -1);
    }
  }

  /** Finds a row whose keys had no entry when the slice was read; 0 if there is none. */
  private long findBeside(int index, boolean insert) {
    long entry = keys.hasNull(index) ? 0 : keys.entryOf(index, direct);
    if (entry == 0 && directory.live() == 0 && !keys.hasNull(index) && insert) {
      // The row is new: everything that is not covered would be in the directory.
      entry = direct.growTo(keys, index, size + 1) ? keys.entryOf(index, direct) : 0;
    }
    if (entry != 0) {
      long row = getLong(entry);
      if (row == 0 && insert) {
        row = newRow(index);
        direct.notice(row);
        putLong(entry, row);
      }
      return row;
    }
    return findAny(index, keys.hashOf(index), insert);
  }

  private void probe(int count, long hashes, long rowsOut, boolean insert) {
    boolean warms = warms();
    int step = warms ? WARM_ROWS : count;
    for (int from = 0; from < count; from += step) {
      int to = Math.min(count, from + step);
      if (warms) {
        readSlots(from, to, hashes);
        pickCandidates(from, to, hashes, rowsOut);
        warmCandidates(from, to, rowsOut);
      } else {
        findCandidates(count, hashes, rowsOut);
      }
      if (singleWord && !keys.anyNull()) {
        checkWord(from, to, hashes, rowsOut, insert);
      } else {
        if (warms && bytesKey >= 0) {
          warmBytes(from, to, rowsOut);
        }
        if (singleText && !keys.anyNull()) {
          checkText(from, to, hashes, rowsOut, insert);
          continue;
        }
        checkAny(from, to, hashes, rowsOut, insert);
      }
    }
  }

  /** Lists what is in the slots that probing will begin at. */
  private void readSlots(int from, int to, long hashes) {
    long list = loads.list(WARM_ROWS);
    long[] top = directory.top();
    int topMask = top.length - 1;
    for (int i = from; i < to; i++) {
      long h = getLong(hashes + 8L * i);
      long part = top[(int) (h >>> Directory.TOP_SHIFT) & topMask];
      long mask = Directory.slotMask(part);
      putLong(list + 8L * (i - from), Directory.at(Directory.slots(part), h & mask, mask));
    }
    Loads.read(list, to - from);
  }

  /**
   * Finds for each hash the first row whose tag is right, which nearly always is the row, among the
   * slots next to the first; 0 where there is none. No branch depends on what is found.
   */
  private void pickCandidates(int from, int to, long hashes, long rowsOut) {
    long firstSlots = loads.list(WARM_ROWS);
    long[] top = directory.top();
    int topMask = top.length - 1;
    for (int i = from; i < to; i++) {
      long h = getLong(hashes + 8L * i);
      long tag = Directory.tag(h);
      long part = top[(int) (h >>> Directory.TOP_SHIFT) & topMask];
      long slots = Directory.slots(part);
      long mask = Directory.slotMask(part);
      long slot = h & mask;
      long second = getLong(Directory.at(slots, Directory.around(slot, 1), mask));
      long third = getLong(Directory.at(slots, Directory.around(slot, 2), mask));
      long fourth = getLong(Directory.at(slots, Directory.around(slot, 3), mask));
      long entry = Directory.pick(fourth, Directory.farther(tag, 3), 0);
      entry = Directory.pick(third, Directory.farther(tag, 2), entry);
      entry = Directory.pick(second, Directory.farther(tag, 1), entry);
      entry = Directory.pick(getLong(firstSlots + 8L * (i - from)), tag, entry);
      putLong(rowsOut + 8L * i, Directory.row(entry));
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
  private void warmCandidates(int from, int to, long rows) {
    long list = loads.list(WARM_ROWS);
    for (int i = from; i < to; i++) {
      long row = getLong(rows + 8L * i);
      // Where there is no row, the list is read instead: no branch to predict.
      putLong(list + 8L * (i - from), row | (rows & ((row - 1) >> 63)));
    }
    loads.warm(list, to - from, 0);
    loads.warm(list, to - from, layout.rowBytes() - 8);
  }

  /** Loads the bytes of the candidates' keys where they are kept outside the rows. */
  private void warmBytes(int from, int to, long rows) {
    int offset = layout.keyOffset(bytesKey);
    long list = loads.list(WARM_ROWS);
    int count = 0;
    for (int i = from; i < to; i++) {
      long row = getLong(rows + 8L * i);
      if (row != 0 && getInt(row + offset) > KeyColumns.INLINE_BYTES_MAX) {
        putLong(list + 8L * count++, getLong(row + offset + 8));
      }
    }
    loads.warm(list, count, 0);
  }

  private void checkWord(int from, int to, long hashes, long rowsOut, boolean insert) {
    long values = keys.slice(0).values();
    int keyOffset = layout.keyOffset(0);
    int now = epoch;
    for (int i = from; i < to; i++) {
      long row = getLong(rowsOut + 8L * i);
      if (row == 0 || getLong(row + keyOffset) != getLong(values + 8L * i)) {
        row = findAny(i, getLong(hashes + 8L * i), insert);
        putLong(rowsOut + 8L * i, row);
      }
      if (insert && getInt(row + RowLayout.EPOCH_OFFSET) != now) {
        touch(row);
      }
    }
  }

  private void checkText(int from, int to, long hashes, long rowsOut, boolean insert) {
    long values = keys.slice(0).values();
    int keyOffset = layout.keyOffset(0);
    int now = epoch;
    for (int i = from; i < to; i++) {
      long row = getLong(rowsOut + 8L * i);
      long slot = values + 16L * i;
      if (row == 0
          || getLong(slot) != getLong(row + keyOffset)
          || !keys.matchesText(slot, row + keyOffset)
          || keys.hasNullKey(row)) {
        row = findAny(i, getLong(hashes + 8L * i), insert);
        putLong(rowsOut + 8L * i, row);
      }
      if (insert && getInt(row + RowLayout.EPOCH_OFFSET) != now) {
        touch(row);
      }
    }
  }

  private void checkAny(int from, int to, long hashes, long rowsOut, boolean insert) {
    int now = epoch;
    for (int i = from; i < to; i++) {
      long row = getLong(rowsOut + 8L * i);
      if (row == 0 || !keys.matches(i, row)) {
        row = findAny(i, getLong(hashes + 8L * i), insert);
        putLong(rowsOut + 8L * i, row);
      }
      if (insert && getInt(row + RowLayout.EPOCH_OFFSET) != now) {
        touch(row);
      }
    }
  }

  private long findAny(int index, long h, boolean insert) {
    if (singleWord && keys.hasNull(index)) {
      return nullRow == 0 && insert ? insertNull(index) : nullRow;
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
    long row = newRow(index);
    directory.insert(h, row);
    if (!keys.hasNull(index)) {
      direct.notice(row);
    }
    return row;
  }

  private long insertNull(int index) {
    nullRow = newRow(index);
    return nullRow;
  }

  private long newRow(int index) {
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
    if (plan.timeKey() >= 0 && !keys.isNull(row, plan.timeKey())) {
      timeMin = Math.min(timeMin, getLong(row + layout.keyOffset(plan.timeKey())));
    }
    size++;
    nullKeyRows += keys.hasNull(index) ? 1 : 0;
    if (epoch != 0 && getInt(row + RowLayout.EPOCH_OFFSET) == epoch) {
      changedCount++;
    }
    return row;
  }

  private void touch(long row) {
    if (epoch != 0) {
      changes.touch(row);
      changedCount++;
    }
    putInt(row + RowLayout.EPOCH_OFFSET, epoch);
  }

  // ---- accumulators

  /**
   * Adds a column's values to one aggregate.
   *
   * @param rows what {@link #group} wrote for the same slice
   * @param column the column's descriptor; ignored by an aggregate that reads none
   */
  public void update(
      int accumulator, long rows, long column, long selection, int start, int count) {
    checkSlice(count);
    AccumulatorPlan aggregate = plan.accumulators().get(accumulator);
    ValueKind kind = aggregate.inputKind();
    if (kind != null && aggregate.readsValues()) {
      input.load(kind, column, selection, start, count);
    } else if (kind != null) {
      input.loadValid(column, selection, start, count);
    }
    accumulators[accumulator].update(rows, input, count);
  }

  /**
   * Adds a slice of rows to every aggregate, all aggregates of a row at once where that can be.
   *
   * @param rows what {@link #group} wrote for the same slice
   * @param columns address of one descriptor an aggregate; empty for one that reads none
   */
  public void updateAll(long rows, long columns, long selection, int start, int count) {
    checkSlice(count);
    if (runs.worthATry(size, count) && runs.update(pages, rows, columns, selection, start, count)) {
      return;
    }
    updates.update(rows, columns, selection, start, count);
    for (int a : updates.separate()) {
      update(a, rows, ColumnDescriptor.at(columns, a), selection, start, count);
    }
  }

  /**
   * Writes an aggregate's values to a column of its result's kind, from row {@code start} of the
   * column on.
   */
  public void finish(int accumulator, long rows, int count, long column, int start) {
    ValueKind kind = plan.accumulators().get(accumulator).resultKind();
    accumulators[accumulator].finish(rows, count, new ColumnOutput(kind, column, start));
  }

  /** Bytes of data that {@link #finish} will write, where the result's kind is BYTES; else 0. */
  public long finishBytes(int accumulator, long rows, int count) {
    return accumulators[accumulator].finishBytes(rows, count);
  }

  /** Writes one column of an aggregate's state, see {@link AccumulatorPlan#stateColumns}. */
  public void exportState(
      int accumulator, int stateColumn, long rows, int count, long column, int start) {
    ValueKind kind = plan.accumulators().get(accumulator).stateColumns().get(stateColumn).kind();
    ColumnOutput output = new ColumnOutput(kind, column, start);
    accumulators[accumulator].exportState(rows, count, stateColumn, output);
  }

  /**
   * Bytes of data that {@link #exportState} will write, where the column's kind is BYTES; else 0.
   */
  public long exportBytes(int accumulator, int stateColumn, long rows, int count) {
    return accumulators[accumulator].exportBytes(rows, count, stateColumn);
  }

  /**
   * Sets one column of an aggregate's state for the groups that {@link #group} gave for the same
   * slice.
   */
  public void importState(
      int accumulator,
      int stateColumn,
      long rows,
      long column,
      long selection,
      int start,
      int count) {
    ValueKind kind = plan.accumulators().get(accumulator).stateColumns().get(stateColumn).kind();
    checkSlice(count);
    input.load(kind, column, selection, start, count);
    accumulators[accumulator].importState(rows, count, stateColumn, input);
  }

  // ---- rows whose keys differ in the last one only

  /**
   * Returns the row that has the keys of {@code row} but for the last, which is {@code lastKey}; 0
   * if there is none and none is to be made. The last key must be an integer.
   */
  public long sibling(long row, long lastKey, boolean insert) {
    long out = rowScratch.ensure(8);
    putLong(out, row);
    keys.loadRows(out, 1);
    putLong(keys.slice(plan.keys().size() - 1).values(), lastKey);
    if (insert) {
      groupLoaded(1, 0, out);
    } else {
      findLoaded(1, out);
    }
    return getLong(out);
  }

  /**
   * Writes the groups whose keys are those of other rows but for the last, making those that are
   * not there. The last key must be an integer.
   *
   * @param rows addresses of rows of this table, or of one whose keys lie alike and are hashed
   *     alike
   * @param lastKeys the last keys, int64, one a row
   */
  public void groupSiblings(long rows, long lastKeys, int count, long rowsOut) {
    checkSlice(count);
    keys.loadRows(rows, count);
    copy(lastKeys, keys.slice(plan.keys().size() - 1).values(), 8L * count);
    groupLoaded(count, 0, rowsOut);
  }

  /**
   * Adds the states of other rows to those of {@code targets}, pair by pair in order.
   *
   * @param sources addresses of rows whose states lie as those of this table do
   */
  public void mergeRows(long targets, long sources, int count) {
    for (Accumulator accumulator : accumulators) {
      accumulator.merge(targets, sources, count);
    }
  }

  /** Counts a row as changed, which its owner has written to. */
  public void touchRow(long row) {
    if (getInt(row + RowLayout.EPOCH_OFFSET) != epoch) {
      touch(row);
    }
  }

  /** Adds the states that another row of this table has to those of {@code target}. */
  public void mergeRow(long target, long source) {
    long rows = rowScratch.ensure(16);
    putLong(rows, target);
    putLong(rows + 8, source);
    for (Accumulator accumulator : accumulators) {
      accumulator.merge(rows, rows + 8, 1);
    }
  }

  /** Gives {@code target} the states of another row of this table, which is left without any. */
  public void moveStates(long target, long source) {
    for (int a = 0; a < accumulators.length; a++) {
      accumulators[a].release(target);
      StateSlot slot = layout.state(a);
      for (int flag = 0; flag < plan.accumulators().get(a).flagBits(); flag++) {
        slot.setFlag(target, flag, slot.flag(source, flag));
        slot.setFlag(source, flag, false);
      }
      int end = slot.offset() + plan.accumulators().get(a).stateBytes();
      for (int at = slot.offset(); at < end; at += 8) {
        putLong(target + at, getLong(source + at));
        putLong(source + at, 0);
      }
    }
  }

  // ---- merging

  /**
   * Writes the hashes of another table's rows, which has the same plan and the same hash function.
   */
  public void hashRows(GroupTable other, long rows, int count, long hashesOut) {
    checkSame(other);
    checkSlice(count);
    keys.loadRows(rows, count);
    keys.hash(count, hashesOut);
  }

  /** Writes the hashes of the first keys alone of some of this table's rows. */
  public void hashFirstKeys(int firstKeys, long rows, int count, long hashesOut) {
    checkSlice(count);
    keys.loadRows(rows, count);
    keys.hash(firstKeys, count, hashesOut);
  }

  /** Adds every group of another table, which has the same plan and the same hash function. */
  public void mergeFrom(GroupTable other) {
    RowCursor cursor = new RowCursor();
    long rows = other.rowScratch.ensure(8L * SLICE_ROWS_MAX);
    int count = other.nextRows(cursor, rows, SLICE_ROWS_MAX);
    while (count > 0) {
      mergeFrom(other, rows, count);
      count = other.nextRows(cursor, rows, SLICE_ROWS_MAX);
    }
  }

  /** Adds some groups of another table, which has the same plan and the same hash function. */
  public void mergeFrom(GroupTable other, long rows, int count) {
    checkSame(other);
    checkSlice(count);
    keys.loadRows(rows, count);
    long targets = rowScratch.ensure(8L * count);
    groupLoaded(count, 0, targets);
    for (Accumulator accumulator : accumulators) {
      accumulator.merge(targets, rows, count);
    }
  }

  private void checkSame(GroupTable other) {
    if (!plan.equals(other.plan) || !hash.equals(other.hash)) {
      throw new IllegalArgumentException(
          "tables must have equal plans and hash functions: plan="
              + plan
              + ", otherPlan="
              + other.plan
              + ", hash="
              + hash
              + ", otherHash="
              + other.hash);
    }
  }

  // ---- reading

  /** Writes up to {@code max} row addresses from the cursor on; 0 when every group was seen. */
  public int nextRows(RowCursor cursor, long rowsOut, int max) {
    return pages.next(cursor, rowsOut, max);
  }

  /**
   * Writes a key column of the given rows, also of removed ones, from row {@code start} of the
   * column on.
   */
  public void readKeys(int key, long rows, int count, long column, int start) {
    keys.read(rows, count, key, new ColumnOutput(plan.keys().get(key), column, start));
  }

  /** Bytes of data that {@link #readKeys} will write for a key of kind BYTES; else 0. */
  public long readKeysBytes(int key, long rows, int count) {
    return keys.readBytes(rows, count, key);
  }

  // ---- changes

  /**
   * Forgets the changes so far and lists those that follow.
   *
   * @param next at least 1, and no epoch that this table had before
   */
  public void beginEpoch(int next) {
    if (next <= epoch) {
      throw new IllegalArgumentException("epoch must grow: epoch=" + epoch + ", next=" + next);
    }
    changes.clear(keys, arena);
    changedCount = 0;
    epoch = next;
  }

  /**
   * Writes up to {@code max} rows made or touched in this epoch and still there, each once; 0 at
   * the end.
   */
  public int changedRows(RowCursor cursor, long rowsOut, int max) {
    if (cursor.block == 0 && cursor.index == 0) {
      // A row touched is one miss; rows one after the other are read ahead.
      cursor.looksAtAll = changedCount > size / CHANGED_FEW;
    }
    return cursor.looksAtAll
        ? pages.nextOf(epoch, cursor, rowsOut, max)
        : changes.nextTouched(cursor, epoch, rowsOut, max);
  }

  /**
   * Writes up to {@code max} rows removed in this epoch; 0 at the end. Only their keys can be read,
   * and only until the next epoch. A key that was removed and came back is both here and in {@link
   * #changedRows}: removals come first.
   */
  public int removedRows(RowCursor cursor, long rowsOut, int max) {
    return changes.nextRemoved(cursor, rowsOut, max);
  }

  /** Number of rows that {@link #changedRows} lists. */
  public long changedCount() {
    return changedCount;
  }

  /** Number of rows that {@link #removedRows} lists. */
  public long removedCount() {
    return changes.removedCount();
  }

  // ---- removing

  /** Removes groups, each given once. */
  public void remove(long rows, int count) {
    recent.clear();
    if (count < REMOVED_FEW || direct.active()) {
      for (int i = 0; i < count; i++) {
        removeRow(getLong(rows + 8L * i));
      }
      return;
    }
    for (int from = 0; from < count; from += WARM_ROWS) {
      int some = Math.min(WARM_ROWS, count - from);
      long first = rows + 8L * from;
      keys.loadRows(first, some);
      long hashes = hashLoaded(some);
      readSlots(0, some, hashes);
      for (int i = 0; i < some; i++) {
        removeRow(getLong(first + 8L * i), getLong(hashes + 8L * i));
      }
    }
  }

  private void removeRow(long row) {
    long entry = row == nullRow || keys.hasNullKey(row) ? 0 : direct.entryOf(row);
    if (entry == 0) {
      removeRow(row, keys.hashRow(row));
      return;
    }
    reserveRemoved();
    putLong(entry, 0);
    forget(row);
  }

  /** Removes a row that the direct index does not cover. */
  private void removeRow(long row, long h) {
    reserveRemoved();
    if (row == nullRow) {
      nullRow = 0;
    } else {
      directory.remove(h, row);
    }
    forget(row);
  }

  private void reserveRemoved() {
    if (epoch != 0) {
      changes.reserveRemoved();
    }
  }

  /** Frees a row to which nothing leads any more. */
  private void forget(long row) {
    for (Accumulator accumulator : accumulators) {
      accumulator.release(row);
    }
    if (epoch != 0) {
      changedCount -= getInt(row + RowLayout.EPOCH_OFFSET) == epoch ? 1 : 0;
      changes.remove(row);
    } else {
      keys.release(row, arena);
    }
    nullKeyRows -= keys.hasNullKey(row) ? 1 : 0;
    pages.free(row);
    size--;
  }

  /**
   * Writes up to {@code max} rows whose time key is at most {@code bound} from the cursor on; 0 at
   * the end. A null time is after every bound. The rows may be removed before the next call.
   */
  public int rowsUntil(long bound, RowCursor cursor, long rowsOut, int max) {
    if (bound < timeMin) {
      return 0;
    }
    int key = plan.timeKey();
    int offset = layout.keyOffset(key);
    while (true) {
      int count = pages.next(cursor, rowsOut, max);
      int kept = 0;
      for (int i = 0; i < count; i++) {
        long row = getLong(rowsOut + 8L * i);
        putLong(rowsOut + 8L * kept, row);
        kept += getLong(row + offset) <= bound && !keys.isNull(row, key) ? 1 : 0;
      }
      if (kept > 0 || count == 0) {
        return kept;
      }
    }
  }

  /** Removes the groups whose time key is at most {@code bound}; returns how many there were. */
  public long evictUntil(long bound) {
    if (bound < timeMin) {
      return 0;
    }
    long rows = rowScratch.ensure(8L * SLICE_ROWS_MAX);
    RowCursor cursor = new RowCursor();
    int key = plan.timeKey();
    long min = Long.MAX_VALUE;
    long evicted = 0;
    int count = pages.next(cursor, rows, SLICE_ROWS_MAX);
    while (count > 0) {
      int ended = 0;
      for (int i = 0; i < count; i++) {
        long row = getLong(rows + 8L * i);
        long time = getLong(row + layout.keyOffset(key));
        if (keys.isNull(row, key)) {
          continue;
        }
        if (time <= bound) {
          putLong(rows + 8L * ended++, row);
        } else {
          min = Math.min(min, time);
        }
      }
      remove(rows, ended);
      evicted += ended;
      count = pages.next(cursor, rows, SLICE_ROWS_MAX);
    }
    timeMin = min;
    return evicted;
  }

  /** Empties the table and forgets its changes; the memory goes back, but for a little. */
  public void clear() {
    directory.clear();
    direct.clear();
    recent.clear();
    pages.clear();
    arena.clear();
    changes.clear();
    changedCount = 0;
    nullRow = 0;
    nullKeyRows = 0;
    size = 0;
    timeMin = Long.MAX_VALUE;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    directory.close();
    direct.close();
    pages.close();
    arena.close();
    changes.close();
    keys.close();
    input.close();
    runs.close();
    recent.close();
    hashScratch.close();
    rowScratch.close();
    loads.close();
    size = 0;
  }
}
