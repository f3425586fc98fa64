package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.state.join.LongList;

/**
 * The open sessions of one partition's keys; see {@link SessionPlan} for how they lie in the table.
 * Borrows the table, owns a little memory of its own; used by one task at a time.
 */
final class SessionTable implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final GroupTable table;
  private final MemorySource memory;
  private final long scratch;
  private final int calls;
  private final int startAt;
  private final int endAt;
  private final int openAt;
  private final int nextAt;
  private final int numberAt;
  private final SessionAppends appends;

  /** What the warming loads add up to; kept so that they are not optimized away. */
  @SuppressWarnings("UnusedVariable")
  private long warmed;

  SessionTable(SessionPlan plan, GroupTable table, MemorySource memory) {
    this.table = table;
    this.memory = memory;
    this.scratch = memory.allocate(8L * SLICE);
    this.appends = new SessionAppends(plan, table, memory);
    this.numberAt = table.layout().keyOffset(plan.keys().size());
    this.calls = plan.calls().size();
    this.startAt = table.layout().state(SessionPlan.START).offset();
    this.endAt = table.layout().state(SessionPlan.END).offset();
    this.openAt = table.layout().state(plan.open()).offset();
    this.nextAt = table.layout().state(plan.next()).offset();
  }

  /**
   * Rows of a batch.
   *
   * @param keys descriptors of the keys and of a column of zeros behind them
   * @param start descriptor of the stretches' starts
   * @param end descriptor of their ends
   * @param arguments descriptors of the calls' arguments
   */
  record Columns(long keys, long start, long end, long arguments) {}

  /**
   * Adds some rows to the sessions they belong to.
   *
   * @param positions address of int32 positions in the batch, of which those from {@code at} on
   *     count
   * @param rows room for {@code count} int64 addresses
   */
  void add(Columns columns, long positions, int at, int count, long rows) {
    table.group(columns.keys(), positions, at, count, rows);
    long starts = ColumnDescriptor.data(columns.start());
    long ends = ColumnDescriptor.data(columns.end());
    warmSeconds(rows, count);
    int updated = 0;
    for (int i = 0; i < count; i++) {
      long position = getInt(positions + 4L * (at + i));
      long start = getLong(starts + 8 * position);
      long end = getLong(ends + 8 * position);
      long row = getLong(rows + 8L * i);
      long open = getLong(row + openAt);
      if (open == 0) {
        putLong(row + startAt, start);
        putLong(row + endAt, end);
        putLong(row + openAt, 1);
      } else if (open == 1 && touches(row, start, end)) {
        extend(row, start, end);
      } else if (open == 1) {
        append(row, row, start, end, rows + 8L * i);
      } else {
        long[] sessions = sessions(row);
        int first = firstTouched(sessions, start, end);
        if (first < 0) {
          append(row, sessions[sessions.length - 1], start, end, rows + 8L * i);
        } else {
          putLong(rows + 8L * i, sessions[first]);
          if (touchesAnother(sessions, first, start, end)) {
            // Rows before this one go to sessions as they were.
            appends.flush();
            update(columns, positions, at, rows, updated, i);
            updated = i;
            absorb(sessions, first, start, end);
          }
          extend(sessions[first], start, end);
          table.touchRow(sessions[first]);
        }
      }
    }
    appends.flush();
    update(columns, positions, at, rows, updated, count);
  }

  /** Loads the second sessions of the keys, each load independent of the others. */
  private void warmSeconds(long rows, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      long row = getLong(rows + 8L * i);
      long next = getLong(row + nextAt);
      // Where there is no second one, the first is read once more: no branch to predict.
      sum += getLong((next == 0 ? row : next) + endAt);
    }
    warmed = sum;
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

  private boolean touches(long row, long start, long end) {
    return start <= getLong(row + endAt) && getLong(row + startAt) <= end;
  }

  private void extend(long row, long start, long end) {
    putLong(row + startAt, Math.min(start, getLong(row + startAt)));
    putLong(row + endAt, Math.max(end, getLong(row + endAt)));
  }

  /** The sessions of a key, by their numbers. */
  private long[] sessions(long first) {
    long[] sessions = new long[(int) getLong(first + openAt)];
    sessions[0] = first;
    for (int number = 1; number < sessions.length; number++) {
      long next = getLong(sessions[number - 1] + nextAt);
      if (next == 0) { // about to be made
        appends.flush();
        next = getLong(sessions[number - 1] + nextAt);
      }
      if (next == 0) { // read from a file
        next = table.sibling(first, number, false);
        putLong(sessions[number - 1] + nextAt, next);
      }
      sessions[number] = next;
    }
    return sessions;
  }

  private int firstTouched(long[] sessions, long start, long end) {
    for (int number = 0; number < sessions.length; number++) {
      if (touches(sessions[number], start, end)) {
        return number;
      }
    }
    return -1;
  }

  private boolean touchesAnother(long[] sessions, int first, long start, long end) {
    for (int number = first + 1; number < sessions.length; number++) {
      if (touches(sessions[number], start, end)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Opens a session behind the last one of a key.
   *
   * @param rowOut gets its row, at the latest with {@link SessionAppends#flush}
   */
  private void append(long first, long last, long start, long end, long rowOut) {
    long open = getLong(first + openAt);
    putLong(first + openAt, open + 1);
    table.touchRow(first);
    appends.add(first, last, open, start, end, rowOut);
  }

  /** Brings into one session those behind it that a stretch joins with it. */
  private void absorb(long[] sessions, int into, long start, long end) {
    int open = sessions.length;
    for (int number = open - 1; number > into; number--) {
      if (touches(sessions[number], start, end)) {
        extend(
            sessions[into], getLong(sessions[number] + startAt), getLong(sessions[number] + endAt));
        table.mergeRow(sessions[into], sessions[number]);
        open = removeSession(sessions, open, number);
      }
    }
    putLong(sessions[0] + openAt, open);
    table.touchRow(sessions[0]);
  }

  /** Removes a session, the last one taking its number; returns how many are left. */
  private int removeSession(long[] sessions, int open, int number) {
    int last = open - 1;
    if (number != last) {
      long next = getLong(sessions[number] + nextAt);
      table.moveStates(sessions[number], sessions[last]);
      putLong(sessions[number] + nextAt, next);
      table.touchRow(sessions[number]);
    }
    if (last > 0) {
      putLong(sessions[last - 1] + nextAt, 0);
    }
    removeRow(sessions[last]);
    return last;
  }

  private void removeRow(long row) {
    putLong(scratch, row);
    table.remove(scratch, 1);
  }

  // ---- the end of sessions

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
    long removed = 0;
    LongList ended = new LongList();
    LongList whole = new LongList();
    LongList parts = new LongList();
    int count = table.nextRows(cursor, scratch, SLICE);
    while (count > 0) {
      warmSeconds(scratch, count);
      for (int i = 0; i < count; i++) {
        long first = getLong(scratch + 8L * i);
        if (getLong(first + numberAt) == 0) { // the others come with the key's first session
          addEnded(first, bound, ended, whole, parts);
        }
      }
      slices(ended, output);
      slices(whole, table::remove);
      for (int i = 0; i < parts.size(); i++) {
        removeEnded(parts.get(i), bound);
      }
      removed += ended.size();
      ended.clear();
      whole.clear();
      parts.clear();
      count = table.nextRows(cursor, scratch, SLICE);
    }
    return removed;
  }

  /**
   * Adds the ended sessions of a key.
   *
   * @param whole gets them too, if all of the key's sessions have ended
   * @param parts else gets the key's first session, if some have ended
   */
  private void addEnded(long first, long bound, LongList ended, LongList whole, LongList parts) {
    if (getLong(first + openAt) == 1) {
      if (getLong(first + endAt) <= bound) {
        ended.add(first);
        whole.add(first);
      }
      return;
    }
    long[] sessions = sessions(first);
    int count = 0;
    for (long row : sessions) {
      if (getLong(row + endAt) <= bound) {
        ended.add(row);
        count++;
      }
    }
    if (count == sessions.length) {
      for (long row : sessions) {
        whole.add(row);
      }
    } else if (count > 0) {
      parts.add(first);
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

  /** Removes some sessions of a key, which have ended; those that are left are numbered anew. */
  private void removeEnded(long first, long bound) {
    long[] sessions = sessions(first);
    int open = sessions.length;
    for (int number = 0; number < open; ) {
      if (getLong(sessions[number] + endAt) > bound) {
        number++;
      } else {
        open = removeSession(sessions, open, number);
      }
    }
    putLong(first + openAt, open);
    table.touchRow(first);
  }

  @Override
  public void close() {
    appends.close();
    memory.free(scratch, 8L * SLICE);
  }
}
