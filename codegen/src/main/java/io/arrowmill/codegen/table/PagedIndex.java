package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.codegen.memory.MemorySource;
import java.util.Arrays;

/**
 * Row addresses of one dense integer key of a large table, by key, in pages that are made as keys
 * come: it grows without moving an entry.
 *
 * <pre>
 *   digit = (key - base) / step
 *   pages[digit / 65,536]  --&gt;  +--------+--------+----
 *                               | row    | 0      | …     int64 each, 0 where there is no row
 *                               +--------+--------+----
 * </pre>
 *
 * <p>Where there is no page yet, a page of zeros is read that all share. Owned by one table; one
 * thread at a time.
 */
final class PagedIndex implements DenseIndex, AutoCloseable {
  private static final int PAGE_LOG2 = 16;
  private static final int PAGE_ENTRIES = 1 << PAGE_LOG2;
  private static final long PAGE_MASK = PAGE_ENTRIES - 1;
  private static final long PAGE_BYTES = 8L * PAGE_ENTRIES;
  private static final int PAGES_MAX = 1 << 14;

  /** Entries a group that the keys' range may have. */
  private static final long ENTRIES_PER_GROUP = 4;

  private static final long ENTRIES_PER_GROUP_THIN = 16;

  /** So that what all entries stand for is a small part of all integers. */
  private static final long STEP_MAX = 1L << 32;

  /** So many pages are made at once where all are: they are fresh memory, which takes its time. */
  private static final int PAGES_MADE_MAX = 16;

  /** A smaller table has a {@link DirectIndex}. */
  private static final long GROUPS_MIN = 1 << 16;

  private final MemorySource memory;
  private final KeyExtent extent;
  private long base;
  private long step;
  private long inverse;
  private int shift;

  /** Number of entries, which is a whole number of pages. */
  private long span;

  private long[] pages = new long[0];
  private long zeros;
  private long made;

  /** How many of the first pages are known to be made. */
  private int madeFirst;

  /** How many of the first pages the keys that were there at first are in. */
  private int firstPages;

  PagedIndex(MemorySource memory, KeyExtent extent) {
    this.memory = memory;
    this.extent = extent;
  }

  @Override
  public boolean active() {
    return span != 0;
  }

  long memoryBytes() {
    return (made + (zeros == 0 ? 0 : 1)) * PAGE_BYTES;
  }

  /**
   * Covers all keys that the table has had, and some more, with no row in any entry, if they are
   * dense enough.
   *
   * @return whether it did
   */
  boolean open(long groups) {
    if (groups < GROUPS_MIN || extent.keys() != 1 || !extent.isKnown()) {
      return false;
    }
    long digits = digits(extent.min(0), extent.max(0), extent.step(0));
    if (digits > allowed(groups) || extent.step(0) > STEP_MAX) {
      return false;
    }
    free();
    zeros = memory.allocate(PAGE_BYTES);
    zero(zeros, PAGE_BYTES);
    base = extent.min(0);
    step = extent.step(0);
    inverse = DirectIndex.inverse(step);
    shift = Long.numberOfTrailingZeros(step);
    firstPages = pagesFor(digits);
    cover(0, pagesFor(digits + digits / 2));
    return true;
  }

  /**
   * Makes some pages for the keys that were there when this was opened: nearly each will be needed
   * soon, and all at once.
   *
   * @return whether all are made
   */
  boolean makeSome() {
    int end = Math.min(firstPages, madeFirst + PAGES_MADE_MAX);
    for (; madeFirst < end; madeFirst++) {
      entryFor((long) madeFirst << PAGE_LOG2);
    }
    return isMade();
  }

  /** Whether {@link #makeSome} has nothing more to do. */
  boolean isMade() {
    return madeFirst == firstPages;
  }

  /** How many values a key may have from one to another; too many where they cannot be counted. */
  private static long digits(long min, long max, long step) {
    long range = max - min;
    return range < 0 ? Long.MAX_VALUE : range / step + 1;
  }

  private static long allowed(long groups) {
    return Math.min(groups * ENTRIES_PER_GROUP, (long) PAGES_MAX << PAGE_LOG2);
  }

  private static int pagesFor(long digits) {
    return (int) Math.min(PAGES_MAX, (digits + PAGE_MASK) >> PAGE_LOG2);
  }

  /** Adds places for pages before and behind those that there are. */
  private void cover(int before, int behind) {
    int length = pages.length + before + behind;
    long[] more = new long[length];
    Arrays.fill(more, zeros);
    System.arraycopy(pages, 0, more, before, pages.length);
    pages = more;
    span = (long) length << PAGE_LOG2;
    base -= ((long) before << PAGE_LOG2) * step;
  }

