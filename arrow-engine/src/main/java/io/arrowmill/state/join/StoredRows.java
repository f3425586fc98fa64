package io.arrowmill.state.join;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.kernel.ColumnDescriptors;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one side of a join whose keys belong to one partition.
 *
 * <p>Rows stand in {@link Segment}s in about the order in which they came, which is about the order
 * of their times: giving up the old ones mostly frees whole segments. A {@link KeyIndex} leads from
 * each key to its newest row, and from there a chain through the others; it runs both ways, so that
 * a row leaves it without a walk. What is left of a segment that has lost most of its rows moves to
 * others, so that one row that stays for long does not hold the memory of its neighbours.
 *
 * <p>Owns its memory. Confined to one task at a time, which has the other side's rows of the
 * partition, too. Where memory is refused while rows are stored, nothing may follow but {@link
 * #close}.
 */
public final class StoredRows implements AutoCloseable {
  /** In place of a column's position: none. */
  public static final int NO_COLUMN = StoredColumns.NO_TIME;

  static final int CAPACITY_MAX = 16_384;
  private static final int FIRST_CAPACITY = 256;
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  /** So many rows stay in the segment that they come in; fewer are copied to one with others. */
  private static final int ADOPTED_ROWS_MIN = CAPACITY_MAX / 4;

  /** What is left of a segment moves if it is less than one in so many. */
  private static final int SPARSE = 8;

  private final StoredColumns columns;
  private final int[] keyPositions;
  private final ColumnDescriptors keys;
  private final KeyIndex index;
  private final int head;
  private final int otherHead;
  private final MemorySource memory;
  private final BufferAllocator allocator;
  private final Segments segments = new Segments();
  private final StoredChanges changes;

  /** Where rows are copied to. */
  private @Nullable Segment open;

  /** Where rows were copied to when the epoch began, and how many it had. */
  private @Nullable Segment openBefore;

  private int rowsBefore;

  private long size;
  private boolean closed;

  /**
   * No rows.
   *
   * @param index released when this is closed
   * @param isFirst which side of the index
   * @param changes notes what a restart has to be told
   */
  StoredRows(
      StoredColumns columns,
      KeyIndex index,
      boolean isFirst,
      StoredSide.Memory memory,
      StoredChanges changes) {
    this.columns = columns;
    this.keyPositions = columns.keyPositions();
    this.index = index;
    this.head = index.headOffset(isFirst);
    this.otherHead = index.headOffset(!isFirst);
    this.memory = memory.source();
    this.allocator = memory.allocator();
    this.changes = changes;
    this.keys = new ColumnDescriptors(keyPositions.length, this.memory);
  }

  /** Number of rows. */
  public long size() {
    return size;
  }

  /** The index, which the other side has, too. */
  KeyIndex index() {
    return index;
  }

  /** Off-heap bytes held, without the index. */
  public long memoryBytes() {
    return segments.memoryBytes();
  }

  /** About how many bytes a stored row takes. */
  long rowBytes() {
    return segments.rowBytes();
  }

  StoredColumns columns() {
    return columns;
  }

  /** Forgets the changes so far and lists those that follow. */
  void beginEpoch() {
    changes.begin();
    openBefore = open;
    rowsBefore = open == null ? 0 : open.rows;
  }

  /** The rows of a segment that may be new are those from this one on. */
  int newFrom(Segment segment) {
    return segment.equals(openBefore) ? rowsBefore : 0;
  }

  StoredChanges changes() {
    return changes;
  }

  /** The segments, null where one is gone. */
  List<@Nullable Segment> segments() {
    return segments.all();
  }

  Segment segment(long ref) {
    return segments.of(ref);
  }

  // ---- looking up

  /**
   * Writes each row's hash, int64; the slice has at most {@link GroupTable#SLICE_ROWS_MAX}. Uses
   * the index's own buffers: tasks that share a partition hash with {@link StoredSide#hasher}.
   */
  void hash(long keys, long selection, int start, int count, long hashesOut) {
    index.hash(keys, selection, start, count, hashesOut);
  }

  /**
   * Writes the newest stored row with the keys of each row of a slice, or {@link RowRef#NONE}.
   *
   * @param keys address of the keys' column descriptors
   * @param selection address of int32 row numbers, of which those from {@code start} on count
   */
  void newest(long keys, long selection, int start, int count, long refsOut) {
    long groups = index.find(keys, selection, start, count);
    for (int i = 0; i < count; i++) {
      long group = getLong(groups + 8L * i);
      putLong(refsOut + 8L * i, group == 0 ? RowRef.NONE : getLong(group + head));
    }
  }

  /** The row of the same key that was stored before this one, or {@link RowRef#NONE}. */
  public long next(long ref) {
    return getLong(segments.link(ref) + Segment.NEXT);
  }

  /**
   * As {@link #next} and {@link #longValue} of many rows: first where they are, then loads and
   * nothing else, so that their cache misses overlap.
   *
   * @param column of eight bytes; {@link #NO_COLUMN} for none
   */
  public void follow(long[] refs, int count, int column, long[] nextOut, long[] valuesOut) {
    if (column != NO_COLUMN && column != columns.time()) {
      for (int i = 0; i < count; i++) {
        valuesOut[i] = segment(refs[i]).longValue(column, RowRef.index(refs[i]));
      }
    }
    for (int i = 0; i < count; i++) {
      nextOut[i] = segments.link(refs[i]);
    }
    if (column != NO_COLUMN && column == columns.time()) {
      for (int i = 0; i < count; i++) {
        long link = nextOut[i];
        nextOut[i] = getLong(link + Segment.NEXT);
        valuesOut[i] = getLong(link + Segment.TIME);
      }
    } else {
      for (int i = 0; i < count; i++) {
        nextOut[i] = getLong(nextOut[i] + Segment.NEXT);
      }
    }
  }

  /** Whether some of the rows that stand with a row have no value in a column. */
  public boolean mayBeNull(long ref, int column) {
    return segment(ref).hasNulls[column];
  }

  /** Whether a row has no value in a column. */
  public boolean isNull(long ref, int column) {
    return segment(ref).columns.get(column).isNull(RowRef.index(ref));
  }

  /** Whether a row's column of fixed width has a value. */
  public boolean hasValue(long ref, int column) {
    return segment(ref).hasValue(column, RowRef.index(ref));
  }

  /**
   * Address of a row's value of a column of eight bytes; those of the rows that were stored with it
   * follow.
   */
  public long longValues(long ref, int column) {
    return segment(ref).values(column) + 8L * RowRef.index(ref);
  }

  /** A row's value of a column of eight bytes; undefined where there is none. */
  public long longValue(long ref, int column) {
    return segment(ref).longValue(column, RowRef.index(ref));
  }

  /** Whether the row has met one of the other side. */
  public boolean isMatched(long ref) {
    return segment(ref).isMatched(RowRef.index(ref));
  }

  /**
   * The row has met one of the other side; unless it is about to be given up, {@link #noteMatched}
   * must be told, too.
   *
   * @return whether it had not before
   */
  public boolean setMatched(long ref) {
    Segment segment = segment(ref);
    int at = RowRef.index(ref);
    boolean isFirst = !segment.isMatched(at);
    segment.setMatched(at, true);
    return isFirst;
  }

  /** Tells what a restart has to know about a row that was unmatched before. */
  public void noteMatched(long ref) {
    changes.matched(segment(ref).sequence(RowRef.index(ref)));
  }

  // ---- adding

  /** Takes some rows that were stored, and with them the other side's. */
  @FunctionalInterface
  public interface Stored {
    /**
     * Takes rows.
     *
     * @param firstRef the first row; the names of the others follow
     * @param others address of the newest row of the other side with each row's keys, int64, or
     *     {@link RowRef#NONE}; good for the call
     */
    void accept(long firstRef, int count, long others);
  }

  /**
   * Stores the rows that a stage has of a partition.
   *
   * @param stored called for slices of at most {@link GroupTable#SLICE_ROWS_MAX} rows
   */
  public void storeAll(StoredStage stage, int partition, Stored stored) {
    Segment few = stage.few();
    if (few != null) {
      copy(few, stage.few(partition, index.positions()), stored);
    }
    for (Segment staged = stage.take(partition); staged != null; staged = stage.take(partition)) {
      if (staged.rows >= Math.max(ADOPTED_ROWS_MIN, staged.capacity / 2)) {
        segments.add(staged);
        number(staged, 0);
        chainAll(staged, 0, stored);
        continue;
      }
      try (Segment copied = staged) {
        copyAll(copied, stored);
      }
    }
  }

  private void copyAll(Segment from, Stored stored) {
    for (int start = 0; start < from.rows; start += SLICE) {
      int count = Math.min(SLICE, from.rows - start);
      for (int i = 0; i < count; i++) {
        putInt(index.positions() + 4L * i, start + i);
      }
      copy(from, count, stored);
    }
  }

  /** Copies the rows whose positions are listed in {@link KeyIndex#positions}. */
  private void copy(Segment from, int count, Stored stored) {
    int done = 0;
    while (done < count) {
      Segment to = open();
      int start = to.rows;
      int more = Math.min(to.room(), count - done);
      long positions = index.positions() + 4L * done;
      for (int i = 0; i < more; i++) {
        putLong(index.values() + 8L * i, from.group(getInt(positions + 4L * i)));
      }
      to.append(from.columns, from.hasNulls, positions, more, index.values());
      number(to, start);
      chainAll(to, start, stored);
      done += more;
    }
  }

  /**
   * Stores rows of a batch.
   *
   * @param batch of the columns kept; borrowed
   * @param keys address of the keys' column descriptors
   * @param positions address of int32 row numbers, of which those from {@code start} on count; at
   *     most {@link GroupTable#SLICE_ROWS_MAX}
   * @param refsOut address for the names of the new rows, int64
   */
  void add(RecordBatch batch, long keys, long positions, int start, int count, long refsOut) {
    boolean[] hasNulls = Segment.hasNulls(batch.columns());
    int done = 0;
    while (done < count) {
      Segment to = open();
      int at = to.rows;
      int more = Math.min(to.room(), count - done);
      index.hash(keys, positions, start + done, more, index.values());
      to.append(batch.columns(), hasNulls, positions + 4L * (start + done), more, index.values());
      number(to, at);
      chain(to, at, more);
      for (int i = 0; i < more; i++) {
        putLong(refsOut + 8L * (done + i), RowRef.of(to.number, at + i));
      }
      done += more;
    }
  }

  private Segment open() {
    Segment last = open;
    if (last != null && last.room() > 0) {
      return last;
    }
    int capacity = FIRST_CAPACITY;
    if (last != null) {
      capacity = Math.min(CAPACITY_MAX, last.capacity * 2);
    } else if (!segments.isUnused()) {
      capacity = CAPACITY_MAX / 4;
    }
    Segment opened = new Segment(capacity, columns, memory, allocator);
    segments.add(opened);
    open = opened;
    return opened;
  }

  /** Gives the rows from {@code start} on their numbers. */
  private void number(Segment segment, int start) {
    for (int at = start; at < segment.rows; at++) {
      segment.newest = changes.nextSequence();
      segment.setSequence(at, segment.newest);
    }
    size += segment.rows - start;
  }

  private void chainAll(Segment segment, int start, Stored stored) {
    for (int at = start; at < segment.rows; at += SLICE) {
      int count = Math.min(SLICE, segment.rows - at);
      chain(segment, at, count);
      stored.accept(RowRef.of(segment.number, at), count, index.values());
    }
  }

  /**
   * Puts rows in front of the chains of their keys; leaves the other side's newest rows in {@link
   * KeyIndex#values}.
   */
  private void chain(Segment segment, int start, int count) {
    long values = index.values();
    for (int i = 0; i < count; i++) {
      putLong(values + 8L * i, segment.group(start + i));
    }
    keys.set(segment.columns, keyPositions);
    long groups = index.group(keys.address(), start, count, values);
    long spare = index.spareLink();
    for (int i = 0; i < count; i++) {
      int at = start + i;
      long group = getLong(groups + 8L * i);
      long before = getLong(group + head);
      putLong(values + 8L * i, getLong(group + otherHead));
      putLong(group + head, RowRef.of(segment.number, at));
      segment.setNext(at, before);
      segment.setPrevious(at, RowRef.NONE);
      segment.setGroup(at, group);
      putLong(groups + 8L * i, segments.linkOr(before, spare));
    }
    index.warm(groups, count);
    for (int i = 0; i < count; i++) {
      putLong(getLong(groups + 8L * i) + Segment.PREVIOUS, RowRef.of(segment.number, start + i));
    }
  }

  // ---- giving up

  /** Gives up a row; the memory goes back with {@link #sweep}. */
  public void remove(long ref) {
    Segment segment = segment(ref);
    int at = RowRef.index(ref);
    if (segment.isGone(at)) {
      return;
    }
    changes.removed(segment.sequence(at));
    index.expectEmptied(1);
    give(segment, at);
  }

  /** {@link KeyIndex#expectEmptied} knows of it. Whether it has neighbours makes no branch. */
  private void give(Segment segment, int at) {
    long next = segment.next(at);
    long previous = segment.previous(at);
    long group = segment.group(at);
    putLong(segments.linkOr(next, index.spareLink()) + Segment.PREVIOUS, previous);
    putLong(leadingTo(previous, group), next);
    index.emptied(group, previous);
    segment.setGone(at);
    segment.alive--;
    size--;
  }

  /** Address of what leads to a row that follows {@code previous} in its chain. */
  private long leadingTo(long previous, long group) {
    return segments.linkOr(previous, group + head - Segment.NEXT) + Segment.NEXT;
  }

  /** Takes some rows that are given up, while they can still be read. */
  @FunctionalInterface
  public interface Expired {
    /** {@code count} names of rows, valid for the call. */
    void accept(long[] refs, int count);
  }

  /**
   * Gives up the rows whose time is at most {@code bound}.
   *
   * @return how many there were
   */
  public long expire(long bound, Expired expired) {
    if (columns.time() == StoredColumns.NO_TIME || bound == Long.MIN_VALUE) {
      return 0;
    }
    long before = size;
    long[] refs = new long[SLICE];
    for (Segment segment : segments.all()) {
      if (segment != null && segment.alive > 0) {
        expire(segment, bound, refs, expired);
      }
    }
    long count = before - size;
    if (count > 0) {
      changes.expired(bound);
      sweep();
    }
    return count;
  }

  private void expire(Segment segment, long bound, long[] refs, Expired expired) {
    int count = 0;
    for (int block = 0; block * Segment.BLOCK_ROWS < segment.rows; block++) {
      if (segment.timeMins[block] <= bound) {
        if (count > SLICE - Segment.BLOCK_ROWS) {
          give(segment, refs, count, expired);
          count = 0;
        }
        count = listUntil(segment, block, bound, refs, count);
      }
    }
    if (count > 0) {
      give(segment, refs, count, expired);
    }
  }

  /** Lists the rows of a block whose time is at most {@code bound}, behind those listed. */
  private int listUntil(Segment segment, int block, long bound, long[] refs, int listed) {
    long data = segment.values(columns.time());
    long valid = segment.validity(columns.time());
    long timeMin = Long.MAX_VALUE;
    int count = listed;
    int first = block * Segment.BLOCK_ROWS;
    int end = Math.min(segment.rows, first + Segment.BLOCK_ROWS);
    for (int at = first; at < end; at++) {
      if (segment.isGone(at) || !getBit(valid, at)) {
        continue;
      }
      long time = getLong(data + 8L * at);
      if (time <= bound) {
        refs[count++] = RowRef.of(segment.number, at);
      } else {
        timeMin = Math.min(timeMin, time);
      }
    }
    segment.timeMins[block] = timeMin;
    return count;
  }

  private void give(Segment segment, long[] refs, int count, Expired expired) {
    expired.accept(refs, count);
    warmNeighbours(segment, refs, count);
    index.expectEmptied(count);
    for (int i = 0; i < count; i++) {
      give(segment, RowRef.index(refs[i]));
    }
  }

  /** Loads what leads to rows that are given up. */
  private void warmNeighbours(Segment segment, long[] refs, int count) {
    long addresses = index.values();
    for (int i = 0; i < count; i++) {
      int at = RowRef.index(refs[i]);
      putLong(addresses + 8L * i, leadingTo(segment.previous(at), segment.group(at)));
    }
    index.warm(addresses, count);
  }

  /** Frees what rows that were given up have left behind. Rows may get other names. */
  public void sweep() {
    index.removeEmptied();
    for (int i = 0; i < segments.all().size(); i++) { // it grows while rows are moved
      Segment segment = segments.all().get(i);
      if (segment == null || (segment.equals(open) && segment.room() > 0)) {
        continue;
      }
      if (segment.alive > 0 && segment.alive < segment.rows / SPARSE) {
        move(segment);
      }
      if (segment.alive == 0) {
        segments.free(segment);
      }
    }
    segments.trim();
  }

  /** Copies the rows that are left to another segment and puts the copies in their places. */
  private void move(Segment from) {
    long positions = index.positions();
    int count = 0;
    for (int at = 0; at < from.rows; at++) {
      if (!from.isGone(at)) {
        putLong(index.values() + 8L * count, from.group(at));
        putInt(positions + 4L * count++, at);
      }
    }
    int done = 0;
    while (done < count) {
      Segment to = open();
      int start = to.rows;
      int more = Math.min(to.room(), count - done);
      long groups = index.values() + 8L * done;
      to.append(from.columns, from.hasNulls, positions + 4L * done, more, groups);
      for (int i = 0; i < more; i++) {
        replace(from, getInt(positions + 4L * (done + i)), to, start + i);
      }
      done += more;
    }
    from.alive = 0;
  }

  private void replace(Segment from, int at, Segment to, int place) {
    long ref = RowRef.of(to.number, place);
    long next = from.next(at);
    long previous = from.previous(at);
    to.copyLinks(place, from, at);
    if (changes.isNew(from.sequence(at))) {
      to.newest = Math.max(to.newest, from.sequence(at));
    }
    if (next != RowRef.NONE) {
      putLong(segments.link(next) + Segment.PREVIOUS, ref);
    }
    if (previous != RowRef.NONE) {
      putLong(segments.link(previous) + Segment.NEXT, ref);
    } else {
      putLong(from.group(at) + head, ref);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      segments.close();
      open = null;
      openBefore = null;
      keys.close();
      index.release();
    }
  }
}
