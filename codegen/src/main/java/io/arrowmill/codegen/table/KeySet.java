package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getByte;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import java.util.ArrayList;
import java.util.List;

/**
 * A set of integer keys: those of dense stretches of numbers are bits ({@link KeyBits}), all others
 * and null are rows of a {@link GroupTable}. A key is in one of them.
 *
 * <p>A stretch of 4,096 numbers is dense once the table holds {@value #DENSE_KEYS} of them: bits
 * then take less memory than rows do. The table's keys are counted by stretch whenever it has
 * doubled, of a large one first a sample of the stretches.
 *
 * <p>Borrows the table; nobody else may add to it or remove from it. Owns the bits. Confined to one
 * thread at a time.
 */
public final class KeySet implements AutoCloseable {
  /** A row takes 16 bytes and what leads to it 11 to 21, a stretch of bits some 540. */
  static final int DENSE_KEYS = 32;

  /** The table's keys are counted for the first time when there are so many. */
  private static final long LOOK_MIN = 256;

  /** Of tables with more keys than this, a sample is counted first. */
  private static final long COUNTED_MAX = 1 << 11;

  /** The table has to grow so much before it is worth a look again, if few keys have neighbours. */
  private static final int SPARSE_GROWTH = 4;

  /** All stretches are counted if so large a part of a sample's keys is dense. */
  private static final int DENSE_PART = 4;

  /** Spreads stretches otherwise than {@link StretchCounts} does. */
  private static final long SAMPLING_FACTOR = 0xD1B5_4A32_D192_ED03L;

  private static final long ADDED_BYTES_MIN = 1_024;
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  /** Words and found rows, int64; indexes and positions, int32. */
  private static final long SCRATCH_BYTES = (2L * Long.BYTES + 2L * Integer.BYTES) * SLICE;

  private final GroupTable others;
  private final ValueKind kind;
  private final int keyOffset;
  private final int nullByte;
  private final int nullMask;
  private final KeyBits bits;
  private final BlockList added;
  private final ColumnSlice keys;
  private final Scratch scratch;
  private final Scratch unlisted;

  /** Whether an epoch has begun, whose keys are listed. */
  private boolean lists;

  private long addedCount;
  private long sizeToLook = LOOK_MIN;

  private KeySet(GroupTable others, KeyHash hash, MemorySource memory) {
    this.others = others;
    kind = others.plan().keys().getFirst();
    keyOffset = others.layout().keyOffset(0);
    nullByte = others.layout().keyNullByte(0);
    nullMask = others.layout().keyNullMask(0);
    added = new BlockList(memory, Long.BYTES, ADDED_BYTES_MIN);
    keys = new ColumnSlice(memory);
    scratch = new Scratch(memory);
    unlisted = new Scratch(memory);
    bits = new KeyBits(hash, memory);
  }

  /**
   * Sets beside tables of one plan that hold nothing but keys; none if the plan does not allow it.
   */
  public static List<KeySet> beside(List<GroupTable> tables, KeyHash hash, MemorySource memory) {
    List<KeySet> sets = new ArrayList<>();
    try {
      for (GroupTable table : tables) {
        if (isSet(table.plan())) {
          sets.add(new KeySet(table, hash, memory));
        }
      }
    } catch (RuntimeException | Error e) {
      sets.forEach(KeySet::close);
      throw e;
    }
    return sets;
  }

  private static boolean isSet(GroupTablePlan plan) {
    return plan.keys().size() == 1
        && plan.keys().getFirst().slotBytes() == 8
        && !plan.keys().getFirst().isFloating()
        && plan.accumulators().isEmpty()
        && !plan.isTimed();
  }

  /** The table of the keys that are no bits. */
  public GroupTable others() {
    return others;
  }

  /** Number of keys that are bits. */
  public long size() {
    return bits.size();
  }

  /** Off-heap bytes held beside the table. */
  public long memoryBytes() {
    return bits.memoryBytes()
        + added.memoryBytes()
        + keys.memoryBytes()
        + scratch.memoryBytes()
        + unlisted.memoryBytes();
  }