  private long digit(long key) {
    return DirectIndex.digit(key, base, inverse, shift);
  }

  private boolean isCovered(long digit) {
    return Long.compareUnsigned(digit, span) < 0;
  }

  @Override
  public int read(KeyColumns keys, int count, long rowsOut) {
    return step == 1 ? readSingleSteps(keys, count, rowsOut) : readSteps(keys, count, rowsOut);
  }

  private int readSingleSteps(KeyColumns keys, int count, long rowsOut) {
    long values = keys.values(0);
    long first = base;
    long covered = span;
    long[] tops = pages;
    int missing = 0;
    for (int i = 0; i < count; i++) {
      long at = getLong(values + 8L * i) - first;
      long row = 0;
      if (Long.compareUnsigned(at, covered) < 0) {
        row = getLong(tops[(int) (at >>> PAGE_LOG2)] + 8 * (at & PAGE_MASK));
      }
      putLong(rowsOut + 8L * i, row);
      missing |= row == 0 ? 1 : 0;
    }
    return missing;
  }

  private int readSteps(KeyColumns keys, int count, long rowsOut) {
    long values = keys.values(0);
    int missing = 0;
    for (int i = 0; i < count; i++) {
      long at = digit(getLong(values + 8L * i));
      long row = 0;
      if (isCovered(at)) {
        row = getLong(pages[(int) (at >>> PAGE_LOG2)] + 8 * (at & PAGE_MASK));
      }
      putLong(rowsOut + 8L * i, row);
      missing |= row == 0 ? 1 : 0;
    }
    return missing;
  }

  @Override
  public long entryOf(KeyColumns keys, int index, boolean isWritten) {
    long at = digit(getLong(keys.values(0) + 8L * index));
    if (!isCovered(at)) {
      return 0;
    }
    return isWritten ? entryFor(at) : pages[(int) (at >>> PAGE_LOG2)] + 8 * (at & PAGE_MASK);
  }

  private long entryFor(long digit) {
    int page = (int) (digit >>> PAGE_LOG2);
    if (pages[page] == zeros) {
      long address = memory.allocate(PAGE_BYTES);
      zero(address, PAGE_BYTES);
      pages[page] = address;
      made++;
    }
    return pages[page] + 8 * (digit & PAGE_MASK);
  }

  @Override
  public long entryOf(long row) {
    long at = digit(getLong(row + extent.keyOffset(0)));
    return isCovered(at) ? entry(at) : 0;
  }

  @Override
  public long entries() {
    return span;
  }

  @Override
  public long entry(long number) {
    long page = pages[(int) (number >>> PAGE_LOG2)];
    return page == zeros ? 0 : page + 8 * (number & PAGE_MASK);
  }

  /**
   * Puts a row into the entry of its key, which is not null.
   *
   * @return whether its key is covered
   */
  boolean put(long row) {
    long at = digit(getLong(row + extent.keyOffset(0)));
    if (!isCovered(at)) {
      return false;
    }
    putLong(entryFor(at), row);
    return true;
  }

  /** Forgets a row, if it is in here. */
  void forget(long row) {
    long entry = entryOf(row);
    if (entry != 0 && getLong(entry) == row) {
      putLong(entry, 0);
    }
  }

  @Override
  public boolean growTo(KeyColumns keys, int index, long groups) {
    long key = getLong(keys.values(0) + 8L * index);
    long far = key - base;
    long digits = digits(Math.min(extent.min(0), key), Math.max(extent.max(0), key), step);
    if (far % step != 0 || digits > allowed(groups)) {
      return false;
    }
    long beyond = far < 0 ? -far / step : far / step - span + 1;
    int more = Math.max(pagesFor(beyond), pages.length / 2);
    more = Math.min(more, PAGES_MAX - pages.length);
    if ((long) more << PAGE_LOG2 < beyond) {
      return false;
    }
    cover(far < 0 ? more : 0, far < 0 ? 0 : more);
    return true;
  }

  /** Whether there is far more room than rows, as where most have been removed. */
  boolean isThin(long groups) {
    return made << PAGE_LOG2 > groups * ENTRIES_PER_GROUP_THIN;
  }

  @Override
  public void free() {
    for (long page : pages) {
      if (page != zeros) {
        memory.free(page, PAGE_BYTES);
      }
    }
    if (zeros != 0) {
      memory.free(zeros, PAGE_BYTES);
    }
    zeros = 0;
    pages = new long[0];
    made = 0;
    madeFirst = 0;
    firstPages = 0;
    span = 0;
  }

  @Override
  public void close() {
    free();
  }
}
