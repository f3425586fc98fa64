package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * Row addresses of integer keys from a dense range, one int64 a key: the way past hashing where
 * keys are small numbers. Several keys count as the digits of one number. Where all values of a key
 * are a multiple of some step apart, as the starts of windows are, only those count.
 *
 * <pre>
 *   index = digit 0 * stride 0 + digit 1 * stride 1 + …
 *   digit k = (key k - base k) / step k                 0 &lt;= digit k &lt; span k
 * </pre>
 *
 * <p>A key within the spans is in here and not in the {@link Directory}, any other is there and not
 * here. While the directory is empty, the spans grow with the keys, by half at least, so that keys
 * that come in order, as the starts of windows do, are seldom outside; later ones that lie outside
 * go to the directory, until there are so many that it is worth taking all in again.
 */
final class DirectIndex implements DenseIndex, AutoCloseable {
  /** Entries that are always allowed. */
  private static final long ENTRIES_MIN = 1 << 10;

  private static final long ENTRIES_MAX = 1 << 22;

  /** Of a single key: for more of them there are {@link PagedIndex pages}, which need no moving. */
  private static final long ENTRIES_MAX_SINGLE = 1 << 18;

  /** An index up to this size (half a megabyte) stays in the cache of a core. */
  private static final long ENTRIES_SMALL_MAX = 1 << 16;

  private static final int ENTRIES_PER_GROUP_SMALL = 32;
  private static final int ENTRIES_PER_GROUP = 4;

  /** More rows than this are not looked at in one go. */
  private static final long ROWS_MAX = 1 << 21;

  private final MemorySource memory;
  private final KeyExtent extent;
  private final long entriesMax;
  private final long[] bases;
  private final long[] steps;
  private final long[] spans;
  private final long[] strides;

  /** Of the steps: what {@link #digit(long, long, long, int)} takes. */
  private final long[] inverses;

  private final int[] shifts;

  /** The least and the greatest value of each key that {@link #allocate} is to cover. */
  private final long[] lows;

  private final long[] highs;
  private long entries;
  private long address;

  /** Number of groups from which on it pays to look again whether the keys are dense. */
  private long groupsToLook;

  DirectIndex(MemorySource memory, KeyExtent extent) {
    this.memory = memory;
    this.extent = extent;
    int keys = extent.keys();
    entriesMax = keys == 1 ? ENTRIES_MAX_SINGLE : ENTRIES_MAX;
    bases = new long[keys];
    steps = new long[keys];
    spans = new long[keys];
    strides = new long[keys];
    inverses = new long[keys];
    shifts = new int[keys];
    lows = new long[keys];
    highs = new long[keys];
    groupsToLook = 1;
  }

  @Override
  public boolean active() {
    return entries != 0;
  }

  @Override
  public long entries() {
    return entries;
  }

  @Override
  public long entry(long number) {
    return address + 8 * number;
  }

  /** Whether there is one key, and an entry for every integer of its range. */
  boolean isPlain() {
    return entries != 0 && bases.length == 1 && steps[0] == 1;
  }

  /** Least value of a key that is covered. */
  long base(int key) {
    return bases[key];
  }

  /** Number of values of a key that are covered. */
  long span(int key) {
    return spans[key];
  }

  /** What lies between one value of a key and the next that is covered. */
  long step(int key) {
    return steps[key];
  }

  /** The inverse of a step's odd factor, modulo 2^64. */
  static long inverse(long step) {
    long odd = step >> Long.numberOfTrailingZeros(step);
    long inverse = odd; // right in its lowest three bits; each round doubles them
    for (int bits = 3; bits < Long.SIZE; bits *= 2) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }

  /**
   * {@code (key - base) / step} without a division. Where there is a rest, and for a key below the
   * base, this is an unsigned number beyond every span: the rest comes out as high bits.
   *
   * @param shift zero bits at the end of the step
   */
  static long digit(long key, long base, long inverse, int shift) {
    return Long.rotateRight((key - base) * inverse, shift);
  }

  /** Index of a value among those of a key; beyond the span if it is not covered. */
  long digit(int key, long value) {
    return digit(value, bases[key], inverses[key], shifts[key]);
  }

  /** {@link #inverse} of a key's step. */
  long inverseOf(int key) {
    return inverses[key];
  }

  /** Zero bits at the end of a key's step. */
  int shift(int key) {
    return shifts[key];
  }

