package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.codegen.memory.MemorySource;
import java.util.List;

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
 * here. While the directory is empty, the spans grow with the keys; later ones that lie outside go
 * to the directory, until there are so many that it is worth taking all in again.
 */
final class DirectIndex implements AutoCloseable {
  private static final int KEYS_MAX = 4;

  /** Entries that are always allowed. */
  private static final long ENTRIES_MIN = 1 << 10;

  private static final long ENTRIES_MAX = 1 << 22;

  /** An index up to this size (half a megabyte) stays in the cache of a core. */
  private static final long ENTRIES_SMALL_MAX = 1 << 16;

  private static final int ENTRIES_PER_GROUP_SMALL = 32;
  private static final int ENTRIES_PER_GROUP = 4;

  /** More rows than this are not looked at in one go. */
  private static final long ROWS_MAX = 1 << 21;

  private final MemorySource memory;
  private final boolean possible;
  private final int[] keyOffsets;
  private final long[] keyMin;
  private final long[] keyMax;

  /** Greatest common divisor of the differences of a key's values, 0 while there is one value. */
  private final long[] keySteps;

  private final long[] bases;
  private final long[] steps;
  private final long[] spans;
  private final long[] strides;
  private long entries;
  private long address;

  /** Number of groups from which on it pays to look again whether the keys are dense. */
  private long groupsToLook;

  DirectIndex(MemorySource memory, List<ValueKind> kinds, RowLayout layout) {
    this.memory = memory;
    int keys = kinds.size();
    possible =
        keys > 0
            && keys <= KEYS_MAX
            && kinds.stream().allMatch(kind -> kind.slotBytes() == 8 && !kind.isFloating());
    keyOffsets = new int[keys];
    for (int k = 0; k < keys; k++) {
      keyOffsets[k] = layout.keyOffset(k);
    }
    keyMin = new long[keys];
    keyMax = new long[keys];
    keySteps = new long[keys];
    bases = new long[keys];
    steps = new long[keys];
    spans = new long[keys];
    strides = new long[keys];
    forget();
  }

  boolean active() {
    return entries != 0;
  }

  int keys() {
    return bases.length;
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
    int shift = Long.numberOfTrailingZeros(steps[key]);
    return digit(value, bases[key], inverse(steps[key]), shift);
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

  /** Where the entry of a row's keys is, or 0 if they are not covered. */
  long entryOf(long row) {
    long index = 0;
    if (entries == 0) {
      return 0;
    }
    for (int k = 0; k < bases.length; k++) {
      long at = digit(k, getLong(row + keyOffsets[k]));
      if (Long.compareUnsigned(at, spans[k]) >= 0) {
        return 0;
      }
      index += at * strides[k];
    }
    return address + 8 * index;
  }

  /** Takes notice of the keys of a new row, none of which is null. */
  void notice(long row) {
    if (!possible) {
      return;
    }
    for (int k = 0; k < keyMin.length; k++) {
      long key = getLong(row + keyOffsets[k]);
      if (keySteps[k] != 1 && keyMin[k] <= keyMax[k]) {
        noticeStep(k, key - keyMin[k], key < keyMin[k]);
      }
      keyMin[k] = Math.min(keyMin[k], key);
      keyMax[k] = Math.max(keyMax[k], key);
    }
  }

  private void noticeStep(int key, long difference, boolean below) {
    boolean overflows = difference != 0 && (difference < 0) != below;
    if (overflows || difference == Long.MIN_VALUE) {
      keySteps[key] = 1;
    } else if (keySteps[key] == 0 ? difference != 0 : difference % keySteps[key] != 0) {
      keySteps[key] = commonDivisor(Math.abs(difference), keySteps[key]);
    }
  }

  private static long commonDivisor(long a, long b) {
    return b == 0 ? a : commonDivisor(b, a % b);
  }

  /** Whether it pays to call {@link #takeIn}. */
  boolean worthALook(long groups) {
    return possible && groups >= groupsToLook;
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
    if (!now || groups > ROWS_MAX || !allocate(groups)) {
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

  /**
   * Lets the range of a single key grow to a key outside, by the step that it has; the directory is
   * empty. The key is not noticed: it has no row yet.
   *
   * @return whether the key is covered now
   */
  boolean growTo(long key, long groups) {
    if (bases.length != 1 || entries == 0 || (key - bases[0]) % steps[0] != 0) {
      return false;
    }
    long min = keyMin[0];
    long max = keyMax[0];
    long keyStep = keySteps[0];
    keySteps[0] = steps[0];
    keyMin[0] = Math.min(bases[0], key);
    keyMax[0] = Math.max(bases[0] + (spans[0] - 1) * steps[0], key);
    long old = address;
    long oldEntries = entries;
    long oldBase = bases[0];
    boolean grown;
    try {
      grown = allocate(groups);
    } finally {
      keySteps[0] = keyStep;
      keyMin[0] = min;
      keyMax[0] = max;
    }
    if (grown) {
      copy(old, address + 8 * ((oldBase - bases[0]) / steps[0]), oldEntries * 8);
      memory.free(old, oldEntries * 8);
    }
    return grown;
  }

  /**
   * Makes empty entries for the keys seen so far, with room to spare on the side that a single key
   * grows to; leaves everything as it is and returns false if they would be too many.
   */
  private boolean allocate(long groups) {
    long allowed = Math.min(ENTRIES_SMALL_MAX, groups * ENTRIES_PER_GROUP_SMALL);
    allowed = Math.max(allowed, Math.min(ENTRIES_MAX, groups * ENTRIES_PER_GROUP));
    allowed = Math.max(allowed, ENTRIES_MIN);
    long needed = 1;
    for (int k = bases.length - 1; k >= 0; k--) {
      long range = keyMax[k] - keyMin[k];
      if (range < 0 || range / step(keySteps[k]) >= allowed / needed) {
        return false;
      }
      needed *= range / step(keySteps[k]) + 1;
    }
    boolean single = bases.length == 1;
    long size = single ? Math.max(ENTRIES_MIN, needed + needed / 2) : needed;
    boolean growsDown = single && entries != 0 && keyMin[0] < bases[0];
    long step = single ? step(keySteps[0]) : 1;
    long length = (size - 1) * step;
    long low = growsDown ? keyMax[0] - length : 0;
    if (single
        && (length / step != size - 1
            || (growsDown ? low > keyMin[0] : keyMin[0] + length < keyMin[0]))) {
      return false;
    }
    long larger = memory.allocate(size * 8);
    zero(larger, size * 8);
    address = larger;
    entries = size;
    long stride = 1;
    for (int k = bases.length - 1; k >= 0; k--) {
      steps[k] = step(keySteps[k]);
      bases[k] = growsDown ? low : keyMin[k];
      spans[k] = single ? size : (keyMax[k] - keyMin[k]) / steps[k] + 1;
      strides[k] = stride;
      stride *= spans[k];
    }
    return true;
  }

  /** The step to index by: one value alone has none. */
  private static long step(long keyStep) {
    return Math.max(1, keyStep);
  }

  /** Stops covering any key. */
  void free() {
    if (entries != 0) {
      memory.free(address, entries * 8);
      entries = 0;
      address = 0;
    }
  }

  /** Forgets every row and every key. */
  void clear() {
    free();
    forget();
  }

  private void forget() {
    java.util.Arrays.fill(keyMin, Long.MAX_VALUE);
    java.util.Arrays.fill(keyMax, Long.MIN_VALUE);
    java.util.Arrays.fill(keySteps, 0);
    groupsToLook = 1;
  }

  @Override
  public void close() {
    free();
  }
}
