package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;

/**
 * Sessions that open behind others of their keys: collected, and their rows made together, so that
 * the misses of looking up their places overlap. Until {@link #flush} a key's last session leads to
 * none. Owns its buffers; used by one task at a time.
 */
final class SessionAppends implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;
  private static final long BYTES = 24L * SLICE;

  private final GroupTable table;
  private final MemorySource memory;
  private final int startAt;
  private final int endAt;
  private final int nextAt;

  /** Of each session the row of its key's first one, its number, and then its own row. */
  private final long firsts;

  private final long numbers;
  private final long found;
  private final long[] before = new long[SLICE];
  private final long[] starts = new long[SLICE];
  private final long[] ends = new long[SLICE];
  private final long[] rowsOut = new long[SLICE];
  private int count;

  SessionAppends(SessionPlan plan, GroupTable table, MemorySource memory) {
    this.table = table;
    this.memory = memory;
    this.startAt = table.layout().state(SessionPlan.START).offset();
    this.endAt = table.layout().state(SessionPlan.END).offset();
    this.nextAt = table.layout().state(plan.next()).offset();
    this.firsts = memory.allocate(BYTES);
    this.numbers = firsts + 8L * SLICE;
    this.found = firsts + 16L * SLICE;
  }

  /**
   * Adds a session.
   *
   * @param last row of the session before it
   * @param rowOut address that gets its row
   */
  void add(long first, long last, long number, long start, long end, long rowOut) {
    if (count == SLICE) {
      flush();
    }
    putLong(firsts + 8L * count, first);
    putLong(numbers + 8L * count, number);
    before[count] = last;
    starts[count] = start;
    ends[count] = end;
    rowsOut[count++] = rowOut;
  }

  /** Makes the rows of the sessions added so far. */
  void flush() {
    if (count == 0) {
      return;
    }
    table.groupSiblings(firsts, numbers, count, found);
    for (int i = 0; i < count; i++) {
      long row = getLong(found + 8L * i);
      putLong(row + startAt, starts[i]);
      putLong(row + endAt, ends[i]);
      putLong(before[i] + nextAt, row);
      putLong(rowsOut[i], row);
    }
    count = 0;
  }

  @Override
  public void close() {
    memory.free(firsts, BYTES);
  }
}
