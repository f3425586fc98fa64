package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.getShort;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import java.util.Arrays;
import java.util.List;

/**
 * The groups of a table that has few of them, by keys that are short texts: all keys of a row are
 * packed into one word, which stands for the group in a small cache. Saves hashing and comparing
 * the keys one by one.
 *
 * <pre>
 *   word of two keys    63      56 55            32 31      24 23             0
 *                       +---------+----------------+---------+----------------+
 *                       | length  | bytes of key 1 | length  | bytes of key 0 |
 *                       +---------+----------------+---------+----------------+
 *                        0xFF: null                 0: an integer that fits
 * </pre>
 *
 * <p>A slice with a key that is too long, or with a group that is not in the cache, is left to the
 * table. Owns its working memory; one thread at a time.
 */
final class RecentGroups implements AutoCloseable {
  /** With more groups than this the cache is not asked. */
  private static final int GROUPS_MAX = 64;

  private static final int KEYS_MAX = 4;
  private static final int ENTRIES_LOG2 = 8;
  private static final int NULL = 0xFF;

  /** After a slice that was not found so many slices are not tried, and twice as many next time. */
  private static final int PAUSE_MAX = 1_024;

  private final ValueKind[] kinds;
  private final boolean possible;
  private final int fieldBits;
  private final long secret;
  private final Scratch scratch;
  private final long[] words = new long[1 << ENTRIES_LOG2];
  private final long[] rows = new long[1 << ENTRIES_LOG2];
  private boolean packed;
  private boolean learned;
  private int pause;
  private int nextPause;

  RecentGroups(List<ValueKind> kinds, KeyHash hash, MemorySource memory) {
    this.kinds = kinds.toArray(ValueKind[]::new);
    possible =
        kinds.contains(ValueKind.BYTES)
            && kinds.size() <= KEYS_MAX
            && kinds.stream().allMatch(RecentGroups::packs);
    fieldBits = kinds.isEmpty() ? 0 : 8 * (8 / kinds.size());
    secret = hash.combine(hash.start(), ENTRIES_LOG2) | 1;
    scratch = new Scratch(memory);
  }

  private static boolean packs(ValueKind kind) {
    return switch (kind) {
      case BYTES, BOOL, I8, I16, I32, I64 -> true;
      case F32, F64, DECIMAL128 -> false;
    };
  }

  long memoryBytes() {
    return scratch.memoryBytes();
  }

  /** Forgets all groups, because one has gone. */
  void clear() {
    if (learned) {
      Arrays.fill(rows, 0);
      learned = false;
      nextPause = 0;
      pause = 0;
    }
  }

  /**
   * Writes the address of each row's group, if all are known.
   *
   * @param groups of the table
   * @return false if they are not; the table has to look then, and to {@link #learn}
   */
  boolean find(long groups, long columns, long selection, int start, int count, long rowsOut) {
    packed = false;
    if (!possible || groups > GROUPS_MAX || count == 0 || pause-- > 0) {
      return false;
    }
    long out = scratch.ensure(8L * count);
    for (int k = 0; k < kinds.length; k++) {
      if (!pack(k, ColumnDescriptor.at(columns, k), selection, start, count)) {
        return failed();
      }
    }
    packed = true;
    boolean missing = false;
    for (int i = 0; i < count; i++) {
      long word = getLong(out + 8L * i);
      int at = entry(word);
      long row = words[at] == word ? rows[at] : words[at ^ 1] == word ? rows[at ^ 1] : 0;
      putLong(rowsOut + 8L * i, row);
      missing |= row == 0;
    }
    if (missing) {
      return failed();
    }
    nextPause = 0;
    return true;
  }

  private boolean failed() {
    pause = nextPause;
    nextPause = Math.min(PAUSE_MAX, nextPause * 2 + 1);
    return false;
  }

  private int entry(long word) {
    return (int) ((word * secret) >>> -ENTRIES_LOG2);
  }

