package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.codegen.memory.MemorySource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Row addresses of one integer key of a large table, by key, in pages that are made as keys come:
 * it grows without moving an entry. The keys must be dense, or lie in stretches that are.
 *
 * <pre>
 *   digit = (key - base) / step
 *   pages[digit / 4,096]  --&gt;  +--------+--------+----
 *                              | row    | 0      | …     int64 each, 0 where there is no row
 *                              +--------+--------+----
 * </pre>
 *
 * <p>Where there is no page yet, a page of zeros is read that all share. A page that the number of
 * groups does not allow is closed: keys that would be in it are not covered from then on. Owned by
 * one table; one thread at a time.
 */
final class PagedIndex implements DenseIndex, AutoCloseable {
  /** Pages and stretches of keys that stay together begin with the same keys. */
  private static final int PAGE_LOG2 = NeighbourRoutes.STRETCH_LOG2;

  private static final int PAGE_ENTRIES = 1 << PAGE_LOG2;
  private static final long PAGE_MASK = PAGE_ENTRIES - 1;
  private static final long PAGE_BYTES = 8L * PAGE_ENTRIES;
  private static final int PAGES_MAX = 1 << 18;

  /** Entries a group that all pages may have, and that keys are dense by all over their range. */
  private static final long ENTRIES_PER_GROUP = 4;

  /** So many pages are allowed whatever the number of groups. */
  private static final long PAGES_FREE = 16;

  private static final long ENTRIES_PER_GROUP_THIN = 16;

  /** Entries a group, of pages or not, that the keys' range may have. */
  private static final long RANGE_PER_GROUP = 64;

  /** So that what all entries stand for is a small part of all integers. */
  private static final long STEP_MAX = 1L << 32;

  /** So many pages are made at once where all are: they are fresh memory, which takes its time. */
  private static final int FIRST_PAGES_MADE_MAX = 256;

  /** Pages that memory is asked for at once, once there are more. */
  private static final int BLOCK_PAGES_MAX = 64;

  /** So many rows say how many pages all of them would need. */
  static final int SAMPLE_ROWS = 1 << 10;

  /** A smaller table has a {@link DirectIndex}, or is in the cache. */
  private static final long GROUPS_MIN = 1 << 14;

  private final MemorySource memory;
  private final KeyExtent extent;
  private final GroupRows rows;
  private final List<Block> blocks = new ArrayList<>();
  private long base;
  private long step;
  private long inverse;
  private int shift;

  /** Number of entries, which is a whole number of pages. */
  private long span;

  private long[] pages = new long[0];

  /** What is read where there is no page yet. */
  private long zeros;

  /** Stands for a page that is not made any more. */
  private long closed;

  private long made;

  /** Pages of the last block that are not made yet. */
  private long nextPage;

  private long blockEnd;

  /** How many of the first pages are known to be made. */
  private int madeFirst;

  /** How many of the first pages the keys that were there at first are in. */
  private int firstPages;

  private record Block(long address, long bytes) {}

  /** An index of rows of {@code rows}, whose number says how many pages there may be. */
  PagedIndex(MemorySource memory, KeyExtent extent, GroupRows rows) {
    this.memory = memory;
    this.extent = extent;
    this.rows = rows;
  }

  @Override
  public boolean active() {
    return span != 0;
  }

  long memoryBytes() {
    return blocks.stream().mapToLong(Block::bytes).sum();
  }

