package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.equal;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putByte;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import java.util.List;

/**
 * The keys of one slice of rows in the shape that rows keep them: hashed, compared and written from
 * here.
 */
final class KeyColumns implements AutoCloseable {
  private static final int NULL_BITS_MAX = 32;
  private static final long NULL_WORD = 0x5BD1E9955BD1E995L;
  static final int INLINE_BYTES_MAX = 8;

  /** Up to this length words are compared one by one. */
  private static final int WORDS_BYTES_MAX = 128;

  private final ValueKind[] kinds;
  private final RowLayout layout;
  private final KeyHash hash;
  private final ColumnSlice[] slices;
  private final long[] values;
  private final Scratch nullScratch;
  private final int nullMask;
  private long nullBits;

  KeyColumns(List<ValueKind> kinds, RowLayout layout, KeyHash hash, MemorySource memory) {
    this.kinds = kinds.toArray(ValueKind[]::new);
    this.layout = layout;
    this.hash = hash;
    slices = new ColumnSlice[this.kinds.length];
    for (int k = 0; k < slices.length; k++) {
      slices[k] = new ColumnSlice(memory);
    }
    values = new long[slices.length];
    nullScratch = new Scratch(memory);
    nullMask = slices.length >= NULL_BITS_MAX ? -1 : (1 << slices.length) - 1;
  }

  ColumnSlice slice(int key) {
    return slices[key];
  }

  long memoryBytes() {
    long bytes = nullScratch.memoryBytes();
    for (ColumnSlice slice : slices) {
      bytes += slice.memoryBytes();
    }
    return bytes;
  }

  void load(long columns, long selection, int start, int count) {
    for (int k = 0; k < slices.length; k++) {
      slices[k].loadKey(kinds[k], ColumnDescriptor.at(columns, k), selection, start, count);
      if (kinds[k] == ValueKind.BYTES) {
        foldBytes(slices[k], count);
      }
      values[k] = slices[k].values();
    }
    loadNullBits(count);
  }

  /** Takes the keys of rows of a table with the same layout and the same hash function. */
  void loadRows(long rows, int count) {
    for (int k = 0; k < slices.length; k++) {
      slices[k].loadRows(
          rows,
          count,
          layout.keyOffset(k),
          kinds[k].slotBytes(),
          layout.keyNullByte(k),
          layout.keyNullMask(k));
      values[k] = slices[k].values();
    }
    loadNullBits(count);
  }

  /**
   * At most eight bytes as a word, the first one lowest; reads overlap rather than pass the end.
   */
  static long shortWord(long address, int length) {
    if (length == 8) {
      return getLong(address);
    }
    if (length >= 4) {
      long low = getInt(address) & 0xFFFF_FFFFL;
      long high = getInt(address + length - 4) & 0xFFFF_FFFFL;
      return low | high << (8 * (length - 4));
    }
    if (length == 0) {
      return 0;
    }
    long first = getByte(address) & 0xFFL;
    long middle = getByte(address + (length >> 1)) & 0xFFL;
    long last = getByte(address + length - 1) & 0xFFL;
    return first | middle << (8 * (length >> 1)) | last << (8 * (length - 1));
  }

  /** Turns {length, address} into what a row holds: {length and hash, value or address}. */
  private void foldBytes(ColumnSlice slice, int count) {
    for (int i = 0; i < count; i++) {
      if (slice.isNull(i)) {
        continue;
      }
      long slot = slice.values() + 16L * i;
      int length = (int) getLong(slot);
      long address = getLong(slot + 8);
      int folded;
      if (length <= INLINE_BYTES_MAX) {
        long word = shortWord(address, length);
        putLong(slot + 8, word);
        folded = (int) (hash.combine(hash.start(), word) >>> 32);
      } else {
        folded = hash.bytes(address, length);
      }
      putLong(slot, (length & 0xFFFFFFFFL) | (long) folded << 32);
    }
  }

  private void loadNullBits(int count) {
    nullBits = 0;
    int keys = Math.min(slices.length, NULL_BITS_MAX);
    for (int k = 0; k < keys; k++) {
      long valid = slices[k].valid();
      if (valid == 0) {
        continue;
      }
      if (nullBits == 0) {
        nullBits = nullScratch.ensure(4L * count);
        for (int i = 0; i < count; i++) {
          putInt(nullBits + 4L * i, 0);
        }
      }
      for (int i = 0; i < count; i++) {
        int bits = getInt(nullBits + 4L * i) | (getByte(valid + i) ^ 1) << k;
        putInt(nullBits + 4L * i, bits);
      }
    }
  }

