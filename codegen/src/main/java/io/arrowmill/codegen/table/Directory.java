package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.codegen.memory.MemorySource;
import java.util.Arrays;

/**
 * Finds rows by hash: parts of linear-probed slots, and a top level that picks the part.
 *
 * <pre>
 *   slot      63     62        51 50      45 44            0
 *             +------+-----------+----------+---------------+
 *             | live | directory | distance | row address/8 |   0: empty, 1: removed
 *             +------+-----------+----------+---------------+
 *   top entry 63        56 55 48 47                      0
 *             +-----------+-----+------------------------+
 *             | 64 - log2 |  0  | address of the slots   |
 *             +-----------+-----+------------------------+
 * </pre>
 *
 * <p>Eight slots make a cache line. A probe begins at the slot that the hash asks for, goes round
 * its line, and then round the lines that follow, from the same place in each; so it hardly ever
 * needs a second line. A slot keeps the hash's directory bits, and how many steps it is from the
 * one that the hash asks for ({@value #DISTANCE_MAX} stands for that and more). A probe compares
 * both, so it stops at rows only whose hash has the same slot and the same directory bits.
 *
 * <p>A full part doubles up to 2^16 slots, then splits in two by the next of the hash's directory
 * bits (extendible hashing), so that no growth moves more than some 50,000 rows at once. What a
 * slot keeps is all that a split must know: it reads no row. Where hashes are too alike to be split
 * a part goes on doubling. See {@link KeyHash} for which bits of a hash serve for what.
 */
final class Directory implements AutoCloseable {
  /** Below it is the row; from it on, what a probe compares. */
  static final int TAG_SHIFT = 45;

  static final int TOP_SHIFT = 20;

  /** What is less is no address of a row; see {@link #emptyAt}. */
  static final long ROW_ADDRESS_MIN = 8;

  private static final long PART_ADDRESS_MASK = 0xFFFF_FFFF_FFFFL;
  private static final long ROW_MASK = (1L << TAG_SHIFT) - 1;
  private static final int ROW_SHIFT = 3;
  private static final long DISTANCE_MAX = 63;
  private static final long DISTANCE_MASK = DISTANCE_MAX << TAG_SHIFT;
  private static final long DISTANCE_ONE = 1L << TAG_SHIFT;
  private static final int BITS_SHIFT = 51;
  private static final long LIVE = 1L << 63;
  private static final long LINE_SLOTS = 8;
  private static final long LINE_BYTES = 8 * LINE_SLOTS;
  private static final long REMOVED = 1;
  private static final int DEPTH_MAX = 12;
  private static final long BITS_MASK = (1L << DEPTH_MAX) - 1;
  private static final int SLOTS_LOG2_MIN = 5;

  /**
   * Parts up to this size stay in the cache and are kept three quarters empty: a collision costs a
   * mispredicted branch, which is all that probing costs there.
   */
  private static final int ROOMY_LOG2_MAX = 14;

  private static final int SLOTS_LOG2_SPLIT = 16;

  /** Bytes of slots whose rows are loaded ahead of moving them. */
  private static final long WARM_BYTES = 8L * 256;

  private final MemorySource memory;
  private final KeyColumns keys;
  private long[] top;
  private Part[] parts;
  private long totalBytes;
  private long live;

  /** Whether all blocks so far begin with a cache line. */
  private boolean linesWhole = true;

  /** Whether slots have been moved since {@link #keepPlaces}. */
  private boolean moved;

  /** What the warming loads add up to; kept so that they are not optimized away. */
  @SuppressWarnings("UnusedVariable")
  private long warmed;

  /** One array of slots; {@code used} counts live and removed entries. */
  private static final class Part {
    long address;
    int slotsLog2;
    int depth;
    int used;
    int live;

    int usedMax() {
      return Directory.usedMax(slotsLog2);
    }

    long topEntry() {
      return (64L - slotsLog2) << 56 | address;
    }
  }

  Directory(MemorySource memory, KeyColumns keys) {
    this.memory = memory;
    this.keys = keys;
    parts = new Part[] {newPart(SLOTS_LOG2_MIN, 0)};
    top = new long[] {parts[0].topEntry()};
  }