  /**
   * Adds the keys of some rows.
   *
   * @param columns as all parameters, see {@link GroupTable}
   * @param hashes of the slice's rows, by a {@link KeyRouter} that hashes keys, or 0
   * @param newOut gets, int64 each, 0 where the key was there before, or came before in the slice,
   *     else anything else
   * @return how many were not there
   */
  public int add(long columns, long selection, int start, int count, long hashes, long newOut) {
    if (others.size() >= sizeToLook) {
      takeIn();
    }
    if (bits.coversNone()) {
      return others.addHashed(columns, selection, start, count, hashes, newOut);
    }
    keys.loadKey(kind, columns, selection, start, count);
    long words = scratch.ensure(SCRATCH_BYTES);
    long indexes = words + 16L * SLICE;
    int beside = bits.find(keys.values(), keys.valid(), count, words, indexes);
    int made = addBits(count, words, newOut);
    if (beside > 0) {
      made += addOthers(columns, selection, start, beside, hashes, newOut);
    }
    return made;
  }

  /** Adds the keys whose words were found. */
  private int addBits(int count, long words, long newOut) {
    long values = keys.values();
    if (!lists) {
      return bits.add(values, count, words, newOut, unlisted.ensure(8L * SLICE));
    }
    int made = 0;
    int from = 0;
    while (from < count) {
      added.reserve();
      int some = Math.min(count - from, added.room());
      long at = 8L * from;
      int fresh = bits.add(values + at, some, words + at, newOut + at, added.tail());
      added.extend(fresh);
      made += fresh;
      from += some;
    }
    addedCount += made;
    return made;
  }

  /** Adds the keys that are not covered, whose indexes were listed. */
  private int addOthers(
      long columns, long selection, int start, int count, long hashes, long newOut) {
    long own = scratch.ensure(SCRATCH_BYTES); // the words are not needed any more
    long found = own + 8L * SLICE;
    long indexes = found + 8L * SLICE;
    long positions = indexes + 4L * SLICE;
    for (int i = 0; i < count; i++) {
      int at = start + getInt(indexes + 4L * i);
      putInt(positions + 4L * i, selection == 0 ? at : getInt(selection + 4L * at));
    }
    for (int i = 0; i < count && hashes != 0; i++) {
      putLong(own + 8L * i, getLong(hashes + 8L * getInt(indexes + 4L * i)));
    }
    int made = others.addHashed(columns, positions, 0, count, hashes == 0 ? 0 : own, found);
    for (int i = 0; i < count; i++) {
      putLong(newOut + 8L * getInt(indexes + 4L * i), getLong(found + 8L * i));
    }
    return made;
  }

  // ---- from rows to bits

