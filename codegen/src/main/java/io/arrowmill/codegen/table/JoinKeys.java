package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.equal;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import java.util.List;

/**
 * The join keys of a slice of rows as words of eight bytes: rows with equal keys have equal words.
 *
 * <p>Whatever their types, keys that fit into one word together become one word, so that the table
 * has one tight loop for them; the others become one word each, two for decimals and bytes. Bytes
 * are {@code {int32 length, int32 hash, the value itself or the address of more than 8 bytes}}.
 *
 * <pre>
 *   one word a row        (int, int)      several words a row    (long, string)
 *   +--------+--------+                   +--------+--------+---------+
 *   | key 0  | key 1  |                   | key 0  | length | value or|
 *   | 32 bit | 32 bit |                   |        | + hash | address |
 *   +--------+--------+                   +--------+--------+---------+
 * </pre>
 *
 * <p>Keys come into this shape column by column, in one loop for each kind of column; no class is
 * generated for a signature of keys. Whether one would be faster has not been measured.
 *
 * <p>What the accessors say is good until the next load. Owns working memory; one thread at a time.
 */
final class JoinKeys implements AutoCloseable {
  /** Rows of a slice: its words, hashes and slots stay in the first-level cache. */
  static final int SLICE_ROWS_MAX = 1_024;

  private static final int INLINE_BYTES_MAX = 8;

  private final ValueKind[] kinds;
  private final int[] wordAt;
  private final int wordCount;
  private final boolean packed;
  private final boolean hasBytes;
  private final KeyHash hash;
  private final WordHasher hasher;
  private final ColumnSlice[] slices;
  private final Scratch wordScratch;
  private final Scratch validScratch;
  private long words;
  private long valid;

  JoinKeys(List<ValueKind> kinds, KeyHash hash, MemorySource memory) {
    this.kinds = kinds.toArray(ValueKind[]::new);
    this.hash = hash;
    this.hasher = new WordHasher(hash, memory);
    this.packed = bits(kinds) <= Long.SIZE;
    this.wordAt = new int[this.kinds.length];
    this.slices = new ColumnSlice[this.kinds.length];
    int at = 0;
    for (int k = 0; k < this.kinds.length; k++) {
      wordAt[k] = at;
      at += this.kinds[k].slotBytes() / 8;
      slices[k] = new ColumnSlice(memory);
    }
    this.wordCount = packed ? 1 : at;
    this.hasBytes = kinds.contains(ValueKind.BYTES);
    this.wordScratch = new Scratch(memory);
    this.validScratch = new Scratch(memory);
  }

  private static int bits(List<ValueKind> kinds) {
    int bits = 0;
    for (ValueKind kind : kinds) {
      bits += bits(kind);
    }
    return bits;
  }

  private static int bits(ValueKind kind) {
    return switch (kind) {
      case BOOL -> 1;
      case I8 -> 8;
      case I16 -> 16;
      case I32 -> 32;
      // A float is compared as the double that it widens to.
      case I64, F32, F64 -> 64;
      case DECIMAL128, BYTES -> 128;
    };
  }

  /** Words a row. */
  int wordCount() {
    return wordCount;
  }

  /** Address of the words, those of one row after those of the other. */
  long words() {
    return words;
  }

  /** Address of one byte a row, 0 where a key is null; 0 if no key of the slice is null. */
  long valid() {
    return valid;
  }

  /**
   * Loads the keys of rows {@code start} to {@code start + count - 1}. Those of a row with a null
   * key are undefined.
   *
   * @param count at most {@value #SLICE_ROWS_MAX}
   */
  void load(long columns, int start, int count) {
    valid = 0;
    for (int k = 0; k < kinds.length; k++) {
      long column = ColumnDescriptor.at(columns, k);
      if (kinds[k].isFloating()) {
        slices[k].loadKey(kinds[k], column, 0, start, count);
      } else {
        slices[k].load(kinds[k], column, 0, start, count);
      }
      addValid(slices[k].valid(), count);
    }
    if (kinds.length == 1 && packed) {
      words = slices[0].values();
      return;
    }
    words = wordScratch.ensure(8L * count * wordCount);
    if (packed) {
      pack(count);
    } else {
      for (int k = 0; k < kinds.length; k++) {
        spread(k, count);
      }
    }
  }

