package io.arrowmill.state.join;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.ValueKind;
import java.util.List;

/**
 * Leads from each key of a partition to the newest row of either side that has it: one look finds
 * the chain that a row goes to and the one that it meets.
 *
 * <p>Owns its memory until both sides have closed it. Confined to one task at a time.
 */
final class KeyIndex {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;
  private static final long SCRATCH_BYTES = 20L * SLICE + Segment.LINK_BYTES + 16;

  private final GroupTable table;
  private final int firstHead;
  private final int secondHead;
  private final MemorySource memory;
  private final long block;
  private final long groups;
  private final long spare;

  /** Stands for a key that has rows of both sides, where another one is not to be looked at. */
  private final long someGroup;

  private final LongList emptied = new LongList();
  private int users = 1;

  /** What {@link #warm} adds up to; kept so that it is not optimized away. */
  @SuppressWarnings("UnusedVariable")
  private long warmed;

  KeyIndex(List<ValueKind> kinds, KeyHash hash, MemorySource memory) {
    this.memory = memory;
    this.table =
        new GroupTable(
            new GroupTablePlan(kinds, List.of(Accumulators.countAll(), Accumulators.countAll())),
            hash,
            memory);
    this.firstHead = table.layout().state(0).offset();
    this.secondHead = table.layout().state(1).offset();
    try {
      this.block = memory.allocate(SCRATCH_BYTES);
    } catch (RuntimeException | Error e) {
      table.close();
      throw e;
    }
    this.groups = block + 8L * SLICE;
    this.spare = block + 20L * SLICE;
    putLong(spare + Segment.LINK_BYTES, -1);
    putLong(spare + Segment.LINK_BYTES + 8, -1);
    this.someGroup = spare + Segment.LINK_BYTES - Math.min(firstHead, secondHead);
  }

  /** Room for an int64 of each row of a slice, for either side's use. */
  long values() {
    return block;
  }

  /** Room for an int32 of each row of a slice, for either side's use. */
  long positions() {
    return block + 16L * SLICE;
  }

  /** Links of no row, to write to where there is none. */
  long spareLink() {
    return spare;
  }

  /** The other side uses it, too. */
  KeyIndex shared() {
    users++;
    return this;
  }

  /** Offset of a side's newest row in what is kept of a key. */
  int headOffset(boolean isFirst) {
    return isFirst ? firstHead : secondHead;
  }

  long memoryBytes() {
    return table.memoryBytes() + SCRATCH_BYTES;
  }

  /** Writes hashes; see {@link GroupTable#hash}. */
  void hash(long keys, long selection, int start, int count, long hashesOut) {
    table.hash(keys, selection, start, count, hashesOut);
  }

  /** Loads from a list of addresses and does nothing else, so that cache misses overlap. */
  void warm(long addresses, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += getLong(getLong(addresses + 8L * i));
    }
    warmed = sum;
  }

  /**
   * What is kept of the keys of some rows, made where it is not there.
   *
   * @param keys address of the keys' column descriptors
   * @param hashes their hashes
   * @return address of addresses, good until the next call
   */
  long group(long keys, int start, int count, long hashes) {
    removeEmptied(); // a key that comes back must not be taken out later
    table.groupHashed(keys, 0, start, count, hashes, groups);
    return groups;
  }

  /** As {@link #group}, but 0 where there is nothing. */
  long find(long keys, long selection, int start, int count) {
    table.find(keys, selection, start, count, groups);
    return groups;
  }

  /** So many rows at most are about to be given up. */
  void expectEmptied(int count) {
    emptied.ensureRoom(count);
  }

  /**
   * A row was given up.
   *
   * @param newer the row after it with the same key; where there is one, the key has rows
   */
  void emptied(long group, long newer) {
    long isOldest = (newer - 1) >> 63;
    long looked = someGroup ^ ((someGroup ^ group) & isOldest);
    long heads = getLong(looked + firstHead) | getLong(looked + secondHead);
    emptied.add(group, heads == RowRef.NONE);
  }

  /** Takes out the keys that neither side has any more. */
  void removeEmptied() {
    for (int from = 0; from < emptied.size(); from += SLICE) {
      int count = Math.min(SLICE, emptied.size() - from);
      for (int i = 0; i < count; i++) {
        putLong(groups + 8L * i, emptied.get(from + i));
      }
      table.remove(groups, count);
    }
    emptied.clear();
  }

  /** One side needs it no more. Each calls it once. */
  void release() {
    users--;
    if (users == 0) {
      table.close();
      memory.free(block, SCRATCH_BYTES);
    }
  }
}
