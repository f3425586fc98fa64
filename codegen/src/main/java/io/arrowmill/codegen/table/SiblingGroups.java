package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.copy;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

/**
 * The groups of a {@link GroupTable} by keys that lie in rows, of which another may take the last
 * one's place: of groups whose keys differ in the last one only each leads to the others. Owned by
 * the table; as it, one thread at a time.
 */
public final class SiblingGroups {
  private final KeyColumns keys;
  private final GroupIndex index;
  private final Scratch scratch;
  private final int last;

  SiblingGroups(KeyColumns keys, int keyCount, GroupIndex index, Scratch scratch) {
    this.keys = keys;
    this.index = index;
    this.scratch = scratch;
    this.last = keyCount - 1;
  }

  /**
   * Returns the row that has the keys of {@code row} but for the last, which is {@code lastKey};
   * makes it if there is none. The last key must be an integer.
   */
  public long one(long row, long lastKey) {
    long block = scratch.ensure(16);
    putLong(block, row);
    putLong(block + 8, lastKey);
    group(block, block + 8, 1, block);
    return getLong(block);
  }

  /**
   * Writes the groups whose keys are the first ones of another table's rows, making those that are
   * not there. The tables' hash functions must be equal.
   */
  public void groupFirstKeys(GroupTable other, long rows, int count, long rowsOut) {
    GroupTable.checkSlice(count);
    keys.loadRows(other.layout(), rows, count);
    index.find(count, 0, rowsOut, Wanted.TOUCHED);
  }

  /**
   * Writes the groups whose keys are those of other rows but for the last, making those that are
   * not there. The last key must be an integer.
   *
   * @param rows addresses of rows of the table, or of one whose keys lie alike and are hashed alike
   * @param lastKeys the last keys, int64, one a row
   */
  public void group(long rows, long lastKeys, int count, long rowsOut) {
    find(rows, lastKeys, count, rowsOut, Wanted.TOUCHED);
  }

  /** As {@link #group}, but makes none: a row without such a group gets 0. */
  public void find(long rows, long lastKeys, int count, long rowsOut) {
    find(rows, lastKeys, count, rowsOut, Wanted.KNOWN);
  }

  private void find(long rows, long lastKeys, int count, long rowsOut, Wanted wanted) {
    GroupTable.checkSlice(count);
    keys.loadRows(rows, count);
    copy(lastKeys, keys.values(last), 8L * count);
    index.find(count, 0, rowsOut, wanted);
  }
}