  /** Makes bits of the keys that the table holds of dense stretches. */
  private void takeIn() {
    long size = others.size();
    int sampled = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(size / COUNTED_MAX));
    StretchCounts counts = count(sampled);
    boolean sparse = counts.keysIn(2) * 2 < counts.total();
    sizeToLook = sparse ? SPARSE_GROWTH * size : 2 * size;
    if (sampled > 0) {
      if (counts.keysIn(DENSE_KEYS) * DENSE_PART < counts.total()) {
        return;
      }
      counts = count(0);
    }
    long[] dense = counts.atLeast(DENSE_KEYS);
    if (dense.length > 0) {
      takeIn(counts, dense);
      sizeToLook = Math.max(LOOK_MIN, 2 * others.size());
    }
  }

  /** Counts the table's keys by stretch: those of one in 2 to the power of {@code sampled}. */
  private StretchCounts count(int sampled) {
    StretchCounts counts = new StretchCounts();
    long rows = scratch.ensure(SCRATCH_BYTES);
    RowCursor cursor = new RowCursor();
    int count = others.nextFound(cursor, rows, SLICE);
    while (count > 0) {
      for (int i = 0; i < count; i++) {
        long row = getLong(rows + 8L * i);
        long stretch = stretch(row);
        boolean taken = sampled == 0 || (stretch * SAMPLING_FACTOR) >>> (Long.SIZE - sampled) == 0;
        if (taken && !isNull(row)) {
          counts.add(stretch);
        }
      }
      count = others.nextFound(cursor, rows, SLICE);
    }
    return counts;
  }

  /** Makes bits of the keys in stretches that are dense; what can fail comes first. */
  private void takeIn(StretchCounts counts, long[] dense) {
    long rows = scratch.ensure(SCRATCH_BYTES);
    RowCursor cursor = new RowCursor();
    int count = nextDense(counts, cursor, rows);
    while (count > 0) {
      for (int i = 0; i < count && lists; i++) {
        long row = getLong(rows + 8L * i);
        if (others.changes().isTouched(row)) {
          putLong(added.append(), getLong(row + keyOffset));
          addedCount++;
        }
      }
      count = nextDense(counts, cursor, rows);
    }
    bits.cover(dense);
    cursor = new RowCursor();
    count = nextDense(counts, cursor, rows);
    while (count > 0) {
      for (int i = 0; i < count; i++) {
        bits.set(getLong(getLong(rows + 8L * i) + keyOffset));
      }
      count = nextDense(counts, cursor, rows);
    }
    // Bits are asked first: a row that were left behind would do no harm.
    cursor = new RowCursor();
    count = nextDense(counts, cursor, rows);
    while (count > 0) {
      others.discard(rows, count);
      count = nextDense(counts, cursor, rows);
    }
    if (others.size() == 0) {
      others.clear();
    }
  }

  /** Lists the next rows of keys in dense stretches; 0 at the end. */
  private int nextDense(StretchCounts counts, RowCursor cursor, long rowsOut) {
    int found = 0;
    int count = others.nextFound(cursor, rowsOut, SLICE);
    while (count > 0 && found == 0) {
      for (int i = 0; i < count; i++) {
        long row = getLong(rowsOut + 8L * i);
        if (!isNull(row) && counts.of(stretch(row)) >= DENSE_KEYS) {
          putLong(rowsOut + 8L * found++, row);
        }
      }
      count = found > 0 ? 0 : others.nextFound(cursor, rowsOut, SLICE);
    }
    return found;
  }

  private boolean isNull(long row) {
    return (getByte(row + nullByte) & nullMask) != 0;
  }

  private long stretch(long row) {
    return NeighbourRoutes.stretch(getLong(row + keyOffset));
  }

  // ---- reading

  /** Forgets which keys are new and lists those that follow. */
  public void beginEpoch() {
    added.clear();
    addedCount = 0;
    lists = true;
  }

  /** Number of keys that became bits in this epoch and were not there before it. */
  public long addedCount() {
    return addedCount;
  }

  /** Writes up to {@code max} of those keys from the cursor on, int64 each; 0 at the end. */
  public int nextAdded(RowCursor cursor, long keysOut, int max) {
    int written = 0;
    while (cursor.block < added.blockCount() && written < max) {
      int left = added.count(cursor.block) - cursor.index;
      int some = Math.min(left, max - written);
      copy(added.block(cursor.block) + 8L * cursor.index, keysOut + 8L * written, 8L * some);
      written += some;
      cursor.index += some;
      if (some == left) {
        cursor.block++;
        cursor.index = 0;
      }
    }
    return written;
  }

  /** Writes up to {@code max} keys that are bits from the cursor on, int64 each; 0 at the end. */
  public int nextKeys(RowCursor cursor, long keysOut, int max) {
    return bits.next(cursor, keysOut, max);
  }

  /** Writes keys to a column of their kind, from its first row on. */
  public void putKeys(long from, int count, long column) {
    new ColumnOutput(kind, column, 0).putValues(from, count);
  }

  @Override
  public void close() {
    bits.close();
    added.close();
    keys.close();
    scratch.close();
    unlisted.close();
  }
}