  /** Entries from one value of a key to the next. */
  long stride(int key) {
    return strides[key];
  }

  /** Address of the entries; an entry is 0 where there is no row. */
  long address() {
    return address;
  }

  long memoryBytes() {
    return entries * 8;
  }

  @Override
  public long entryOf(KeyColumns keys, int index, boolean isWritten) {
    return keys.entryOf(index, this);
  }

  @Override
  public long entryOf(long row) {
    long index = 0;
    if (entries == 0) {
      return 0;
    }
    for (int k = 0; k < bases.length; k++) {
      long at = digit(k, getLong(row + extent.keyOffset(k)));
      if (Long.compareUnsigned(at, spans[k]) >= 0) {
        return 0;
      }
      index += at * strides[k];
    }
    return address + 8 * index;
  }

  @Override
  public int read(KeyColumns keys, int count, long rowsOut) {
    return bases.length == 1 ? readOne(keys, count, rowsOut) : readMany(keys, count, rowsOut);
  }

  /** As {@link #read}, of one key. */
  private int readOne(KeyColumns keys, int count, long rowsOut) {
    if (steps[0] != 1) {
      index(keys, 0, count, rowsOut);
      return readEntries(count, rowsOut);
    }
    long values = keys.values(0);
    long base = bases[0];
    long span = spans[0];
    long entriesAt = address;
    int missing = 0;
    for (int i = 0; i < count; i++) {
      long at = getLong(values + 8L * i) - base;
      boolean covered = Long.compareUnsigned(at, span) < 0;
      long row = covered ? getLong(entriesAt + 8 * at) : 0;
      putLong(rowsOut + 8L * i, row);
      missing |= row == 0 ? 1 : 0;
    }
    return missing;
  }

  private int readMany(KeyColumns keys, int count, long rowsOut) {
    for (int k = 0; k < bases.length; k++) {
      index(keys, k, count, rowsOut);
    }
    return readEntries(count, rowsOut);
  }

  /** Reads the entries at indexes, which are negative where there is none. */
  private int readEntries(int count, long indexes) {
    long entriesAt = address;
    int missing = 0;
    for (int i = 0; i < count; i++) {
      long index = getLong(indexes + 8L * i);
      long row = index >= 0 ? getLong(entriesAt + 8 * index) : 0;
      putLong(indexes + 8L * i, row);
      missing |= row == 0 ? 1 : 0;
    }
    return missing;
  }