  /** Top-level entries, a power of two of them; replaced by growth. */
  long[] top() {
    return top;
  }

  long memoryBytes() {
    return totalBytes;
  }

  static long slotMask(long topEntry) {
    return -1L >>> (topEntry >>> 56);
  }

  /** Address of the slots that a top-level entry stands for. */
  static long slots(long topEntry) {
    return topEntry & PART_ADDRESS_MASK;
  }

  /**
   * Address of a slot. Slot 0 is where the first cache line of the block begins, and those at the
   * end of the last line are before it.
   *
   * @param slots address of the part's block
   * @param slot its number
   * @param mask of slot numbers
   */
  static long at(long slots, long slot, long mask) {
    return slots + (((slot << 3) + firstSlot(slots)) & (mask << 3));
  }

  private static long firstSlot(long slots) {
    return -slots & (LINE_BYTES - 1);
  }

  /** Whether {@link #aroundAddress} may be asked. */
  boolean linesWhole() {
    return linesWhole;
  }

  /** As {@link #around}, by addresses, where no line of a block is in two pieces. */
  static long aroundAddress(long address, int steps) {
    return (address & -LINE_BYTES) | ((address + 8L * steps) & (LINE_BYTES - 1));
  }

  /** The slot {@code steps} after {@code slot} in its line. */
  static long around(long slot, int steps) {
    return (slot & -LINE_SLOTS) | ((slot + steps) & (LINE_SLOTS - 1));
  }

  /** The slot at the same place in a line that follows. */
  static long line(long slot, int lines) {
    return slot + lines * LINE_SLOTS;
  }

  /** The slot that a probe looks at after {@code slot}. */
  static long next(long slot, long home, long mask) {
    long next = around(slot, 1);
    return ((next ^ home) & (LINE_SLOTS - 1)) == 0 ? (next + LINE_SLOTS) & mask : next;
  }

  /** {@code entry} if it is what a slot with that tag would hold, else {@code other}. */
  static long pick(long entry, long tag, long other) {
    long same = (((entry ^ tag) >>> TAG_SHIFT) - 1) >> 63;
    return (entry & same) | (other & ~same);
  }

  /**
   * Which of the first slots that a probe looks at is the first empty one, from 1 on; 0 if none is
   * empty, or if there is the slot of a removed row among them.
   */
  static long emptyAt(long first, long second, long third, long fourth) {
    long free = (~first >>> 63) | ((~second >>> 63) << 1);
    free |= ((~third >>> 63) << 2) | ((~fourth >>> 63) << 3);
    long removed = (first & ~(first >> 63)) | (second & ~(second >> 63));
    removed |= (third & ~(third >> 63)) | (fourth & ~(fourth >> 63));
    long number = Long.numberOfTrailingZeros(free | 8) + 1L;
    return number & (-free >> 63) & (removed - 1);
  }

  /** What the slot that the hash asks for would hold, but for the row. */
  static long tag(long hash) {
    return LIVE | ((hash >>> TOP_SHIFT & BITS_MASK) << BITS_SHIFT);
  }

  /** What the slot one step farther away would hold. */
  static long farther(long slot) {
    // Without a branch: one that is hardly ever taken was seen to leave compiled code each time.
    long below = (slot & DISTANCE_MASK) - DISTANCE_MASK;
    return slot + (below >> 63 & DISTANCE_ONE);
  }

  /** What the slot {@code steps} after the one that the hash asks for would hold, in its line. */
  static long farther(long tag, int steps) {
    return tag + steps * DISTANCE_ONE;
  }

  /** The row that a slot holds; 0 of an empty one. */
  static long row(long slot) {
    return (slot & ROW_MASK) << ROW_SHIFT;
  }

  private static long slot(long hash, long row) {
    return tag(hash) | (row >>> ROW_SHIFT);
  }

  private int topIndex(long hash) {
    return (int) (hash >>> TOP_SHIFT) & (top.length - 1);
  }

