package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.codegen.memory.MemorySource;
import java.util.ArrayList;
import java.util.List;

/**
 * Integer keys, one bit each: those of the stretches of numbers that it covers.
 *
 * <pre>
 *   key         63                      12 11            0
 *               +-------------------------+--------------+
 *               | stretch                 | bit          |
 *               +-------------------------+--------------+
 *   directory   int64 stretch, int64 address of its bits | …   address 0: empty
 * </pre>
 *
 * <p>The directory is a table of open addressing, at least half of it empty; stretches are never
 * given up. Owned by one {@link KeySet}; one thread at a time.
 */
final class KeyBits implements AutoCloseable {
  private static final int STRETCH_LOG2 = NeighbourRoutes.STRETCH_LOG2;

  /** Bytes of a stretch's bits. */
  static final long STRETCH_BYTES = (1L << STRETCH_LOG2) / Byte.SIZE;

  private static final long BIT_MASK = (1L << STRETCH_LOG2) - 1;
  private static final int ENTRY_BYTES = 16;
  private static final long ENTRIES_MIN = 8;

  private final KeyHash hash;
  private final MemorySource memory;
  private final List<Block> blocks = new ArrayList<>();

  /** A word with all bits set, which keys that are not covered are looked up in. */
  private final long spareWord;

  private long directory;
  private long entries;
  private long stretches;
  private long size;

  private record Block(long address, long bytes) {}

  KeyBits(KeyHash hash, MemorySource memory) {
    this.hash = hash;
    this.memory = memory;
    spareWord = memory.allocate(Long.BYTES);
    putLong(spareWord, -1);
  }

  /** Number of keys. */
  long size() {
    return size;
  }

  /** Whether no key is covered. */
  boolean coversNone() {
    return stretches == 0;
  }

  long memoryBytes() {
    long bytes = Long.BYTES + entries * ENTRY_BYTES;
    for (Block block : blocks) {
      bytes += block.bytes();
    }
    return bytes;
  }

  /**
   * Writes the address of the word that each key's bit is in.
   *
   * @param keys int64 each
   * @param valid one byte a key, 0 where it is null, which is not covered; or 0
   * @param wordsOut gets that of a spare word for a key that is not covered
   * @param othersOut gets the indexes, int32, of those keys
   * @return how many those are
   */
  int find(long keys, long valid, int count, long wordsOut, long othersOut) {
    long from = directory;
    long mask = entries - 1;
    long start = hash.start();
    int others = 0;
    for (int i = 0; i < count; i++) {
      long key = getLong(keys + 8L * i);
      long stretch = NeighbourRoutes.stretch(key);
      long slot = hash.combine(start, stretch) & mask;
      long bits = getLong(from + ENTRY_BYTES * slot + 8);
      while (bits != 0 && getLong(from + ENTRY_BYTES * slot) != stretch) {
        slot = (slot + 1) & mask;
        bits = getLong(from + ENTRY_BYTES * slot + 8);
      }
      boolean covered = bits != 0 && (valid == 0 || getByte(valid + i) != 0);
      putInt(othersOut + 4L * others, i);
      others += covered ? 0 : 1;
      putLong(wordsOut + 8L * i, covered ? word(bits, key) : spareWord);
    }
    return others;
  }

  private static long word(long bits, long key) {
    return bits + (((key & BIT_MASK) >>> 6) << 3);
  }

  /**
   * Adds keys.
   *
   * @param words what {@link #find} wrote
   * @param newOut gets 1 for a key that was not there, int64, else 0
   * @param addedOut gets the keys that were not there, one after the other; has room for all
   * @return how many were not there
   */
  int add(long keys, int count, long words, long newOut, long addedOut) {
    long to = addedOut;
    for (int i = 0; i < count; i++) {
      long key = getLong(keys + 8L * i);
      long at = getLong(words + 8L * i);
      long word = getLong(at);
      long isNew = (~word >>> key) & 1;
      putLong(at, word | (1L << key));
      putLong(newOut + 8L * i, isNew);
      putLong(to, key);
      to += isNew << 3;
    }
    int added = (int) ((to - addedOut) >> 3);
    size += added;
    return added;
  }

