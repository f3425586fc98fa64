package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Off-heap hash table from keys to a row of accumulator states.
 *
 * <p>A null key equals a null key; every NaN is one key, and -0.0 is 0.0. Rows stay where they are
 * until removed, so a row's address stands for its group. {@link RowLayout} draws a row, {@link
 * Directory} the way to it.
 *
 * <p>Calls take slices of at most {@value #SLICE_ROWS_MAX} rows. Columns are addresses of {@link
 * io.arrowmill.codegen.memory.ColumnDescriptor}s and are borrowed for the call. A selection is the
 * address of int32 row numbers, of which {@code start} to {@code start + count - 1} are taken, or 0
 * for those rows themselves.
 *
 * <p>Owns its memory until {@link #close}. Confined to one thread at a time. When the memory source
 * refuses, the call that asked throws with every group whole: rows it had not reached are not in
 * the table.
 */
public final class GroupTable implements RowHasher {
  public static final int SLICE_ROWS_MAX = 4_096;

  /** How often in a slice the walk that finds groups by their keys is gone on with. */
  private static final int KEYED_STOPS_MAX = 4;

  /** So many rows are added the other way where that walk has stopped. */
  private static final int KEYED_STOP_ROWS = 64;

  private final GroupTablePlan plan;
  private final RowLayout layout;
  private final KeyHash hash;
  private final KeyColumns keys;
  private final GroupRows groups;
  private final GroupIndex index;
  private final Accumulator[] accumulators;
  private final FusedUpdates updates;
  private final GroupRuns runs;
  private final RecentGroups recent;
  private final ColumnSlice input;
  private final Scratch rowScratch;
  private final RowStates states;
  private final SiblingGroups siblings;
  private final LooseGroups loose;
  private final GroupChanges changes;

  /** Null where the plan does not ask for neighbours together. */
  private final @Nullable NeighbourRoutes routes;

  private boolean closed;

  public GroupTable(GroupTablePlan plan, KeyHash hash, MemorySource memory) {
    this.plan = plan;
    this.hash = hash;
    List<ValueKind> kinds = plan.keys();
    layout = new RowLayout(kinds, plan.accumulators());
    keys = new KeyColumns(kinds, layout, hash, memory);
    groups = new GroupRows(plan, layout, keys, memory);
    index = new GroupIndex(kinds, layout, keys, groups, memory);
    accumulators = groups.accumulators();
    input = new ColumnSlice(memory);
    rowScratch = new Scratch(memory);
    routes = plan.neighboursTogether() ? new NeighbourRoutes(hash) : null;
    updates = new FusedUpdates(plan.accumulators(), layout);
    runs =
        new GroupRuns(kinds.size(), plan.accumulators(), accumulators, layout.rowBytes(), memory);
    recent = new RecentGroups(kinds, hash, memory);
    states = new RowStates(plan, layout, groups, input, rowScratch);
    siblings = new SiblingGroups(keys, kinds.size(), index, rowScratch);
    loose = new LooseGroups(keys, groups, index, recent, states);
    changes = new GroupChanges(groups);
  }

  public GroupTablePlan plan() {
    return plan;
  }

  public RowLayout layout() {
    return layout;
  }

  /** The aggregates' states in rows of this table. */
  public RowStates states() {
    return states;
  }

  /** The groups by keys that lie in rows. */
  public SiblingGroups siblings() {
    return siblings;
  }

  /** The groups that their keys do not lead to. */
  public LooseGroups loose() {
    return loose;
  }

  /** What has changed since an epoch began. */
  public GroupChanges changes() {
    return changes;
  }

  /** Number of groups, loose ones included. */
  public long size() {
    return groups.size() + groups.loose().size();
  }

  /** Off-heap bytes held, working memory included. */
  public long memoryBytes() {
    return index.memoryBytes()
        + groups.memoryBytes()
        + keys.memoryBytes()
        + input.memoryBytes()
        + runs.memoryBytes()
        + recent.memoryBytes()
        + rowScratch.memoryBytes();
  }

  /**
   * Makes room in an empty table for the keys that so many rows may have, so that it does not have
   * to grow to them.
   */
  public void expect(long rows) {
    index.expect(rows);
  }

  // ---- keys to rows

  @Override
  public void hash(long columns, long selection, int start, int count, long hashesOut) {
    checkSlice(count);
    keys.load(columns, selection, start, count);
    hash(plan.keys().size(), count, hashesOut);
  }

  /**
   * As {@link #hash}, but only what {@link KeyHash#partition} asks for is defined; for a plan with
   * neighbours together.
   */
  public void route(long columns, long selection, int start, int count, long hashesOut) {
    checkSlice(count);
    keys.load(columns, selection, start, count);
    Objects.requireNonNull(routes).alone(keys.values(0), count, hashesOut);
  }

  /** Whether keys lead to rows without being hashed, but for few. */
  public boolean isDense() {
    return index.isDense();
  }

  private void hash(int firstKeys, int count, long hashesOut) {
    keys.hash(firstKeys, count, hashesOut);
    if (routes != null) {
      routes.intoHashes(keys.values(0), count, hashesOut);
    }
  }

  /** Writes each row's group as an int64 row address, making the groups that are not there. */
  public void group(long columns, long selection, int start, int count, long rowsOut) {
    checkSlice(count);
    if (recent.find(groups.size(), columns, selection, start, count, rowsOut)) {
      groups.touchAll(rowsOut, count);
      return;
    }
    keys.load(columns, selection, start, count);
    index.find(count, 0, rowsOut, Wanted.TOUCHED);
    recent.learn(count, rowsOut);
  }

  /**
   * As {@link #group} with the hashes that {@link #hash} gave: {@code count} of them, one a row of
   * the slice; or 0, and keys are hashed where need be.
   */
  public void groupHashed(
      long columns, long selection, int start, int count, long hashes, long rowsOut) {
    checkSlice(count);
    keys.load(columns, selection, start, count);
    index.find(count, hashes, rowsOut, Wanted.TOUCHED);
  }

  /**
   * Makes the groups that are not there and leaves those that are there alone: they don't count as
   * touched.
   *
   * @param hashes as {@link #groupHashed}
   * @param rowsOut gets the row address of the group that the slice's row made, or 0 if there was
   *     one
   * @return how many groups were made
   */
  public int addHashed(
      long columns, long selection, int start, int count, long hashes, long rowsOut) {
    checkSlice(count);
    keys.load(columns, selection, start, count);
    long before = groups.size();
    index.find(count, hashes, rowsOut, Wanted.NEW);
    return (int) (groups.size() - before);
  }

  /** As {@link #group}, but only groups that are made count as touched. */
  public void place(long columns, long selection, int start, int count, long rowsOut) {
    checkSlice(count);
    keys.load(columns, selection, start, count);
    index.find(count, 0, rowsOut, Wanted.PLACED);
  }

  /** As {@link #group}, but a row without a group gets 0. */
  public void find(long columns, long selection, int start, int count, long rowsOut) {
    checkSlice(count);
    keys.load(columns, selection, start, count);
    index.find(count, 0, rowsOut, Wanted.KNOWN);
  }

  /**
   * Returns the one group of a table without keys, made if need be: a global aggregate of no rows
   * is a row too.
   */
  public long globalRow() {
    if (!plan.keys().isEmpty()) {
      throw new IllegalStateException("table must have no keys: keys=" + plan.keys());
    }
    group(0, 0, 0, 1, rowScratch.ensure(8));
    return getLong(rowScratch.ensure(8));
  }

  static void checkSlice(int count) {
    if (count < 0 || count > SLICE_ROWS_MAX) {
      throw new IllegalArgumentException(
          "slice must have 0 to " + SLICE_ROWS_MAX + " rows: count=" + count);
    }
  }

  // ---- accumulators

  /**
   * Adds a column's values to one aggregate.
   *
   * @param rows what {@link #group} wrote for the same slice
   * @param column the column's descriptor; ignored by an aggregate that reads none
   */
  public void update(
      int accumulator, long rows, long column, long selection, int start, int count) {
    checkSlice(count);
    AccumulatorPlan aggregate = plan.accumulators().get(accumulator);
    ValueKind kind = aggregate.inputKind();
    if (kind != null && aggregate.readsValues()) {
      input.load(kind, column, selection, start, count);
    } else if (kind != null) {
      input.loadValid(column, selection, start, count);
    }
    accumulators[accumulator].update(rows, input, count);
  }

  /**
   * Adds a slice of rows to every aggregate, all aggregates of a row at once where that can be.
   *
   * @param rows what {@link #group} wrote for the same slice
   * @param columns address of one descriptor an aggregate; empty for one that reads none
   */
  public void updateAll(long rows, long columns, long selection, int start, int count) {
    checkSlice(count);
    if (runs.worthATry(groups.size(), count)
        && runs.update(groups.pages(), rows, columns, selection, start, count)) {
      return;
    }
    updates.update(rows, columns, selection, start, count);
    for (int a : updates.separate()) {
      update(a, rows, ColumnDescriptor.at(columns, a), selection, start, count);
    }
  }

  /**
   * Adds a slice of rows to their groups and these to every aggregate: {@link #group} and {@link
   * #updateAll}, in one walk over the rows where that can be.
   *
   * @param keyColumns address of one descriptor a key
   * @param columns address of one descriptor an aggregate; empty for one that reads none
   * @param rowsOut room for one int64 a row
   */
  public void add(
      long keyColumns, long columns, long selection, int start, int count, long rowsOut) {
    checkSlice(count);
    int done = selection == 0 ? addKeyed(keyColumns, columns, start, count, rowsOut) : 0;
    if (done < count) {
      addGrouped(keyColumns, columns, selection, start + done, count - done, rowsOut);
    }
  }

  private void addGrouped(
      long keyColumns, long columns, long selection, int start, int count, long rowsOut) {
    group(keyColumns, selection, start, count, rowsOut);
    updateAll(rowsOut, columns, selection, start, count);
  }

  /**
   * Adds rows whose groups are found by a {@link GroupIndex#plain} index while they are added.
   * Where one is not found so, it and some behind it are added the other way.
   *
   * @return how many rows were added, from the first on; the others are to be added the other way
   */
  private int addKeyed(long keyColumns, long columns, int start, int count, long rowsOut) {
    int done = 0;
    for (int stops = 0; done < count && stops < KEYED_STOPS_MAX; stops++) {
      DirectIndex direct = groups.size() > GroupRuns.GROUPS_MAX ? index.plain() : null;
      if (direct == null || !updates.takesKeys(columns)) {
        return done;
      }
      keys.load(keyColumns, 0, start + done, count - done);
      if (keys.anyNull()) {
        return done;
      }
      done +=
          updates.keyed(
              keys.values(0), direct, groups.epoch(), columns, start + done, count - done);
      if (done < count) {
        int some = Math.min(count - done, KEYED_STOP_ROWS);
        addGrouped(keyColumns, columns, 0, start + done, some, rowsOut);
        done += some;
      }
    }
    return done;
  }

  // ---- merging

  /** Writes the hashes of the first keys alone of some of this table's rows. */
  public void hashFirstKeys(int firstKeys, long rows, int count, long hashesOut) {
    checkSlice(count);
    keys.loadRows(rows, count);
    hash(firstKeys, count, hashesOut);
  }

  /** Adds every group of another table, which has the same plan and the same hash function. */
  public void mergeFrom(GroupTable other) {
    RowCursor cursor = new RowCursor();
    long rows = other.rowScratch.ensure(8L * SLICE_ROWS_MAX);
    int count = other.nextRows(cursor, rows, SLICE_ROWS_MAX);
    while (count > 0) {
      mergeFrom(other, rows, count);
      count = other.nextRows(cursor, rows, SLICE_ROWS_MAX);
    }
  }

  /** Adds some groups of another table, which has the same plan and the same hash function. */
  public void mergeFrom(GroupTable other, long rows, int count) {
    checkSame(other);
    checkSlice(count);
    keys.loadRows(rows, count);
    long targets = rowScratch.ensure(8L * count);
    index.find(count, 0, targets, Wanted.TOUCHED);
    for (Accumulator accumulator : accumulators) {
      accumulator.merge(targets, rows, count);
    }
  }

  private void checkSame(GroupTable other) {
    if (!plan.equals(other.plan) || !hash.equals(other.hash)) {
      throw new IllegalArgumentException(
          "tables must have equal plans and hash functions: plan="
              + plan
              + ", otherPlan="
              + other.plan
              + ", hash="
              + hash
              + ", otherHash="
              + other.hash);
    }
  }

  // ---- reading

  /** Writes up to {@code max} row addresses from the cursor on; 0 when every group was seen. */
  public int nextRows(RowCursor cursor, long rowsOut, int max) {
    int count = cursor.isLoose() ? 0 : nextFound(cursor, rowsOut, max);
    return count > 0 ? count : loose.next(cursor, rowsOut, max);
  }

  /** As {@link #nextRows}, of the groups that their keys lead to. */
  public int nextFound(RowCursor cursor, long rowsOut, int max) {
    return groups.pages().next(cursor, rowsOut, max);
  }

  /**
   * Writes a key column of the given rows, also of removed ones, from row {@code start} of the
   * column on.
   */
  public void readKeys(int key, long rows, int count, long column, int start) {
    keys.read(rows, count, key, new ColumnOutput(plan.keys().get(key), column, start));
  }

  /** Bytes of data that {@link #readKeys} will write for a key of kind BYTES; else 0. */
  public long readKeysBytes(int key, long rows, int count) {
    return keys.readBytes(rows, count, key);
  }

  // ---- rows that the owner finds by itself

  /**
   * Forgets the way from keys to rows, for good: rows are made by {@link #addRow} and removed by
   * {@link #evictRows} from here on, and none is looked for by its keys.
   */
  public void dropIndex() {
    index.clear();
    recent.clear();
  }

  /**
   * Makes a row, which counts as touched, whose keys are those of another table's row and a last
   * one, an integer. It must be the only one with these keys.
   */
  public long addRow(GroupTable other, long row, long lastKey) {
    return groups.add(other.layout, row, lastKey);
  }

  /** As {@link #evict}, of a table without an index. */
  public void evictRows(long bound, long rows, int count) {
    groups.evicts(bound);
    for (int i = 0; i < count; i++) {
      groups.forget(getLong(rows + 8L * i), false);
    }
  }

  // ---- removing

  /** Removes groups, each given once. */
  public void remove(long rows, int count) {
    recent.clear();
    index.remove(rows, count, true);
  }

  /** Removes groups that this epoch has made, each given once: it is as if they had not been. */
  public void discard(long rows, int count) {
    recent.clear();
    index.remove(rows, count, false);
  }

  /** Removes one group. */
  public void removeRow(long row) {
    long rows = rowScratch.ensure(8);
    putLong(rows, row);
    remove(rows, 1);
  }

  /**
   * Writes up to {@code max} rows whose time is at most {@code bound} from the cursor on; 0 at the
   * end. A null time is after every bound. Rows may be removed before the next call, but not made.
   * Costs by the rows that it writes, not by those of the table.
   */
  public int rowsUntil(long bound, RowCursor cursor, long rowsOut, int max) {
    return groups.rowsUntil(bound, cursor, rowsOut, max);
  }

  /** Says that the owner has written an earlier time to a row that is not new. */
  public void timeLowered(long row) {
    groups.timeLowered(row);
  }

  /** Removes the groups whose time is at most {@code bound}; returns how many there were. */
  public long evictUntil(long bound) {
    long rows = rowScratch.ensure(8L * SLICE_ROWS_MAX);
    RowCursor cursor = new RowCursor();
    long evicted = 0;
    int count = rowsUntil(bound, cursor, rows, SLICE_ROWS_MAX);
    while (count > 0) {
      evict(bound, rows, count);
      evicted += count;
      count = rowsUntil(bound, cursor, rows, SLICE_ROWS_MAX);
    }
    return evicted;
  }

  /**
   * Removes some of the groups whose time is at most {@code bound}, each given once; the others
   * have to follow. They are not listed: one bound says that they have gone.
   */
  public void evict(long bound, long rows, int count) {
    recent.clear();
    groups.evicts(bound);
    index.remove(rows, count, false);
  }

  /** Empties the table and forgets its changes; the memory goes back, but for a little. */
  public void clear() {
    index.clear();
    recent.clear();
    groups.clear();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    index.close();
    groups.close();
    keys.close();
    input.close();
    runs.close();
    recent.close();
    rowScratch.close();
  }
}