  private Part newPart(int slotsLog2, int depth) {
    Part part = new Part();
    long bytes = 8L << slotsLog2;
    part.address = memory.allocate(bytes);
    linesWhole &= firstSlot(part.address) == 0;
    totalBytes += bytes;
    zero(part.address, bytes);
    part.slotsLog2 = slotsLog2;
    part.depth = depth;
    return part;
  }

  private void free(Part part) {
    long bytes = 8L << part.slotsLog2;
    memory.free(part.address, bytes);
    totalBytes -= bytes;
  }

  private static int usedMax(int slotsLog2) {
    int slots = 1 << slotsLog2;
    return slotsLog2 <= ROOMY_LOG2_MAX ? slots / 4 : slots - slots / 4;
  }

  /** Makes sure that a row with this hash can be inserted without memory. */
  void reserve(long hash) {
    Part part = parts[topIndex(hash)];
    while (part.used >= part.usedMax()) {
      grow(part, hash);
      part = parts[topIndex(hash)];
    }
  }

  /** Adds a row that is not there; {@link #reserve} was called. */
  void insert(long hash, long row) {
    place(parts[topIndex(hash)], hash, slot(hash, row));
    live++;
  }

  /** From now on {@link #isStillEmpty} can be asked for slots that are told. */
  void keepPlaces() {
    moved = false;
  }

  /**
   * Whether a row with this hash belongs where {@link #emptyAt} told since {@link #keepPlaces}: it
   * would be there if it had been inserted since.
   */
  boolean isStillEmpty(long hash, long emptyAt) {
    Part part = parts[topIndex(hash)];
    return !moved && part.used < part.usedMax() && getLong(address(part, hash, emptyAt)) == 0;
  }

  /** Adds a row where {@link #isStillEmpty} said that it belongs. */
  void insertAt(long hash, long row, long emptyAt) {
    Part part = parts[topIndex(hash)];
    putLong(address(part, hash, emptyAt), slot(hash, row) + (emptyAt - 1) * DISTANCE_ONE);
    part.live++;
    part.used++;
    live++;
  }

  private static long address(Part part, long hash, long emptyAt) {
    long mask = (1L << part.slotsLog2) - 1;
    return at(part.address, around(hash & mask, (int) emptyAt - 1), mask);
  }

  /**
   * Puts a slot's content where it belongs.
   *
   * @param home the number of the slot that the hash asks for, in its lowest bits
   * @param content as it would be there
   */
  private static void place(Part part, long home, long content) {
    long mask = (1L << part.slotsLog2) - 1;
    long slot = home & mask;
    long placed = content;
    while (true) {
      long at = at(part.address, slot, mask);
      long entry = getLong(at);
      if (entry == 0 || entry == REMOVED) {
        putLong(at, placed);
        part.live++;
        part.used += entry == 0 ? 1 : 0;
        return;
      }
      slot = next(slot, home, mask);
      placed = farther(placed);
    }
  }

  /** Takes out a row that is there. */
  void remove(long hash, long row) {
    Part part = parts[topIndex(hash)];
    long mask = (1L << part.slotsLog2) - 1;
    long wanted = slot(hash, row);
    long slot = hash & mask;
    while (getLong(at(part.address, slot, mask)) != wanted) {
      slot = next(slot, hash, mask);
      wanted = farther(wanted);
    }
    part.live--;
    live--;
    if (getLong(at(part.address, around(slot, 1), mask)) != 0) {
      putLong(at(part.address, slot, mask), REMOVED);
      return;
    }
    // A probe that comes by here ends at the next slot of the line, or has been there before. So
    // this slot and the removed ones before it can be empty again.
    do {
      putLong(at(part.address, slot, mask), 0);
      part.used--;
      slot = around(slot, -1);
    } while (getLong(at(part.address, slot, mask)) == REMOVED);
  }

  private void grow(Part part, long hash) {
    moved = true;
    if (part.live <= part.usedMax() / 2) {
      replace(part, part.slotsLog2);
    } else if (part.slotsLog2 < SLOTS_LOG2_SPLIT || part.depth == DEPTH_MAX) {
      replace(part, part.slotsLog2 + 1);
    } else {
      split(part, hash);
    }
  }

