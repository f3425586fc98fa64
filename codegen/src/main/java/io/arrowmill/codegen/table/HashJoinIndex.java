package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * Build rows by the hash of their key: open addressing, linear probing, at most half full.
 *
 * <pre>
 *   entry  0               8       12       16
 *          +---------------+-------+--------+
 *          | key or hash   | head  | count  |
 *          +---------------+-------+--------+
 * </pre>
 *
 * <p>The first word is the key itself where that is one word, else its hash, and the key's words
 * are compared too. {@code count} is 0 in an empty entry. {@code head} is the build row where no
 * key has two, else where in {@link #rowIds} the key's rows begin: a key with a million rows is
 * found, and its rows read in order, at the same cost a row as a million keys with one.
 *
 * <p>A probe takes three passes over a slice: hash all rows, load each one's entry, search. Where
 * the table does not fit the cache, the loads of the second pass miss together instead of one after
 * the other.
 */
final class HashJoinIndex implements JoinIndex {
  private static final int ENTRY_BYTES = 16;
  private static final int HEAD_OFFSET = 8;
  private static final int COUNT_OFFSET = 12;
  private static final long SLOTS_MIN = 16;

  /** Tables up to this size stay in the second-level cache, where loading ahead only costs. */
  private static final long CACHE_BYTES = 1 << 19;

  private final MemorySource memory;
  private final int rowCount;
  private final int wordCount;
  private final long slots;
  private final long entries;
  private final long end;
  private boolean unique = true;
  private long keyWords;
  private long rowSlots;
  private long rowIds;

  /** What the warming loads add up to; kept so that they are not optimized away. */
  @SuppressWarnings("UnusedVariable")
  private volatile long warmed;

  private HashJoinIndex(MemorySource memory, int rowCount, int wordCount) {
    this.memory = memory;
    this.rowCount = rowCount;
    this.wordCount = wordCount;
    this.slots = Math.min(Integer.MAX_VALUE, Math.max(SLOTS_MIN, 2L * rowCount));
    this.entries = memory.allocate(entryBytes());
    this.end = entries + entryBytes();
  }

  private long entryBytes() {
    return slots * ENTRY_BYTES;
  }

  private long keyWordBytes() {
    return Math.max(1, 8L * wordCount * rowCount);
  }

  private long rowIdBytes() {
    return Math.max(1, 4L * rowCount);
  }

  /** Indexes rows by keys of any kind. The columns must outlive the index. */
  static HashJoinIndex build(
      JoinKeys keys, JoinTable.Input input, JoinScratch scratch, MemorySource memory) {
    HashJoinIndex index = new HashJoinIndex(memory, input.rows(), keys.wordCount());
    try {
      index.fill(keys, input, scratch);
      return index;
    } catch (RuntimeException | Error e) {
      index.close();
      throw e;
    }
  }

  private void fill(JoinKeys keys, JoinTable.Input input, JoinScratch scratch) {
    zero(entries, entryBytes());
    if (wordCount > 1) {
      keyWords = memory.allocate(keyWordBytes());
    }
    rowSlots = memory.allocate(rowIdBytes());
    for (int start = 0; start < rowCount; start += JoinKeys.SLICE_ROWS_MAX) {
      int count = Math.min(JoinKeys.SLICE_ROWS_MAX, rowCount - start);
      keys.load(input.columns(), start, count);
      if (wordCount > 1) {
        copy(keys.words(), keyWords + 8L * wordCount * start, 8L * wordCount * count);
      }
      long hashes = scratch.hashes();
      keys.hash(count, hashes);
      warm(hashes, count);
      for (int i = 0; i < count; i++) {
        boolean isNull = keys.valid() != 0 && getByte(keys.valid() + i) == 0;
        int slot = isNull ? JoinTable.NONE : insert(keys, i, getLong(hashes + 8L * i), start + i);
        putInt(rowSlots + 4L * (start + i), slot);
      }
    }
    if (!unique) {
      groupRows();
    }
    freeRowSlots();
  }

  private int insert(JoinKeys keys, int index, long hash, int row) {
    long words = keys.words() + 8L * wordCount * index;
    long key = wordCount == 1 ? getLong(words) : hash;
    long at = entry(hash);
    while (true) {
      int count = getInt(at + COUNT_OFFSET);
      if (count == 0) {
        putLong(at, key);
        putInt(at + HEAD_OFFSET, row);
        putInt(at + COUNT_OFFSET, 1);
        break;
      }
      if (getLong(at) == key
          && (wordCount == 1
              || keys.equalWords(words, keyWords + 8L * wordCount * getInt(at + HEAD_OFFSET)))) {
        putInt(at + COUNT_OFFSET, count + 1);
        unique = false;
        break;
      }
      at = next(at);
    }
    return (int) ((at - entries) / ENTRY_BYTES);
  }

  /** Puts the rows of each key one after the other. */
  private void groupRows() {
    rowIds = memory.allocate(rowIdBytes());
    int ends = 0;
    for (long at = entries; at < end; at += ENTRY_BYTES) {
      ends += getInt(at + COUNT_OFFSET);
      putInt(at + HEAD_OFFSET, ends);
    }
    // From the last row to the first, so that a key's rows stand in order and its end becomes its
    // beginning.
    for (int row = rowCount - 1; row >= 0; row--) {
      int slot = getInt(rowSlots + 4L * row);
      if (slot != JoinTable.NONE) {
        long head = entries + (long) slot * ENTRY_BYTES + HEAD_OFFSET;
        int place = getInt(head) - 1;
        putInt(head, place);
        putInt(rowIds + 4L * place, row);
      }
    }
  }

  private long entry(long hash) {
    return entries + (((hash >>> 32) * slots) >>> 32) * ENTRY_BYTES;
  }

  private long next(long entry) {
    long after = entry + ENTRY_BYTES;
    return after == end ? entries : after;
  }

  private void warm(long hashes, int count) {
    if (entryBytes() <= CACHE_BYTES) {
      return;
    }
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += getLong(entry(getLong(hashes + 8L * i)));
    }
    warmed = sum;
  }

  @Override
  public boolean unique() {
    return unique;
  }

  @Override
  public boolean findsAll(JoinKeys keys, int count) {
    return false;
  }

  @Override
  public void rows(JoinKeys keys, int count, JoinScratch scratch, long rowsOut) {
    long hashes = scratch.hashes();
    keys.hash(count, hashes);
    warm(hashes, count);
    long words = keys.words();
    for (int i = 0; i < count; i++) {
      long hash = getLong(hashes + 8L * i);
      long found = wordCount == 1 ? find(getLong(words + 8L * i), hash) : findWords(keys, i, hash);
      putInt(rowsOut + 4L * i, found == 0 ? JoinTable.NONE : getInt(found + HEAD_OFFSET));
    }
  }

  @Override
  public void ranges(JoinKeys keys, int count, JoinScratch scratch, long headsOut, long countsOut) {
    long hashes = scratch.hashes();
    keys.hash(count, hashes);
    warm(hashes, count);
    long words = keys.words();
    for (int i = 0; i < count; i++) {
      long hash = getLong(hashes + 8L * i);
      long found = wordCount == 1 ? find(getLong(words + 8L * i), hash) : findWords(keys, i, hash);
      putInt(headsOut + 4L * i, found == 0 ? 0 : getInt(found + HEAD_OFFSET));
      putInt(countsOut + 4L * i, found == 0 ? 0 : getInt(found + COUNT_OFFSET));
    }
  }

  private long find(long key, long hash) {
    long at = entry(hash);
    while (getInt(at + COUNT_OFFSET) != 0) {
      if (getLong(at) == key) {
        return at;
      }
      at = next(at);
    }
    return 0;
  }

  private long findWords(JoinKeys keys, int index, long hash) {
    long words = keys.words() + 8L * wordCount * index;
    long at = entry(hash);
    while (getInt(at + COUNT_OFFSET) != 0) {
      if (getLong(at) == hash) {
        int head = getInt(at + HEAD_OFFSET);
        long row = unique ? head : getInt(rowIds + 4L * head);
        if (keys.equalWords(words, keyWords + 8L * wordCount * row)) {
          return at;
        }
      }
      at = next(at);
    }
    return 0;
  }

  @Override
  public long rowIds() {
    return rowIds;
  }

  @Override
  public long memoryBytes() {
    return entryBytes() + (keyWords == 0 ? 0 : keyWordBytes()) + (rowIds == 0 ? 0 : rowIdBytes());
  }

  private void freeRowSlots() {
    if (rowSlots != 0) {
      memory.free(rowSlots, rowIdBytes());
      rowSlots = 0;
    }
  }

  @Override
  public void close() {
    freeRowSlots();
    if (keyWords != 0) {
      memory.free(keyWords, keyWordBytes());
      keyWords = 0;
    }
    if (rowIds != 0) {
      memory.free(rowIds, rowIdBytes());
      rowIds = 0;
    }
    memory.free(entries, entryBytes());
  }
}
