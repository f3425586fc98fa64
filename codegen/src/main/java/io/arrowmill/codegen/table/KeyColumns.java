package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;
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

  private final ValueKind[] kinds;
  private final RowLayout layout;
  private final KeyHash hash;
  private final WordHasher hasher;
  private final ColumnSlice[] slices;
  private final Scratch[] texts;
  private final long[] values;
  private final Scratch nullScratch;
  private final int nullMask;
  private long nullBits;

  KeyColumns(List<ValueKind> kinds, RowLayout layout, KeyHash hash, MemorySource memory) {
    this.kinds = kinds.toArray(ValueKind[]::new);
    this.layout = layout;
    this.hash = hash;
    this.hasher = new WordHasher(hash, memory);
    slices = new ColumnSlice[this.kinds.length];
    texts = new Scratch[this.kinds.length];
    for (int k = 0; k < slices.length; k++) {
      slices[k] = new ColumnSlice(memory);
      texts[k] = new Scratch(memory);
    }
    values = new long[slices.length];
    nullScratch = new Scratch(memory);
    nullMask = slices.length >= NULL_BITS_MAX ? -1 : (1 << slices.length) - 1;
  }

  /** Address of the first slot of a key; {@link ValueKind#keyBytes} each. */
  long values(int key) {
    return values[key];
  }

  long memoryBytes() {
    long bytes = nullScratch.memoryBytes() + hasher.memoryBytes();
    for (ColumnSlice slice : slices) {
      bytes += slice.memoryBytes();
    }
    for (Scratch text : texts) {
      bytes += text.memoryBytes();
    }
    return bytes;
  }

  void load(long columns, long selection, int start, int count) {
    for (int k = 0; k < slices.length; k++) {
      long column = ColumnDescriptor.at(columns, k);
      if (kinds[k] == ValueKind.BYTES) {
        values[k] = loadTexts(k, column, selection, start, count);
      } else {
        slices[k].loadKey(kinds[k], column, selection, start, count);
        values[k] = slices[k].values();
      }
    }
    loadNullBits(count);
  }

  /** Takes the keys of rows of a table with the same layout and the same hash function. */
  void loadRows(long rows, int count) {
    loadRows(layout, rows, count);
  }

  /** Takes the first keys of rows of a table with the same hash function. */
  void loadRows(RowLayout from, long rows, int count) {
    for (int k = 0; k < slices.length; k++) {
      slices[k].loadRows(
          rows,
          count,
          from.keyOffset(k),
          kinds[k].keyBytes(),
          from.keyNullByte(k),
          from.keyNullMask(k));
      values[k] = slices[k].values();
    }
    loadNullBits(count);
  }

  /**
   * Writes what a row holds of each text, but that longer ones stay where they are; returns the
   * address of the first.
   */
  private long loadTexts(int key, long column, long selection, int start, int count) {
    slices[key].loadValid(column, selection, start, count);
    long out = texts[key].ensure((long) ValueKind.TEXT_KEY_BYTES * count);
    long offsets = ColumnDescriptor.offsets(column);
    long data = ColumnDescriptor.data(column);
    long wideMax = wideMax(key, column, selection, start, count);
    for (int i = 0; i < count; i++) {
      int row = selection == 0 ? start + i : getInt(selection + 4L * (start + i));
      int from = getInt(offsets + 4L * row);
      int length = getInt(offsets + 4L * row + 4) - from;
      long address = data + from;
      long to = out + (long) ValueKind.TEXT_KEY_BYTES * i;
      if (length <= TextSlot.INLINE_BYTES_MAX && address <= wideMax) {
        TextSlot.putWide(to, address, length);
      } else {
        TextSlot.put(to, address, slices[key].isNull(i) ? 0 : length, hash);
      }
    }
    return out;
  }

  /**
   * Up to this address {@link ValueKind#TEXT_KEY_BYTES} bytes can be read, for each is followed by
   * the slice's last text; no address if the slice has nulls, which have no text.
   */
  private long wideMax(int key, long column, long selection, int start, int count) {
    if (count == 0 || slices[key].valid() != 0) {
      return 0;
    }
    int last = start + count - 1;
    int row = selection == 0 ? last : getInt(selection + 4L * last);
    int end = getInt(ColumnDescriptor.offsets(column) + 4L * row + 4);
    return ColumnDescriptor.data(column) + end - ValueKind.TEXT_KEY_BYTES;
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
    int keyBytes = kinds[key].keyBytes();
    boolean first = key == 0;
    if (keyBytes == 8 && valid == 0) {
      if (first) {
        hasher.first(from, count, out);
      } else {
        hasher.next(from, count, out);
      }
      return;
    }
    if (kinds[key] == ValueKind.BYTES) {
      hashTexts(key, count, out);
      return;
    }
    for (int i = 0; i < count; i++) {
      long state = first ? start : getLong(out + 8L * i);
      boolean isNull = valid != 0 && getByte(valid + i) == 0;
      putLong(out + 8L * i, hashSlot(key, state, from + (long) i * keyBytes, isNull));
    }
  }

  private void hashTexts(int key, int count, long out) {
    long start = hash.start();
    long from = values[key];
    long valid = slices[key].valid();
    boolean first = key == 0;
    for (int i = 0; i < count; i++) {
      long state = first ? start : getLong(out + 8L * i);
      boolean isNull = valid != 0 && getByte(valid + i) == 0;
      long slot = from + (long) ValueKind.TEXT_KEY_BYTES * i;
      state = isNull ? hash.combine(state, NULL_WORD) : TextSlot.hash(slot, state, hash);
      putLong(out + 8L * i, state);
    }
  }

  private long hashSlot(int key, long state, long slot, boolean isNull) {
    if (isNull) {
      return hash.combine(state, NULL_WORD);
    }
    return switch (kinds[key]) {
      case BYTES -> TextSlot.hash(slot, state, hash);
      case DECIMAL128 -> hash.combine(hash.combine(state, getLong(slot)), getLong(slot + 8));
      default -> hash.combine(state, getLong(slot));
    };
  }

  /** Hash of a row's keys: what {@link #hash} gave when the row was made. */
  long hashRow(long row) {
    long state = hash.start();
    for (int k = 0; k < kinds.length; k++) {
      state = hashSlot(k, state, row + layout.keyOffset(k), isNull(row, k));
    }
    return state;
  }

  /** Hash of one row of the slice: what {@link #hash} gives for it. */
  long hashOf(int index) {
    long state = hash.start();
    for (int k = 0; k < kinds.length; k++) {
      state = hashSlot(k, state, slot(k, index), slices[k].isNull(index));
    }
    return state;
  }

  private long slot(int key, int index) {
    return values[key] + (long) index * kinds[key].keyBytes();
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
      if (!sameKey(kinds[k], slot(k, index), row + layout.keyOffset(k))) {
        return false;
      }
      if (k >= NULL_BITS_MAX && slices[k].isNull(index) != isNull(row, k)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameKey(ValueKind kind, long slot, long kept) {
    return switch (kind) {
      case BYTES -> TextSlot.matches(slot, kept);
      case DECIMAL128 -> getLong(slot) == getLong(kept) && getLong(slot + 8) == getLong(kept + 8);
      default -> getLong(slot) == getLong(kept);
    };
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
      writeSlot(k, slot(k, index), row, arena);
    }
  }

  /**
   * Writes the keys of another table's row and a last one into a zeroed row; leaves nothing behind
   * if it throws.
   */
  void write(RowLayout from, long source, long lastKey, long row, BytesArena arena) {
    int last = kinds.length - 1;
    for (int k = 0; k < last; k++) {
      int mask = layout.keyNullMask(k);
      int at = layout.keyNullByte(k);
      if ((getByte(source + from.keyNullByte(k)) & from.keyNullMask(k)) != 0) {
        putByte(row + at, (byte) (getByte(row + at) | mask));
        continue;
      }
      writeSlot(k, source + from.keyOffset(k), row, arena);
    }
    putLong(row + layout.keyOffset(last), lastKey);
  }

  private void writeSlot(int key, long slot, long row, BytesArena arena) {
    long kept = row + layout.keyOffset(key);
    int keyBytes = kinds[key].keyBytes();
    for (int at = 0; at < keyBytes; at += 8) {
      putLong(kept + at, getLong(slot + at));
    }
    if (kinds[key] == ValueKind.BYTES && TextSlot.isLong(slot)) {
      keepText(slot, kept, row, arena);
    }
  }

  /** Gives a row its own copy of a long text. */
  private void keepText(long slot, long kept, long row, BytesArena arena) {
    int length = TextSlot.length(slot);
    long address;
    try {
      address = arena.allocate(length);
    } catch (RuntimeException | Error e) {
      TextSlot.clear(kept); // what its slot says is not the row's
      release(row, arena);
      throw e;
    }
    copy(TextSlot.address(slot), address, length);
    TextSlot.moved(kept, address);
  }

  /** Clears the flags of a row but for those that say which keys are null. */
  void clearStateFlags(long row) {
    int mask = layout.keyNullMask(kinds.length) - 1;
    for (int at = layout.keyNullByte(kinds.length); at < layout.keysStart(); at++) {
      putByte(row + at, (byte) (getByte(row + at) & mask));
      mask = 0;
    }
  }

  /** Gives back what a row's keys hold in the arena. */
  void release(long row, BytesArena arena) {
    for (int k = 0; k < kinds.length; k++) {
      long kept = row + layout.keyOffset(k);
      if (kinds[k] == ValueKind.BYTES && TextSlot.isLong(kept)) {
        arena.free(TextSlot.address(kept), TextSlot.length(kept));
      }
    }
  }

  /** Writes one key column of the given rows. */
  void read(long rows, int count, int key, ColumnOutput output) {
    int offset = layout.keyOffset(key);
    ValueKind kind = kinds[key];
    if (kind.keyBytes() == 8) {
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
        output.putBytes(i, TextSlot.address(kept), TextSlot.length(kept));
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
        bytes += TextSlot.length(getLong(rows + 8L * i) + layout.keyOffset(key));
      }
    }
    return bytes;
  }

  @Override
  public void close() {
    for (ColumnSlice slice : slices) {
      slice.close();
    }
    for (Scratch text : texts) {
      text.close();
    }
    nullScratch.close();
    hasher.close();
  }
}
