package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.GroupTable;

/**
 * Adds rows to the open sessions of one partition's keys; {@link SessionRing} says how these lie in
 * the table. Borrows the table, owns a little memory of its own; used by one task at a time.
 *
 * <p>Rows come in the order of their times, more or less: nearly all extend the newest session of
 * their key or open a newer one, and no other session is looked at then.
 */
final class SessionTable implements AutoCloseable {

  private final GroupTable table;
  private final SessionRing ring;
  private final SessionAppends appends;
  private final SessionEnds ends;
  private final MemorySource memory;
  private final int calls;

  SessionTable(SessionPlan plan, GroupTable table, MemorySource memory) {
    this.table = table;
    this.memory = memory;
    this.ring = new SessionRing(plan, table);
    try (Parts parts = new Parts()) {
      this.appends = parts.add(new SessionAppends(ring, table, memory));
      this.ends = parts.add(new SessionEnds(ring, table, memory));
      parts.complete();
    }
    this.calls = plan.calls().size();
  }

  /**
   * Rows of a batch.
   *
   * @param keys descriptors of the keys and, behind them, of {@link SessionRing#FIRST} in each row
   * @param start descriptor of the stretches' starts
   * @param end descriptor of their ends
   * @param arguments descriptors of the calls' arguments
   */
  record Columns(long keys, long start, long end, long arguments) {}

  /**
   * Adds some rows to the sessions they belong to.
   *
   * @param positions address of int32 positions in the batch, of which those from {@code at} on
   *     count; 0 for the rows from {@code at} on themselves
   * @param rows room for {@code count} int64 addresses
   */
  void add(Columns columns, long positions, int at, int count, long rows) {
    table.place(columns.keys(), positions, at, count, rows);
    ring.linkRead(rows, count, memory);
    long starts = ColumnDescriptor.data(columns.start());
    long stops = ColumnDescriptor.data(columns.end());
    ring.warmNewest(rows, count);
    int updated = 0;
    for (int i = 0; i < count; i++) {
      long position = positions == 0 ? at + i : getInt(positions + 4L * (at + i));
      long start = getLong(starts + 8 * position);
      long end = getLong(stops + 8 * position);
      long first = getLong(rows + 8L * i);
      if (ring.isMade(first)) {
        ring.open(first, start, end);
        continue;
      }
      long newest = ring.newest(first);
      if (newest == SessionRing.PENDING) {
        appends.flush();
        newest = ring.newest(first);
      }
      if (start > ring.end(newest)) {
        appends.add(first, newest, start, end, rows + 8L * i);
      } else if (start >= ring.start(newest)) {
        ring.extend(newest, start, end);
        putLong(rows + 8L * i, newest);
      } else {
        long last = ring.lastUntil(first, end);
        boolean apart = last == 0 || ring.end(last) < start;
        boolean several = !apart && last != first && ring.end(ring.before(last)) >= start;
        if (several || last == 0) {
          // Rows before this one go to sessions as they were.
          appends.flush();
          update(columns, positions, at, rows, updated, i);
          updated = i;
        }
        long session = last;
        if (apart) {
          session = ring.insert(first, last, start, end);
        } else {
          session = several ? ring.join(first, last, start) : last;
          ring.extend(session, start, end);
        }
        putLong(rows + 8L * i, session);
      }
    }
    appends.flush();
    update(columns, positions, at, rows, updated, count);
  }

  private void update(Columns columns, long positions, int at, long rows, int from, int to) {
    for (int call = 0; call < calls && to > from; call++) {
      table.update(
          SessionPlan.CALLS + call,
          rows + 8L * from,
          ColumnDescriptor.at(columns.arguments(), call),
          positions,
          at + from,
          to - from);
    }
  }

  /** Hands on the sessions that end at or before {@code bound}, and removes them. */
  long end(long bound, SessionEnds.Ended output) {
    return ends.end(bound, output);
  }

  @Override
  public void close() {
    ends.close();
    appends.close();
  }
}