  /** Writes the hash of every row of the slice, int64 each. */
  void hash(int count, long out) {
    hash(slices.length, count, out);
  }

  /** Writes the hash of the first keys of every row of the slice, int64 each. */
  void hash(int firstKeys, int count, long out) {
    long start = hash.start();
    if (firstKeys == 0) {
      for (int i = 0; i < count; i++) {
        putLong(out + 8L * i, start);
      }
    }
    for (int k = 0; k < firstKeys; k++) {
      hashColumn(k, count, out);
    }
  }

  private void hashColumn(int key, int count, long out) {
    long start = hash.start();
    long from = values[key];
    long valid = slices[key].valid();
    int slotBytes = kinds[key].slotBytes();
    boolean first = key == 0;
    boolean decimal = kinds[key] == ValueKind.DECIMAL128;
    if (first && slotBytes == 8 && valid == 0) {
      for (int i = 0; i < count; i++) {
        putLong(out + 8L * i, hash.combine(start, getLong(from + 8L * i)));
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      long state = first ? start : getLong(out + 8L * i);
      long slot = from + (long) i * slotBytes;
      boolean isNull = valid != 0 && getByte(valid + i) == 0;
      state = hash.combine(state, isNull ? NULL_WORD : getLong(slot));
      if (decimal && !isNull) {
        state = hash.combine(state, getLong(slot + 8));
      }
      putLong(out + 8L * i, state);
    }
  }

  /** Hash of a row's keys: what {@link #hash} gave when the row was made. */
  long hashRow(long row) {
    long state = hash.start();
    for (int k = 0; k < kinds.length; k++) {
      boolean isNull = isNull(row, k);
      long slot = row + layout.keyOffset(k);
      state = hash.combine(state, isNull ? NULL_WORD : getLong(slot));
      if (kinds[k] == ValueKind.DECIMAL128 && !isNull) {
        state = hash.combine(state, getLong(slot + 8));
      }
    }
    return state;
  }

  /** Hash of one row of the slice: what {@link #hash} gives for it. */
  long hashOf(int index) {
    long state = hash.start();
    for (int k = 0; k < kinds.length; k++) {
      boolean isNull = slices[k].isNull(index);
      long slot = values[k] + (long) index * kinds[k].slotBytes();
      state = hash.combine(state, isNull ? NULL_WORD : getLong(slot));
      if (kinds[k] == ValueKind.DECIMAL128 && !isNull) {
        state = hash.combine(state, getLong(slot + 8));
      }
    }
    return state;
  }

  /** Whether some row of the slice has a null key. */
  boolean anyNull() {
    return nullBits != 0;
  }

  /** Whether the slice's row {@code index} has a null key; for at most 32 keys. */
  boolean hasNull(int index) {
    return nullBits != 0 && getInt(nullBits + 4L * index) != 0;
  }

  /** Whether a table's row has a null key; for at most 32 keys. */
  boolean hasNullKey(long row) {
    return (getInt(row + RowLayout.FLAGS_OFFSET) & nullMask) != 0;
  }

  /** Entry of the slice's row {@code index} in a direct index, or 0 if it is not covered. */
  long entryOf(int index, DirectIndex direct) {
    long at = 0;
    for (int k = 0; k < kinds.length; k++) {
      long digit = direct.digit(k, getLong(values[k] + 8L * index));
      if (Long.compareUnsigned(digit, direct.span(k)) >= 0) {
        return 0;
      }
      at += digit * direct.stride(k);
    }
    return direct.address() + 8 * at;
  }

  boolean isNull(long row, int key) {
    return (getByte(row + layout.keyNullByte(key)) & layout.keyNullMask(key)) != 0;
  }

  /** Whether the slice's row {@code index} has the keys of the table's row {@code row}. */
  boolean matches(int index, long row) {
    int nulls = nullBits == 0 ? 0 : getInt(nullBits + 4L * index);
    if (((getInt(row + RowLayout.FLAGS_OFFSET) ^ nulls) & nullMask) != 0) {
      return false;
    }
    for (int k = 0; k < kinds.length; k++) {
      int slotBytes = kinds[k].slotBytes();
      long slot = values[k] + (long) index * slotBytes;
      long kept = row + layout.keyOffset(k);
      if (getLong(slot) != getLong(kept)) {
        return false;
      }
      if (slotBytes == 16 && getLong(slot + 8) != getLong(kept + 8) && !sameBytes(k, slot, kept)) {
        return false;
      }
      if (k >= NULL_BITS_MAX && slices[k].isNull(index) != isNull(row, k)) {
        return false;
      }
    }
    return true;
  }

  /** Whether two slots of texts of one length and one hash hold the same. */
  boolean matchesText(long slot, long kept) {
    long left = getLong(slot + 8);
    long right = getLong(kept + 8);
    int length = getInt(slot);
    if (length <= INLINE_BYTES_MAX) {
      return left == right;
    }
    if (length <= 2 * INLINE_BYTES_MAX) {
      long end = length - 8L;
      return ((getLong(left) ^ getLong(right)) | (getLong(left + end) ^ getLong(right + end))) == 0;
    }
    return length > WORDS_BYTES_MAX ? equal(left, right, length) : equalWords(left, right, length);
  }

  private boolean sameBytes(int key, long slot, long kept) {
    return kinds[key] == ValueKind.BYTES && matchesText(slot, kept);
  }

  /** Compares more than eight bytes word by word; the last word overlaps the one before. */
  private static boolean equalWords(long left, long right, int length) {
    for (int at = 0; at < length - 8; at += 8) {
      if (getLong(left + at) != getLong(right + at)) {
        return false;
      }
    }
    return getLong(left + length - 8) == getLong(right + length - 8);
  }

  /**
   * Writes the keys of the slice's row {@code index} into a zeroed row; leaves nothing behind if it
   * throws.
   */
  void write(int index, long row, BytesArena arena) {
    for (int k = 0; k < kinds.length; k++) {
      if (slices[k].isNull(index)) {
        long at = row + layout.keyNullByte(k);
        putByte(at, (byte) (getByte(at) | layout.keyNullMask(k)));
        continue;
      }
      int slotBytes = kinds[k].slotBytes();
      long slot = values[k] + (long) index * slotBytes;
      long kept = row + layout.keyOffset(k);
      if (kinds[k] == ValueKind.BYTES && getInt(slot) > INLINE_BYTES_MAX) {
        int length = getInt(slot);
        long address;
        try {
          address = arena.allocate(length);
        } catch (RuntimeException | Error e) {
          release(row, arena);
          throw e;
        }
        copy(getLong(slot + 8), address, length);
        putLong(kept + 8, address);
      } else if (slotBytes == 16) {
        putLong(kept + 8, getLong(slot + 8));
      }
      putLong(kept, getLong(slot));
    }
  }

  /** Gives back what a row's keys hold in the arena. */
  void release(long row, BytesArena arena) {
    for (int k = 0; k < kinds.length; k++) {
      long kept = row + layout.keyOffset(k);
      if (kinds[k] == ValueKind.BYTES && getInt(kept) > INLINE_BYTES_MAX) {
        arena.free(getLong(kept + 8), getInt(kept));
      }
    }
  }

  /** Writes one key column of the given rows. */
  void read(long rows, int count, int key, ColumnOutput output) {
    int offset = layout.keyOffset(key);
    ValueKind kind = kinds[key];
    if (kind.slotBytes() == 8) {
      int mask = layout.keyNullMask(key);
      output.putSlots(rows, count, offset, layout.keyNullByte(key), mask, mask);
      return;
    }
    for (int i = 0; i < count; i++) {
      long row = getLong(rows + 8L * i);
      long kept = row + offset;
      if (isNull(row, key)) {
        output.putNull(i);
      } else if (kind == ValueKind.BYTES) {
        int length = getInt(kept);
        output.putBytes(i, length > INLINE_BYTES_MAX ? getLong(kept + 8) : kept + 8, length);
      } else {
        output.putDecimal(i, getLong(kept), getLong(kept + 8));
      }
    }
  }

  /** Bytes of data that {@link #read} will write for a key of kind BYTES. */
  long readBytes(long rows, int count, int key) {
    long bytes = 0;
    if (kinds[key] == ValueKind.BYTES) {
      for (int i = 0; i < count; i++) {
        bytes += getInt(getLong(rows + 8L * i) + layout.keyOffset(key));
      }
    }
    return bytes;
  }

  @Override
  public void close() {
    for (ColumnSlice slice : slices) {
      slice.close();
    }
    nullScratch.close();
  }
}
