package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;

/**
 * The groups of a {@link GroupTable} that their keys do not lead to: only their owner knows where
 * they are. Owned by the table; as it, one thread at a time.
 */
public final class LooseGroups {
  private final KeyColumns keys;
  private final GroupRows groups;
  private final LooseRows loose;
  private final GroupIndex groupIndex;
  private final RecentGroups recent;
  private final RowStates states;

  LooseGroups(
      KeyColumns keys,
      GroupRows groups,
      GroupIndex groupIndex,
      RecentGroups recent,
      RowStates states) {
    this.keys = keys;
    this.groups = groups;
    this.loose = groups.loose();
    this.groupIndex = groupIndex;
    this.recent = recent;
    this.states = states;
  }

  /** Number of groups that their keys do not lead to. */
  public long size() {
    return loose.size();
  }

  /** As {@link GroupTable#nextRows}, of the groups that their keys do not lead to. */
  public int next(RowCursor cursor, long rowsOut, int max) {
    cursor.goLoose();
    return loose.next(cursor, rowsOut, max);
  }

  /** Loads the keys that {@link #add} takes; {@link GroupTable#find} does, too. */
  public void loadKeys(long columns, long selection, int start, int count) {
    GroupTable.checkSlice(count);
    keys.load(columns, selection, start, count);
  }

  /**
   * Makes a group that its keys do not lead to: cheaper than one that they do, to be found by what
   * its owner remembers. All else is as of any group; only its owner knows whether there is another
   * one with its keys.
   *
   * @param index position of its keys in the slice that was loaded last
   */
  public long add(int index) {
    return loose.add(index, groups.epoch());
  }

  /** Removes a loose group that this epoch has made: it is as if it had not been. */
  public void discard(long row) {
    loose.drop(row, groups.epoch());
  }

  /**
   * Has keys lead to some loose groups from now on; there must be none with these keys.
   *
   * @param rowsOut gets their new addresses
   */
  public void settle(long rows, int count, long rowsOut) {
    GroupTable.checkSlice(count);
    recent.clear();
    keys.loadRows(rows, count);
    groupIndex.find(count, 0, rowsOut, Wanted.TOUCHED);
    for (int i = 0; i < count; i++) {
      long row = getLong(rows + 8L * i);
      states.move(getLong(rowsOut + 8L * i), row);
      loose.drop(row, groups.epoch());
    }
  }

  /**
   * Evicts loose groups whose times are at most {@code bound}; they are forgotten at {@link
   * #clear}.
   */
  public void evict(long bound, long rows, int count) {
    groups.evicts(bound);
    loose.release(rows, count);
  }

  /** Forgets all loose groups; all were evicted or settled. */
  public void clear() {
    loose.clear();
  }
}