  private void addValid(long more, int count) {
    if (more == 0) {
      return;
    }
    if (valid == 0) {
      valid = more;
      return;
    }
    long both = validScratch.ensure(count);
    for (int i = 0; i < count; i++) {
      putByte(both + i, (byte) (getByte(valid + i) & getByte(more + i)));
    }
    valid = both;
  }

  private void pack(int count) {
    for (int i = 0; i < count; i++) {
      putLong(words + 8L * i, 0);
    }
    int shift = 0;
    for (int k = 0; k < kinds.length; k++) {
      long from = slices[k].values();
      int bits = bits(kinds[k]);
      long mask = -1L >>> (Long.SIZE - bits);
      for (int i = 0; i < count; i++) {
        long at = words + 8L * i;
        putLong(at, getLong(at) | (getLong(from + 8L * i) & mask) << shift);
      }
      shift += bits;
    }
  }

  private void spread(int key, int count) {
    long from = slices[key].values();
    long to = words + 8L * wordAt[key];
    long step = 8L * wordCount;
    switch (kinds[key]) {
      case BYTES -> {
        for (int i = 0; i < count; i++) {
          boolean isNull = valid != 0 && getByte(valid + i) == 0;
          if (!isNull) {
            putBytes((int) getLong(from + 16L * i), getLong(from + 16L * i + 8), to + step * i);
          }
        }
      }
      case DECIMAL128 -> {
        for (int i = 0; i < count; i++) {
          putLong(to + step * i, getLong(from + 16L * i));
          putLong(to + step * i + 8, getLong(from + 16L * i + 8));
        }
      }
      case BOOL, I8, I16, I32, I64, F32, F64 -> {
        for (int i = 0; i < count; i++) {
          putLong(to + step * i, getLong(from + 8L * i));
        }
      }
    }
  }

  private void putBytes(int length, long address, long to) {
    int folded;
    long second;
    if (length <= INLINE_BYTES_MAX) {
      second = 0;
      for (int b = 0; b < length; b++) {
        second |= (getByte(address + b) & 0xFFL) << (8 * b);
      }
      folded = (int) (hash.combine(hash.start(), second) >>> 32);
    } else {
      second = address;
      folded = hash.bytes(address, length);
    }
    putLong(to, (length & 0xFFFFFFFFL) | (long) folded << 32);
    putLong(to + 8, second);
  }

  /** A word that depends on the hash function's seed, so that nobody can choose it as a key. */
  long emptyWord() {
    return hash.combine(hash.combine(hash.start(), wordCount), 0x6A09_E667_F3BC_C908L);
  }

  /** Writes the hash of every row of the slice, int64 each. */
  void hash(int count, long out) {
    if (wordCount == 1) {
      hasher.first(words, count, out);
      return;
    }
    long start = hash.start();
    long step = 8L * wordCount;
    for (int k = 0; k < kinds.length; k++) {
      long from = words + 8L * wordAt[k];
      boolean first = k == 0;
      for (int i = 0; i < count; i++) {
        long state = hash.combine(first ? start : getLong(out + 8L * i), getLong(from + step * i));
        putLong(out + 8L * i, state);
      }
      if (kinds[k] == ValueKind.DECIMAL128) {
        for (int i = 0; i < count; i++) {
          putLong(out + 8L * i, hash.combine(getLong(out + 8L * i), getLong(from + step * i + 8)));
        }
      }
    }
  }

  /** Whether two rows' words, at these addresses, are those of equal keys. */
  boolean equalWords(long left, long right) {
    if (hasBytes) {
      return equalKeys(left, right);
    }
    for (int w = 0; w < wordCount; w++) {
      if (getLong(left + 8L * w) != getLong(right + 8L * w)) {
        return false;
      }
    }
    return true;
  }

  private boolean equalKeys(long left, long right) {
    for (int k = 0; k < kinds.length; k++) {
      long a = left + 8L * wordAt[k];
      long b = right + 8L * wordAt[k];
      if (getLong(a) != getLong(b)) {
        return false;
      }
      if (kinds[k].slotBytes() == 16 && getLong(a + 8) != getLong(b + 8)) {
        int length = getInt(a);
        if (kinds[k] != ValueKind.BYTES
            || length <= INLINE_BYTES_MAX
            || !equal(getLong(a + 8), getLong(b + 8), length)) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public void close() {
    for (ColumnSlice slice : slices) {
      slice.close();
    }
    wordScratch.close();
    validScratch.close();
    hasher.close();
  }
}
