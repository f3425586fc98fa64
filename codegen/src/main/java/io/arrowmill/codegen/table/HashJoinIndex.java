package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * Build rows by the hash of their key: buckets of four entries, one cache line each, on average at
 * most half full; a full one overflows into the next.
 *
 * <pre>
 *   entry  0               8       12       16
 *          +---------------+-------+--------+
 *          | key or hash   | head  | count  |
 *          +---------------+-------+--------+
 * </pre>
 *
 * <p>The first word is the key itself where that is one word, else its hash, and the key's words
 * are compared too. An empty entry has count 0 and a random word that is nearly surely nobody's.
 * {@code head} is the build row where no key has two, else where in {@link #rowIds} the key's rows
 * begin: a key with a million rows is found, and its rows read in order, at the same cost a row as
 * a million keys with one.
 *
 * <p>A probe goes over a slice in passes: hash all rows, load each one's bucket, search; then, for
 * keys of several words, load the words of what was found, and compare. So where the table does not
 * fit the cache its loads miss together instead of one after the other. The search compares all
 * four entries without a branch: whether and where a key is found can't be predicted, and a wrong
 * guess would throw away what was begun for the rows behind it.
 */
final class HashJoinIndex implements JoinIndex {
  private static final int ENTRY_BYTES = 16;
  private static final int HEAD_OFFSET = 8;
  private static final int COUNT_OFFSET = 12;
  private static final int BUCKET_ENTRIES = 4;
  private static final int BUCKET_BYTES = BUCKET_ENTRIES * ENTRY_BYTES;
  private static final int LAST_COUNT_OFFSET = BUCKET_BYTES - ENTRY_BYTES + COUNT_OFFSET;
  private static final long BUCKETS_MIN = 4;

  /** Tables up to this size stay in the second-level cache, where loading ahead only costs. */
  private static final long CACHE_BYTES = 1 << 19;

  private final MemorySource memory;
  private final int rowCount;
  private final int wordCount;
  private final long emptyWord;
  private final long buckets;
  private final long block;
  private final long entries;
  private final long end;
  private boolean unique = true;

  /** Whether two keys have the same 64 bits of hash, which takes bad luck or an attacker. */
  private boolean collides;

  private long keyWords;
  private long rowEntries;
  private long rowIds;

  /** What the warming loads add up to; kept so that they are not optimized away. */
  @SuppressWarnings("UnusedVariable")
  private volatile long warmed;

  private HashJoinIndex(MemorySource memory, int rowCount, int wordCount, long emptyWord) {
    this.memory = memory;
    this.rowCount = rowCount;
    this.wordCount = wordCount;
    this.emptyWord = emptyWord;
    this.buckets =
        Math.max(BUCKETS_MIN, Math.min(Integer.MAX_VALUE / BUCKET_ENTRIES, rowCount / 2L + 1));
    this.block = memory.allocate(blockBytes());
    this.entries = (block + BUCKET_BYTES - 1) & -BUCKET_BYTES;
    this.end = entries + buckets * BUCKET_BYTES;
  }

  private long blockBytes() {
    return (buckets + 1) * BUCKET_BYTES;
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
    HashJoinIndex index =
        new HashJoinIndex(memory, input.rows(), keys.wordCount(), keys.emptyWord());
    try {
      index.fill(keys, input, scratch);
      return index;
    } catch (RuntimeException | Error e) {
      index.close();
      throw e;
    }
  }

  private void fill(JoinKeys keys, JoinTable.Input input, JoinScratch scratch) {
    for (long at = entries; at < end; at += ENTRY_BYTES) {
      putLong(at, emptyWord);
      putLong(at + HEAD_OFFSET, 0);
    }
    if (wordCount > 1) {
      keyWords = memory.allocate(keyWordBytes());
    }
    rowEntries = memory.allocate(rowIdBytes());
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
        int entry = isNull ? JoinTable.NONE : insert(keys, i, getLong(hashes + 8L * i), start + i);
        putInt(rowEntries + 4L * (start + i), entry);
      }
    }
    if (!unique) {
      groupRows();
    }
    freeRowEntries();
  }

  private int insert(JoinKeys keys, int index, long hash, int row) {
    long words = keys.words() + 8L * wordCount * index;
    long key = wordCount == 1 ? getLong(words) : hash;
    long at = bucket(hash);
    while (true) {
      int count = getInt(at + COUNT_OFFSET);
      if (count == 0) {
        putLong(at, key);
        putInt(at + HEAD_OFFSET, row);
        putInt(at + COUNT_OFFSET, 1);
        break;
      }
      if (getLong(at) == key) {
        if (wordCount == 1
            || keys.equalWords(words, keyWords + 8L * wordCount * getInt(at + HEAD_OFFSET))) {
          putInt(at + COUNT_OFFSET, count + 1);
          unique = false;
          break;
        }
        collides = true;
      }
      at = after(at, ENTRY_BYTES);
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
      int entry = getInt(rowEntries + 4L * row);
      if (entry != JoinTable.NONE) {
        long head = entries + (long) entry * ENTRY_BYTES + HEAD_OFFSET;
        int place = getInt(head) - 1;
        putInt(head, place);
        putInt(rowIds + 4L * place, row);
      }
    }
  }

  private long bucket(long hash) {
    return entries + (((hash >>> 32) * buckets) >>> 32) * BUCKET_BYTES;
  }

  private long after(long at, int bytes) {
    return at + bytes == end ? entries : at + bytes;
  }

  private void warm(long hashes, int count) {
    if (blockBytes() <= CACHE_BYTES) {
      return;
    }
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += getLong(bucket(getLong(hashes + 8L * i)));
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
    search(keys, count, scratch);
    long found = scratch.found();
    for (int i = 0; i < count; i++) {
      long entry = getLong(found + 8L * i);
      putInt(rowsOut + 4L * i, (int) entry);
    }
  }

  @Override
  public void ranges(JoinKeys keys, int count, JoinScratch scratch, long headsOut, long countsOut) {
    search(keys, count, scratch);
    long found = scratch.found();
    for (int i = 0; i < count; i++) {
      long entry = getLong(found + 8L * i);
      putInt(headsOut + 4L * i, Math.max(0, (int) entry));
      putInt(countsOut + 4L * i, (int) (entry >> 32));
    }
  }

  /** Writes the head and count of each row's entry, {@code NONE} and 0 where there is none. */
  private void search(JoinKeys keys, int count, JoinScratch scratch) {
    long hashes = scratch.hashes();
    long found = scratch.found();
    keys.hash(count, hashes);
    warm(hashes, count);
    if (wordCount == 1) {
      long words = keys.words();
      for (int i = 0; i < count; i++) {
        long at = bucket(getLong(hashes + 8L * i));
        putLong(found + 8L * i, find(getLong(words + 8L * i), at));
      }
      return;
    }
    if (collides) {
      for (int i = 0; i < count; i++) {
        putLong(found + 8L * i, findWords(keys, i, getLong(hashes + 8L * i)));
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      long hash = getLong(hashes + 8L * i);
      putLong(found + 8L * i, find(hash, bucket(hash)));
    }
    warmWords(found, count);
    for (int i = 0; i < count; i++) {
      long entry = getLong(found + 8L * i);
      if (entry >> 32 != 0
          && !keys.equalWords(keys.words() + 8L * wordCount * i, wordsOf((int) entry))) {
        putLong(found + 8L * i, findWords(keys, i, getLong(hashes + 8L * i)));
      }
    }
  }

  /** The head and count of a key, from its bucket on. */
  private long find(long key, long bucket) {
    long at = bucket;
    while (key != emptyWord) {
      // 1 where the entry's word is another one, which is so for three entries at least.
      long a = differs(getLong(at), key);
      long b = differs(getLong(at + ENTRY_BYTES), key);
      long c = differs(getLong(at + 2 * ENTRY_BYTES), key);
      long d = differs(getLong(at + 3 * ENTRY_BYTES), key);
      long missed = a + b + c + d - 3;
      long place = (1 - b) + 2 * (1 - c) + 3 * (1 - d);
      // One branch for both ends: found, or not found in a bucket that is not full.
      if (missed * getInt(at + LAST_COUNT_OFFSET) == 0) {
        long entry = getLong(at + place * ENTRY_BYTES + HEAD_OFFSET);
        // NONE and 0 if it was missed.
        return (entry & (missed - 1)) | (-missed & 0xFFFF_FFFFL);
      }
      at = after(at, BUCKET_BYTES);
    }
    return findEmptyWord(bucket);
  }

  private static long differs(long left, long right) {
    long bits = left ^ right;
    return (bits | -bits) >>> 63;
  }

  /** As {@link #find} for the key that looks like an empty entry. */
  private long findEmptyWord(long bucket) {
    for (long at = bucket; getInt(at + COUNT_OFFSET) != 0; at = after(at, ENTRY_BYTES)) {
      if (getLong(at) == emptyWord) {
        return getLong(at + HEAD_OFFSET);
      }
    }
    return JoinTable.NONE & 0xFFFF_FFFFL;
  }

  private long findWords(JoinKeys keys, int index, long hash) {
    long words = keys.words() + 8L * wordCount * index;
    for (long at = bucket(hash); getInt(at + COUNT_OFFSET) != 0; at = after(at, ENTRY_BYTES)) {
      if (getLong(at) == hash && keys.equalWords(words, wordsOf(getInt(at + HEAD_OFFSET)))) {
        return getLong(at + HEAD_OFFSET);
      }
    }
    return JoinTable.NONE & 0xFFFF_FFFFL;
  }

  /** Address of the words of an entry's key. */
  private long wordsOf(int head) {
    long row = unique ? head : getInt(rowIds + 4L * head);
    return keyWords + 8L * wordCount * row;
  }

  private void warmWords(long found, int count) {
    if (keyWordBytes() <= CACHE_BYTES) {
      return;
    }
    long sum = 0;
    for (int i = 0; i < count; i++) {
      long entry = getLong(found + 8L * i);
      // What was not found loads the first key's words instead: no branch to predict.
      int head = (int) entry & (int) (-(entry >> 32) >> 63);
      sum += getLong(wordsOf(head));
    }
    warmed = sum;
  }

  @Override
  public long rowIds() {
    return rowIds;
  }

  @Override
  public long memoryBytes() {
    return blockBytes() + (keyWords == 0 ? 0 : keyWordBytes()) + (rowIds == 0 ? 0 : rowIdBytes());
  }

  private void freeRowEntries() {
    if (rowEntries != 0) {
      memory.free(rowEntries, rowIdBytes());
      rowEntries = 0;
    }
  }

  @Override
  public void close() {
    freeRowEntries();
    if (keyWords != 0) {
      memory.free(keyWords, keyWordBytes());
      keyWords = 0;
    }
    if (rowIds != 0) {
      memory.free(rowIds, rowIdBytes());
      rowIds = 0;
    }
    memory.free(block, blockBytes());
  }
}