  /** Adds one key's part of the index, or makes it negative where the key is not covered. */
  private void index(KeyColumns keys, int key, int count, long indexes) {
    long values = keys.values(key);
    long base = bases[key];
    long span = spans[key];
    long stride = strides[key];
    long inverse = inverses[key];
    int shift = shifts[key];
    if (key == 0) {
      for (int i = 0; i < count; i++) {
        long at = digit(getLong(values + 8L * i), base, inverse, shift);
        putLong(indexes + 8L * i, Long.compareUnsigned(at, span) < 0 ? at * stride : -1);
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      long at = digit(getLong(values + 8L * i), base, inverse, shift);
      long before = getLong(indexes + 8L * i);
      boolean covered = before >= 0 && Long.compareUnsigned(at, span) < 0;
      putLong(indexes + 8L * i, covered ? before + at * stride : -1);
    }
  }

  /** Whether it pays to call {@link #takeIn}. */
  boolean worthALook(long groups) {
    return extent.isPossible() && groups >= groupsToLook;
  }

  /**
   * Covers all keys and takes in all rows, if the keys are dense enough by now.
   *
   * @param now whether to do it at all this time
   * @param nulls how to tell rows that have a null key, which stay out
   * @return whether it did; the directory is of no use any more then
   */
  boolean takeIn(
      boolean now,
      RowPages pages,
      KeyColumns nulls,
      long groups,
      long rowScratch,
      int scratchRows) {
    groupsToLook = groups + (groups >>> 1) + 1;
    long old = address;
    long oldEntries = entries;
    if (!now || !extent.isKnown() || groups > ROWS_MAX) { // all rows may have a null key
      return false;
    }
    long[] stepOf = new long[lows.length];
    for (int k = 0; k < lows.length; k++) {
      lows[k] = extent.min(k);
      highs[k] = extent.max(k);
      stepOf[k] = extent.step(k);
    }
    if (!allocate(stepOf, groups)) {
      return false;
    }
    if (oldEntries != 0) {
      memory.free(old, oldEntries * 8);
    }
    RowCursor cursor = new RowCursor();
    int count = pages.next(cursor, rowScratch, scratchRows);
    while (count > 0) {
      for (int i = 0; i < count; i++) {
        long row = getLong(rowScratch + 8L * i);
        if (!nulls.hasNullKey(row)) {
          long entry = entryOf(row);
          if (entry == 0) {
            throw new IllegalStateException("every row must have been noticed: groups=" + groups);
          }
          putLong(entry, row);
        }
      }
      count = pages.next(cursor, rowScratch, scratchRows);
    }
    return true;
  }

  @Override
  public boolean growTo(KeyColumns keys, int index, long groups) {
    if (entries == 0) {
      return false;
    }
    for (int k = 0; k < bases.length; k++) {
      long key = getLong(keys.values(k) + 8L * index);
      if ((key - bases[k]) % steps[k] != 0) {
        return false;
      }
      lows[k] = Math.min(bases[k], key);
      highs[k] = Math.max(top(k), key);
    }
    DirectEntries before = new DirectEntries(address, bases.clone(), spans.clone());
    long oldEntries = entries;
    if (!allocate(steps, groups)) {
      return false;
    }
    before.moveTo(this);
    memory.free(before.address(), oldEntries * 8);
    return true;
  }

  /** Greatest value of a key that is covered. */
  private long top(int key) {
    return bases[key] + (spans[key] - 1) * steps[key];
  }

  /**
   * Makes empty entries for the keys from {@link #lows} to {@link #highs}, with room to spare on
   * the side that a key grows to; leaves everything as it is and returns false if they would be too
   * many.
   */
  private boolean allocate(long[] stepOf, long groups) {
    long allowed = Math.min(ENTRIES_SMALL_MAX, groups * ENTRIES_PER_GROUP_SMALL);
    allowed = Math.max(allowed, Math.min(entriesMax, groups * ENTRIES_PER_GROUP));
    allowed = Math.max(allowed, ENTRIES_MIN);
    long size = 1;
    for (int k = bases.length - 1; k >= 0; k--) {
      long range = highs[k] - lows[k];
      if (range < 0 || range / stepOf[k] >= allowed / size) {
        return false;
      }
      size *= range / stepOf[k] + 1;
    }
    for (int k = 0; k < bases.length; k++) {
      size = spare(k, stepOf[k], size, allowed);
    }
    long larger = memory.allocate(size * 8);
    zero(larger, size * 8);
    address = larger;
    entries = size;
    long stride = 1;
    for (int k = bases.length - 1; k >= 0; k--) {
      steps[k] = stepOf[k];
      inverses[k] = inverse(steps[k]);
      shifts[k] = Long.numberOfTrailingZeros(steps[k]);
      bases[k] = lows[k];
      spans[k] = (highs[k] - lows[k]) / steps[k] + 1;
      strides[k] = stride;
      stride *= spans[k];
    }
    return true;
  }

  /**
   * Widens a key's range by half on the side where it goes beyond what is covered; that of a single
   * key always, to a least size.
   *
   * @param size of all keys' ranges
   * @return the size with the wider range
   */
  private long spare(int key, long step, long size, long allowed) {
    boolean single = bases.length == 1;
    boolean growsDown = entries != 0 && lows[key] < bases[key];
    boolean growsUp = entries == 0 ? single : !growsDown && highs[key] > top(key);
    long span = (highs[key] - lows[key]) / step + 1;
    long wider = span + (span + 1) / 2;
    wider = single ? Math.max(ENTRIES_MIN, wider) : wider;
    long others = size / span;
    boolean worthIt = (growsDown || growsUp) && wider <= allowed / others;
    if (!single && !worthIt) {
      return size;
    }
    long length = (wider - 1) * step;
    long low = growsDown ? highs[key] - length : lows[key];
    long high = low + length;
    if (length / step != wider - 1 || low > lows[key] || high < highs[key]) {
      return size; // it would not fit a long
    }
    lows[key] = low;
    highs[key] = high;
    return others * wider;
  }

  @Override
  public void free() {
    if (entries != 0) {
      memory.free(address, entries * 8);
      entries = 0;
      address = 0;
    }
  }

  /** Forgets every row. */
  void clear() {
    free();
    groupsToLook = 1;
  }

  @Override
  public void close() {
    free();
  }
}