  private void replace(Part part, int slotsLog2) {
    Part other = newPart(slotsLog2, part.depth);
    boolean readsRows = slotsLog2 != part.slotsLog2;
    long end = part.address + (8L << part.slotsLog2);
    for (long at = part.address; at < end; at += 8) {
      if (readsRows && (at - part.address & WARM_BYTES - 1) == 0) {
        warm(at, Math.min(end, at + WARM_BYTES));
      }
      long entry = getLong(at);
      if (entry < 0) {
        long home = readsRows ? keys.hashRow(row(entry)) : home(part, at, entry);
        place(other, home, entry & ~DISTANCE_MASK);
      }
    }
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] == part) {
        parts[i] = other;
        top[i] = other.topEntry();
      }
    }
    free(part);
  }

  /** The number of the slot that the hash of a slot's row asks for. */
  private long home(Part part, long at, long entry) {
    long distance = entry >>> TAG_SHIFT & DISTANCE_MAX;
    if (distance == DISTANCE_MAX) {
      return keys.hashRow(row(entry));
    }
    long slot = (at - part.address - firstSlot(part.address)) >> 3;
    return around(slot, (int) -distance) - (distance & -LINE_SLOTS);
  }

  /**
   * Loads the rows that some slots point to, each load independent of the others, so that their
   * cache misses overlap.
   */
  private void warm(long from, long end) {
    long sum = 0;
    for (long at = from; at < end; at += 8) {
      long entry = getLong(at);
      // Where no row is, the slot is read once more instead: no branch to predict.
      sum += getLong(entry < 0 ? row(entry) : at);
    }
    warmed = sum;
  }

  private void split(Part part, long hash) {
    int bit = BITS_SHIFT + part.depth;
    long end = part.address + (8L << part.slotsLog2);
    int depth = part.depth + 1;
    Part lower = newPart(part.slotsLog2, depth);
    Part upper;
    try {
      upper = newPart(part.slotsLog2, depth);
    } catch (RuntimeException | Error e) {
      free(lower);
      throw e;
    }
    for (long at = part.address; at < end; at += 8) {
      long entry = getLong(at);
      if (entry < 0) {
        Part half = (entry >>> bit & 1) == 0 ? lower : upper;
        place(half, home(part, at, entry), entry & ~DISTANCE_MASK);
      }
    }
    if (1 << part.depth == top.length) {
      doubleTop();
    }
    int step = 1 << depth;
    int lowerAt = topIndex(hash) & (step / 2 - 1);
    for (int i = lowerAt; i < top.length; i += step) {
      parts[i] = lower;
      top[i] = lower.topEntry();
      parts[i + step / 2] = upper;
      top[i + step / 2] = upper.topEntry();
    }
    free(part);
  }

  private void doubleTop() {
    int length = top.length;
    long[] moreTop = Arrays.copyOf(top, length * 2);
    Part[] moreParts = Arrays.copyOf(parts, length * 2);
    System.arraycopy(top, 0, moreTop, length, length);
    System.arraycopy(parts, 0, moreParts, length, length);
    top = moreTop;
    parts = moreParts;
  }

  /** Makes room for some rows where there are none yet; no more than before a part splits. */
  void expect(long rows) {
    int slotsLog2 = SLOTS_LOG2_MIN;
    while (slotsLog2 < SLOTS_LOG2_SPLIT && usedMax(slotsLog2) < rows) {
      slotsLog2++;
    }
    if (live == 0 && parts.length == 1 && slotsLog2 > parts[0].slotsLog2) {
      replace(parts[0], slotsLog2);
    }
  }

  /** Number of rows. */
  long live() {
    return live;
  }

  /** Forgets every row. */
  void clear() {
    live = 0;
    Part empty = newPart(SLOTS_LOG2_MIN, 0);
    close();
    parts = new Part[] {empty};
    top = new long[] {empty.topEntry()};
  }

  @Override
  public void close() {
    for (int i = 0; i < parts.length; i++) {
      // A part stands at every top entry that shares its low bits; it is freed at the first.
      if (i < 1 << parts[i].depth) {
        free(parts[i]);
      }
    }
    parts = new Part[0];
    top = new long[0];
  }
}