  /**
   * Covers more stretches, none of whose keys is in here; leaves everything as it is if it throws.
   */
  void cover(long[] more) {
    long bytes = more.length * STRETCH_BYTES;
    long bits = memory.allocate(bytes);
    try {
      reserve(stretches + more.length);
    } catch (RuntimeException | Error e) {
      memory.free(bits, bytes);
      throw e;
    }
    zero(bits, bytes);
    blocks.add(new Block(bits, bytes));
    for (int i = 0; i < more.length; i++) {
      enter(more[i], bits + i * STRETCH_BYTES);
    }
    stretches += more.length;
  }

  /** Adds a key that is covered and was not there. */
  void set(long key) {
    long slot = hash.combine(hash.start(), NeighbourRoutes.stretch(key)) & (entries - 1);
    while (getLong(directory + ENTRY_BYTES * slot) != NeighbourRoutes.stretch(key)
        || getLong(directory + ENTRY_BYTES * slot + 8) == 0) {
      slot = (slot + 1) & (entries - 1);
    }
    long at = word(getLong(directory + ENTRY_BYTES * slot + 8), key);
    putLong(at, getLong(at) | (1L << key));
    size++;
  }

  private void reserve(long wanted) {
    if (2 * wanted <= entries) {
      return;
    }
    long larger = Math.max(ENTRIES_MIN, Long.highestOneBit(2 * wanted - 1) << 1);
    long old = directory;
    long oldEntries = entries;
    directory = memory.allocate(larger * ENTRY_BYTES);
    entries = larger;
    zero(directory, larger * ENTRY_BYTES);
    for (long i = 0; i < oldEntries; i++) {
      long entry = old + ENTRY_BYTES * i;
      if (getLong(entry + 8) != 0) {
        enter(getLong(entry), getLong(entry + 8));
      }
    }
    if (oldEntries != 0) {
      memory.free(old, oldEntries * ENTRY_BYTES);
    }
  }

  private void enter(long stretch, long bits) {
    long slot = hash.combine(hash.start(), stretch) & (entries - 1);
    while (getLong(directory + ENTRY_BYTES * slot + 8) != 0) {
      slot = (slot + 1) & (entries - 1);
    }
    putLong(directory + ENTRY_BYTES * slot, stretch);
    putLong(directory + ENTRY_BYTES * slot + 8, bits);
  }

  /** Writes up to {@code max} keys from the cursor on, int64 each; 0 at the end. */
  int next(RowCursor cursor, long keysOut, int max) {
    int written = 0;
    while (cursor.block < entries && written < max) {
      long entry = directory + (long) ENTRY_BYTES * cursor.block;
      long bits = getLong(entry + 8);
      if (bits == 0 || cursor.index > BIT_MASK) {
        cursor.block++;
        cursor.index = 0;
        continue;
      }
      long first = getLong(entry) << STRETCH_LOG2;
      long left = getLong(word(bits, cursor.index)) & (-1L << cursor.index);
      for (; left != 0 && written < max; left &= left - 1) {
        int bit = Long.numberOfTrailingZeros(left);
        putLong(keysOut + 8L * written++, first | (cursor.index & -Long.SIZE) | bit);
      }
      cursor.index =
          left == 0
              ? (cursor.index & -Long.SIZE) + Long.SIZE
              : (cursor.index & -Long.SIZE) + Long.numberOfTrailingZeros(left);
    }
    return written;
  }

  @Override
  public void close() {
    memory.free(spareWord, Long.BYTES);
    blocks.forEach(block -> memory.free(block.address(), block.bytes()));
    blocks.clear();
    if (entries != 0) {
      memory.free(directory, entries * ENTRY_BYTES);
      entries = 0;
    }
    stretches = 0;
  }
}
