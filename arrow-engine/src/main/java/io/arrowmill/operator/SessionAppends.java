package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;

/**
 * Sessions that open behind the newest of their keys: collected, and their rows made together, so
 * that the misses of looking up their places overlap. Until {@link #flush} the newest session of
 * such a key is {@link SessionRing#PENDING}. Owns its buffers; used by one task at a time.
 */
final class SessionAppends implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;
  private static final long BYTES = 24L * SLICE;

  private final SessionRing ring;
  private final GroupTable table;
  private final MemorySource memory;

  /** Of each session the row of its key's oldest one, its number, and then its own row. */
  private final long firsts;

  private final long numbers;
  private final long found;
  private final long[] before = new long[SLICE];
  private final long[] starts = new long[SLICE];
  private final long[] ends = new long[SLICE];
  private final long[] rowsOut = new long[SLICE];
  private int count;

  SessionAppends(SessionRing ring, GroupTable table, MemorySource memory) {
    this.ring = ring;
    this.table = table;
    this.memory = memory;
    this.firsts = memory.allocate(BYTES);
    this.numbers = firsts + 8L * SLICE;
    this.found = firsts + 16L * SLICE;
  }

  /**
   * Adds a session.
   *
   * @param newest row of the session before it
   * @param rowOut address that gets its row
   */
  void add(long first, long newest, long start, long end, long rowOut) {
    if (count == SLICE) {
      flush();
    }
    ring.expect(first);
    putLong(firsts + 8L * count, first);
    putLong(numbers + 8L * count, SessionRing.number(start));
    before[count] = newest;
    starts[count] = start;
    ends[count] = end;
    rowsOut[count++] = rowOut;
  }

  /** Makes the rows of the sessions added so far. */
  void flush() {
    if (count == 0) {
      return;
    }
    table.siblings().group(firsts, numbers, count, found);
    for (int i = 0; i < count; i++) {
      long row = getLong(found + 8L * i);
      ring.insertBehind(before[i], getLong(firsts + 8L * i), row, starts[i], ends[i]);
      putLong(rowsOut[i], row);
    }
    count = 0;
  }

  @Override
  public void close() {
    memory.free(firsts, BYTES);
  }
}
