package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.state.join.LongList;

/**
 * Gives the sessions that have ended, and removes them. A key has an ended session only if its
 * oldest one has ended, so these are looked for, and others are found behind them. Borrows the
 * table, owns a little memory; used by one task at a time.
 */
final class SessionEnds implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final SessionRing ring;
  private final GroupTable table;
  private final MemorySource memory;
  private final long scratch;
  private final long[] firsts = new long[SLICE];

  /** The last session known to have ended of each key in {@link #firsts}. */
  private final long[] last = new long[SLICE];

  private final LongList ended = new LongList();

  /** Rows of ended sessions. */
  private final LongList evicted = new LongList();

  /** Rows that sessions which go on have left. */
  private final LongList left = new LongList();

  /** Of keys with sessions that go on, the oldest row and the session that takes it. */
  private final LongList kept = new LongList();

  SessionEnds(SessionRing ring, GroupTable table, MemorySource memory) {
    this.ring = ring;
    this.table = table;
    this.memory = memory;
    this.scratch = memory.allocate(8L * SLICE);
  }

  /** Takes rows that are ended sessions, before they are removed. */
  @FunctionalInterface
  interface Ended {
    /**
     * Takes sessions.
     *
     * @param rows address of their int64 row addresses
     */
    void accept(long rows, int count);
  }

  /** Hands on the sessions that end at or before {@code bound}, and removes them. */
  long end(long bound, Ended output) {
    RowCursor cursor = new RowCursor();
    long total = 0;
    for (int count = table.rowsUntil(bound, cursor, scratch, SLICE);
        count > 0;
        count = table.rowsUntil(bound, cursor, scratch, SLICE)) {
      collect(count, bound);
      slices(ended, output);
      for (int i = 0; i < kept.size(); i += 2) {
        left.add(ring.promote(kept.get(i), kept.get(i + 1)));
      }
      slices(evicted, (rows, some) -> table.evict(bound, rows, some));
      slices(left, table::remove);
      total += ended.size();
      ended.clear();
      evicted.clear();
      left.clear();
      kept.clear();
    }
    return total;
  }

  /** Goes behind the oldest sessions of a slice's keys, one step of all keys after the other. */
  private void collect(int count, long bound) {
    int keys = 0;
    ring.linkRead(scratch, count, memory);
    for (int i = 0; i < count; i++) {
      long row = getLong(scratch + 8L * i);
      if (ring.isFirst(row)) {
        firsts[keys] = row;
        last[keys++] = row;
        ended.add(row);
      }
    }
    while (keys > 0) {
      ring.warmNext(last, keys);
      int more = 0;
      for (int i = 0; i < keys; i++) {
        long first = firsts[i];
        long next = ring.next(last[i]);
        if (next == first) {
          evicted.add(first);
        } else if (ring.end(next) <= bound) {
          ended.add(next);
          evicted.add(next);
          firsts[more] = first;
          last[more++] = next;
        } else {
          kept.add(first);
          kept.add(next);
        }
      }
      keys = more;
    }
  }

  private void slices(LongList rows, Ended output) {
    for (int from = 0; from < rows.size(); from += SLICE) {
      int slice = Math.min(SLICE, rows.size() - from);
      for (int i = 0; i < slice; i++) {
        putLong(scratch + 8L * i, rows.get(from + i));
      }
      output.accept(scratch, slice);
    }
  }

  @Override
  public void close() {
    memory.free(scratch, 8L * SLICE);
  }
}
