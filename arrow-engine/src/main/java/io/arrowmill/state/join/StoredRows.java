package io.arrowmill.state.join;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.codegen.table.ValueKind;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one side of a join whose keys belong to one partition.
 *
 * <p>Rows stand in {@link Segment}s in the order in which they came, which is about the order of
 * their times: giving up the old ones mostly frees whole segments. An index leads from each key to
 * its newest row, and from there a chain through the others; it runs both ways, so that a row
 * leaves it without a walk. What is left of a segment that has lost most of its rows moves to the
 * end, so that one row that stays for long does not hold the memory of its neighbours.
 *
 * <p>Owns its memory. Confined to one task at a time, but for {@link #next}, {@link #follow},
 * {@link #isMatched} and {@link #setMatched}, which any task may call while no rows are added or
 * given up.
 */
public final class StoredRows implements AutoCloseable {
  private static final int FIRST_CAPACITY = 256;
  private static final int CAPACITY_MAX = 16_384;
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  /** What is left of a segment moves if it is less than one in so many. */
  private static final int SPARSE = 8;

  private final StoredColumns columns;
  private final MemorySource memory;
  private final BufferAllocator allocator;
  private final GroupTable index;
  private final int headOffset;
  private final long groups;
  private final List<@Nullable Segment> segments = new ArrayList<>();
  private final LongList emptied = new LongList();
  private final StoredChanges changes;
  private int firstNumber = 1;
  private long size;
  private boolean closed;

  /**
   * No rows.
   *
   * @param kinds of the keys
   * @param changes notes what a restart has to be told
   */
  StoredRows(
      StoredColumns columns,
      List<ValueKind> kinds,
      KeyHash hash,
      MemorySource memory,
      BufferAllocator allocator,
      StoredChanges changes) {
    this.columns = columns;
    this.memory = memory;
    this.allocator = allocator;
    this.changes = changes;
    this.index =
        new GroupTable(new GroupTablePlan(kinds, List.of(Accumulators.countAll())), hash, memory);
    this.headOffset = index.layout().state(0).offset();
    this.groups = memory.allocate(8L * SLICE);
  }

  /** Number of rows. */
  public long size() {
    return size;
  }

  /** Off-heap bytes held. */
  public long memoryBytes() {
    long bytes = index.memoryBytes() + 8L * SLICE;
    for (Segment segment : segments) {
      bytes += segment == null ? 0 : segment.memoryBytes();
    }
    return bytes;
  }

  /** About how many bytes a stored row takes. */
  long rowBytes() {
    long bytes = 0;
    long rows = 0;
    for (Segment segment : segments) {
      if (segment != null) {
        bytes += segment.memoryBytes();
        rows += segment.capacity;
      }
    }
    return rows == 0 ? 0 : bytes / rows;
  }

  StoredColumns columns() {
    return columns;
  }

  StoredChanges changes() {
    return changes;
  }

  /** The segments, null where one is gone; the first has number {@link #firstNumber}. */
  List<@Nullable Segment> segments() {
    return segments;
  }

  int firstNumber() {
    return firstNumber;
  }

  Segment segment(long ref) {
    Segment found = segments.get(RowRef.segment(ref) - firstNumber);
    if (found == null) {
      throw new IllegalStateException("row must be stored: ref=" + ref);
    }
    return found;
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
  public void newest(long keys, long selection, int start, int count, long refsOut) {
    index.find(keys, selection, start, count, refsOut);
    for (int i = 0; i < count; i++) {
      long group = getLong(refsOut + 8L * i);
      putLong(refsOut + 8L * i, group == 0 ? RowRef.NONE : getLong(group + headOffset));
    }
  }

  /** The row of the same key that was stored before this one, or {@link RowRef#NONE}. */
  public long next(long ref) {
    return segment(ref).next(RowRef.index(ref));
  }

  /**
   * As {@link #next} and {@link #longValue} of many rows: loads and nothing else, so that their
   * cache misses overlap.
   *
   * @param column of eight bytes; {@link StoredColumns#NO_TIME} for none
   */
  public void follow(long[] refs, int count, int column, long[] nextOut, long[] valuesOut) {
    for (int i = 0; i < count; i++) {
      Segment segment = segment(refs[i]);
      int at = RowRef.index(refs[i]);
      nextOut[i] = segment.next(at);
      if (column != StoredColumns.NO_TIME) {
        valuesOut[i] = segment.longValue(column, at);
      }
    }
  }

  /** Whether a row's column of fixed width has a value. */
  public boolean hasValue(long ref, int column) {
    return segment(ref).hasValue(column, RowRef.index(ref));
  }

  /** A row's value of a column of eight bytes; undefined where there is none. */
  public long longValue(long ref, int column) {
    return segment(ref).longValue(column, RowRef.index(ref));
  }

  /** Whether the row has met one of the other side. */
  public boolean isMatched(long ref) {
    return segment(ref).isMatched(RowRef.index(ref));
  }

  /** The row has met one of the other side; {@link #noteMatched} must be told, too. */
  public void setMatched(long ref) {
    segment(ref).setMatched(RowRef.index(ref), true);
  }

  /** Tells what a restart has to know about a row that was unmatched before. */
  public void noteMatched(long ref) {
    changes.matched(segment(ref).sequence(RowRef.index(ref)));
  }

  // ---- adding

  /**
   * Stores rows of a batch.
   *
   * @param batch of the columns kept; borrowed
   * @param keys address of the keys' column descriptors
   * @param positions address of int32 row numbers, of which those from {@code start} on count; at
   *     most {@link GroupTable#SLICE_ROWS_MAX}
   * @param refsOut address for the names of the new rows, int64
   */
  public void add(
      RecordBatch batch, long keys, long positions, int start, int count, long refsOut) {
    index.group(keys, positions, start, count, groups);
    int done = 0;
    while (done < count) {
      Segment segment = open();
      int more = Math.min(segment.capacity - segment.rows, count - done);
      append(segment, batch.columns(), positions + 4L * (start + done), more);
      for (int i = 0; i < more; i++) {
        int at = segment.rows + i;
        segment.newest = changes.nextSequence();
        segment.setSequence(at, segment.newest);
        segment.setMatched(at, false);
        segment.setGone(at, false);
        long ref = RowRef.of(segment.number, at);
        link(segment, at, ref, getLong(groups + 8L * (done + i)));
        putLong(refsOut + 8L * (done + i), ref);
      }
      finish(segment, more);
      done += more;
    }
  }

  private Segment open() {
    Segment last = segments.isEmpty() ? null : segments.getLast();
    if (last != null && last.rows < last.capacity) {
      return last;
    }
    int capacity = FIRST_CAPACITY;
    if (last != null) {
      capacity = Math.min(CAPACITY_MAX, last.capacity * 2);
    } else if (size > 0 || firstNumber > 1) {
      capacity = CAPACITY_MAX / 4;
    }
    Segment opened =
        new Segment(firstNumber + segments.size(), capacity, columns.schema(), memory, allocator);
    segments.add(opened);
    return opened;
  }

  private static void append(Segment segment, List<FieldVector> from, long positions, int count) {
    for (int c = 0; c < segment.columns.size(); c++) {
      FieldVector to = segment.columns.get(c);
      RowAppend.rows(from.get(c), to, segment.rows, positions, count);
      if (to instanceof BaseVariableWidthVector variable) {
        variable.setLastSet(segment.rows + count - 1);
      }
      to.setValueCount(segment.rows + count);
    }
  }

  private void link(Segment segment, int at, long ref, long group) {
    long head = getLong(group + headOffset);
    segment.setNext(at, head);
    segment.setPrevious(at, RowRef.NONE);
    segment.setGroup(at, group);
    if (head != RowRef.NONE) {
      segment(head).setPrevious(RowRef.index(head), ref);
    }
    putLong(group + headOffset, ref);
  }

  /** The rows are written: counts them and their times. */
  private void finish(Segment segment, int count) {
    if (columns.time() != StoredColumns.NO_TIME) {
      FieldVector times = segment.columns.get(columns.time());
      long data = times.getDataBuffer().memoryAddress();
      long valid = times.getValidityBuffer().memoryAddress();
      for (int i = segment.rows; i < segment.rows + count; i++) {
        if (getBit(valid, i)) {
          segment.timeMin = Math.min(segment.timeMin, getLong(data + 8L * i));
        }
      }
    }
    segment.rows += count;
    segment.alive += count;
    size += count;
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
    give(segment, at);
  }

  private void give(Segment segment, int at) {
    long next = segment.next(at);
    long previous = segment.previous(at);
    if (next != RowRef.NONE) {
      segment(next).setPrevious(RowRef.index(next), previous);
    }
    if (previous != RowRef.NONE) {
      segment(previous).setNext(RowRef.index(previous), next);
    } else {
      putLong(segment.group(at) + headOffset, next);
      if (next == RowRef.NONE) {
        emptied.add(segment.group(at));
      }
    }
    segment.setGone(at, true);
    segment.alive--;
    size--;
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
    for (Segment segment : segments) {
      if (segment != null && segment.timeMin <= bound) {
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
    FieldVector times = segment.columns.get(columns.time());
    long data = times.getDataBuffer().memoryAddress();
    long valid = times.getValidityBuffer().memoryAddress();
    long timeMin = Long.MAX_VALUE;
    int count = 0;
    for (int at = 0; at < segment.rows; at++) {
      if (segment.isGone(at) || !getBit(valid, at)) {
        continue;
      }
      long time = getLong(data + 8L * at);
      if (time > bound) {
        timeMin = Math.min(timeMin, time);
        continue;
      }
      refs[count++] = RowRef.of(segment.number, at);
      if (count == refs.length) {
        give(refs, count, expired);
        count = 0;
      }
    }
    if (count > 0) {
      give(refs, count, expired);
    }
    segment.timeMin = timeMin;
  }

  private void give(long[] refs, int count, Expired expired) {
    expired.accept(refs, count);
    for (int i = 0; i < count; i++) {
      give(segment(refs[i]), RowRef.index(refs[i]));
    }
  }

  /** Frees what rows that were given up have left behind. Rows may get other names. */
  public void sweep() {
    removeEmptied();
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (segment == null || segment.rows < segment.capacity) {
        continue;
      }
      if (segment.alive > 0 && segment.alive < segment.capacity / SPARSE) {
        move(segment);
      }
      if (segment.alive == 0) {
        segments.set(i, null);
        segment.close();
      }
    }
    int gone = 0;
    while (gone < segments.size() && segments.get(gone) == null) {
      gone++;
    }
    segments.subList(0, gone).clear();
    firstNumber += gone;
  }

  private void removeEmptied() {
    emptied.sortUnique();
    int count = 0;
    for (int i = 0; i < emptied.size(); i++) {
      long group = emptied.get(i);
      if (getLong(group + headOffset) == RowRef.NONE) {
        putLong(groups + 8L * count++, group);
      }
      if (count == SLICE || i == emptied.size() - 1) {
        index.remove(groups, count);
        count = 0;
      }
    }
    emptied.clear();
  }

  /** Copies the rows that are left to the end and puts the copies in their places. */
  private void move(Segment from) {
    int count = 0;
    for (int at = 0; at < from.rows; at++) {
      if (!from.isGone(at)) {
        putInt(groups + 4L * count++, at);
      }
    }
    int done = 0;
    while (done < count) {
      Segment to = open();
      int more = Math.min(to.capacity - to.rows, count - done);
      append(to, from.columns, groups + 4L * done, more);
      for (int i = 0; i < more; i++) {
        replace(from, getInt(groups + 4L * (done + i)), to, to.rows + i);
      }
      finish(to, more);
      size -= more; // finish counted them once more
      done += more;
    }
    from.alive = 0;
  }

  private void replace(Segment from, int at, Segment to, int place) {
    long ref = RowRef.of(to.number, place);
    long next = from.next(at);
    long previous = from.previous(at);
    to.setNext(place, next);
    to.setPrevious(place, previous);
    to.setGroup(place, from.group(at));
    to.setSequence(place, from.sequence(at));
    if (changes.isNew(from.sequence(at))) {
      to.newest = Math.max(to.newest, from.sequence(at));
    }
    to.setMatched(place, from.isMatched(at));
    to.setGone(place, false);
    if (next != RowRef.NONE) {
      segment(next).setPrevious(RowRef.index(next), ref);
    }
    if (previous != RowRef.NONE) {
      segment(previous).setNext(RowRef.index(previous), ref);
    } else {
      putLong(from.group(at) + headOffset, ref);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      for (Segment segment : segments) {
        if (segment != null) {
          segment.close();
        }
      }
      segments.clear();
      index.close();
      memory.free(groups, 8L * SLICE);
    }
  }
}