  /**
   * Covers all keys that the table has had, and some more, with no row in any entry, if they may be
   * dense enough: pages say so when they are made.
   *
   * @param sample room for {@value #SAMPLE_ROWS} row addresses
   * @return whether it did
   */
  boolean open(long groups, long sample) {
    if (groups < GROUPS_MIN || extent.keys() != 1 || !extent.isKnown()) {
      return false;
    }
    long least = extent.step(0) == 1 ? extent.min(0) & ~PAGE_MASK : extent.min(0);
    long digits = digits(least, extent.max(0), extent.step(0));
    if (digits > rangeMax(groups) || extent.step(0) > STEP_MAX) {
      return false;
    }
    free();
    base = least;
    step = extent.step(0);
    inverse = DirectIndex.inverse(step);
    shift = Long.numberOfTrailingZeros(step);
    boolean dense = digits <= groups * ENTRIES_PER_GROUP;
    if (!dense && samplePages(pagesFor(digits), sample) > samplePagesMax()) {
      return false;
    }
    zeros = allocate(2);
    zero(zeros, 2 * PAGE_BYTES);
    closed = zeros + PAGE_BYTES;
    firstPages = dense ? pagesFor(digits) : 0;
    cover(0, pagesFor(digits + digits / 2));
    return true;
  }

  /** In how many pages some rows of the table would be. */
  private int samplePages(int pagesOfRange, long sample) {
    BitSet hit = new BitSet(pagesOfRange);
    int count = rows.pages().next(new RowCursor(), sample, SAMPLE_ROWS);
    for (int i = 0; i < count; i++) {
      long page = digit(getLong(getLong(sample + 8L * i) + extent.keyOffset(0))) >>> PAGE_LOG2;
      if (page < pagesOfRange) { // a null key's may be anywhere
        hit.set((int) page);
      }
    }
    return hit.cardinality();
  }

  /** In how many they would be if all rows needed as many as there may be, and were spread. */
  private double samplePagesMax() {
    double allowed = pagesMax();
    return allowed * -Math.expm1(-SAMPLE_ROWS / allowed);
  }

  private long pagesMax() {
    return PAGES_FREE + rows.size() * ENTRIES_PER_GROUP / PAGE_ENTRIES;
  }

  /**
   * Makes some pages for the keys that were there when this was opened, if they were dense all over
   * their range: nearly each page will be needed soon, and all at once.
   *
   * @return whether all are made
   */
  boolean makeSome() {
    int end = Math.min(firstPages, madeFirst + FIRST_PAGES_MADE_MAX);
    for (; madeFirst < end; madeFirst++) {
      page(madeFirst);
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

  private static long rangeMax(long groups) {
    return Math.min(groups * RANGE_PER_GROUP, (long) PAGES_MAX << PAGE_LOG2);
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
    int number = (int) (at >>> PAGE_LOG2);
    long page = isWritten ? page(number) : pages[number];
    return page == closed ? 0 : page + 8 * (at & PAGE_MASK);
  }

  /** Address of a page, which is made if it may be, else closed. */
  private long page(int number) {
    if (pages[number] == zeros) {
      pages[number] = made < pagesMax() ? newPage() : closed;
    }
    return pages[number];
  }

  private long newPage() {
    if (nextPage == blockEnd) {
      long count = Math.clamp(made / 4, 1, BLOCK_PAGES_MAX);
      nextPage = allocate(count);
      blockEnd = nextPage + count * PAGE_BYTES;
    }
    long page = nextPage;
    zero(page, PAGE_BYTES);
    nextPage += PAGE_BYTES;
    made++;
    return page;
  }

  private long allocate(long count) {
    long bytes = count * PAGE_BYTES;
    long address = memory.allocate(bytes);
    blocks.add(new Block(address, bytes));
    return address;
  }

  private boolean exists(long page) {
    return page != zeros && page != closed;
  }

  /** Number of pages that have been made. */
  long made() {
    return made;
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
    return exists(page) ? page + 8 * (number & PAGE_MASK) : 0;
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
    long page = page((int) (at >>> PAGE_LOG2));
    if (page == closed) {
      return false;
    }
    putLong(page + 8 * (at & PAGE_MASK), row);
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
    if (far % step != 0 || digits > rangeMax(groups) || isCovered(digit(key))) {
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
    blocks.forEach(block -> memory.free(block.address(), block.bytes()));
    blocks.clear();
    zeros = 0;
    closed = 0;
    nextPage = 0;
    blockEnd = 0;
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