  /** Takes in the groups of the slice that {@link #find} did not find. */
  void learn(int count, long rowsIn) {
    if (!packed) {
      return;
    }
    learned = true;
    long in = scratch.ensure(8L * count);
    for (int i = 0; i < count; i++) {
      long word = getLong(in + 8L * i);
      int at = entry(word);
      boolean first = rows[at] == 0 || words[at] == word;
      if (!first && words[at ^ 1] == word) {
        continue;
      }
      int to = first || rows[at ^ 1] != 0 ? at : at ^ 1;
      words[to] = word;
      rows[to] = getLong(rowsIn + 8L * i);
    }
  }

  /** Adds a key's field to the words; returns false if one of the keys does not fit. */
  private boolean pack(int key, long column, long selection, int start, int count) {
    long validity = ColumnDescriptor.validity(column);
    if (validity == 0 && kinds[key] == ValueKind.BYTES) {
      return packBytes(key, column, selection, start, count);
    }
    long out = scratch.ensure(8L * count);
    int shift = key * fieldBits;
    for (int i = 0; i < count; i++) {
      int row = selection == 0 ? start + i : getInt(selection + 4L * (start + i));
      long field = (long) NULL << (fieldBits - 8);
      if (validity == 0 || getBit(validity, row)) {
        field =
            kinds[key] == ValueKind.BYTES ? bytesField(column, row) : longField(key, column, row);
        if (field == -1) {
          return false;
        }
      }
      long before = key == 0 ? 0 : getLong(out + 8L * i);
      putLong(out + 8L * i, before | (field << shift));
    }
    return true;
  }

  /** An integer's field, or -1 if it does not fit. */
  private long longField(int key, long column, int row) {
    long data = ColumnDescriptor.data(column);
    long value =
        switch (kinds[key]) {
          case BOOL -> getBit(data, row) ? 1 : 0;
          case I8 -> getByte(data + row);
          case I16 -> getShort(data + 2L * row);
          case I32 -> getInt(data + 4L * row);
          default -> getLong(data + 8L * row);
        };
    int bits = fieldBits - 8;
    long sign = value >> (bits - 1);
    return sign == 0 || sign == -1 ? value & ((1L << bits) - 1) : -1;
  }

  private long bytesField(long column, int row) {
    long offsets = ColumnDescriptor.offsets(column) + 4L * row;
    int from = getInt(offsets);
    int length = getInt(offsets + 4) - from;
    if (length > fieldBits / 8 - 1) {
      return -1;
    }
    return TextSlot.shortWord(ColumnDescriptor.data(column) + from, length)
        | (long) length << (fieldBits - 8);
  }

  /** Texts without nulls: read eight bytes at a time but at the end, and cut off. */
  private boolean packBytes(int key, long column, long selection, int start, int count) {
    long out = scratch.ensure(8L * count);
    long offsets = ColumnDescriptor.offsets(column);
    long data = ColumnDescriptor.data(column);
    int last = start + count - 1;
    int lastRow = selection == 0 ? last : getInt(selection + 4L * last);
    long wideMax = data + getInt(offsets + 4L * lastRow + 4) - 8;
    int lengthMax = fieldBits / 8 - 1;
    int shift = key * fieldBits;
    int lengthShift = fieldBits - 8;
    for (int i = 0; i < count; i++) {
      int row = selection == 0 ? start + i : getInt(selection + 4L * (start + i));
      long at = offsets + 4L * row;
      int from = getInt(at);
      int length = getInt(at + 4) - from;
      if (length > lengthMax) {
        return false;
      }
      long address = data + from;
      long bytes =
          address <= wideMax
              ? getLong(address) & ((1L << (8 * length)) - 1)
              : TextSlot.shortWord(address, length);
      long field = bytes | ((long) length << lengthShift);
      long before = key == 0 ? 0 : getLong(out + 8L * i);
      putLong(out + 8L * i, before | (field << shift));
    }
    return true;
  }

  @Override
  public void close() {
    scratch.close();
  }
}
