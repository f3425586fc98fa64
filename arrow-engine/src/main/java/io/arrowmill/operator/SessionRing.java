package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.RowCursor;

/**
 * The open sessions of a key: rows of a table in a ring, by time, that begins and ends at the
 * oldest one. Sessions of a key neither overlap nor touch, so they are in one order by start and by
 * end.
 *
 * <pre>
 *     +---------+  next  +---------+  next  +---------+
 *     | oldest  | -----> |         | -----> | newest  | ---> the oldest one
 *     | FIRST   | <----- | a start | <----- | a start |
 *     +---------+ before +---------+ before +---------+
 * </pre>
 *
 * <p>The oldest session's row is the one that the key leads to: its number is {@link #FIRST}.
 * Another's number is a time within it, its start when its row was made: no two sessions of a key
 * have that in common. Links are in memory only; rows that come from a file have none, until the
 * first that is met.
 *
 * <p>Whoever uses it holds the partition's lock; a new row's session is opened before another row
 * is looked for.
 */
final class SessionRing {
  /** The number of a key's oldest session. */
  static final long FIRST = Long.MIN_VALUE;

  /** Stands for the newest session where that is about to be made; no row's address. */
  static final long PENDING = 1;

  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final GroupTable table;
  private final int numberAt;
  private final int startAt;
  private final int endAt;
  private final int nextAt;
  private final int beforeAt;

  /** What the warming loads add up to; kept so that they are not optimized away. */
  @SuppressWarnings("UnusedVariable")
  private long warmed;

  SessionRing(SessionPlan plan, GroupTable table) {
    this.table = table;
    this.numberAt = table.layout().keyOffset(plan.keys().size());
    this.startAt = table.layout().state(SessionPlan.START).offset();
    this.endAt = table.layout().state(SessionPlan.END).offset();
    this.nextAt = table.layout().state(plan.next()).offset();
    this.beforeAt = table.layout().state(plan.before()).offset();
  }

  long start(long row) {
    return getLong(row + startAt);
  }

  long end(long row) {
    return getLong(row + endAt);
  }

  long next(long row) {
    return getLong(row + nextAt);
  }

  long before(long row) {
    return getLong(row + beforeAt);
  }

  /** The newest session of a key, or {@link #PENDING}. */
  long newest(long first) {
    return before(first);
  }

  boolean isFirst(long row) {
    return getLong(row + numberAt) == FIRST;
  }

  /** Whether a row has just been made: no session is without a length. */
  boolean isMade(long row) {
    return before(row) == 0 && start(row) == end(row);
  }

  private boolean isRead(long row) {
    return before(row) == 0 && start(row) != end(row);
  }

  /** The number of a session that starts then. */
  static long number(long start) {
    return start == FIRST ? start + 1 : start;
  }

  /** Loads the newest sessions of some keys, each load independent of the others. */
  void warmNewest(long firsts, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      long first = getLong(firsts + 8L * i);
      long newest = before(first);
      // Where there is none, the first is read once more: no branch to predict.
      sum += getLong((newest == 0 || newest == PENDING ? first : newest) + endAt);
    }
    warmed = sum;
  }

  /** Loads the sessions behind others. */
  void warmNext(long[] rows, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += getLong(next(rows[i]) + endAt);
    }
    warmed = sum;
  }

  /** Makes a new row the only session of its key. */
  void open(long first, long start, long end) {
    putLong(first + startAt, start);
    putLong(first + endAt, end);
    link(first, first);
  }

  void extend(long session, long start, long end) {
    putLong(session + startAt, Math.min(start, start(session)));
    putLong(session + endAt, Math.max(end, end(session)));
    table.changes().touch(session);
  }

  /** Says that the newest session of a key is about to be made. */
  void expect(long first) {
    putLong(first + beforeAt, PENDING);
  }

  /** Makes a new row the session behind another one. */
  void insertBehind(long last, long next, long row, long start, long end) {
    putLong(row + startAt, start);
    putLong(row + endAt, end);
    link(last, row);
    link(row, next);
  }

  /** Says when a session is, of a row that counts as changed. */
  void set(long session, long start, long end) {
    putLong(session + startAt, start);
    putLong(session + endAt, end);
  }

  /** Gives a session that is not the oldest of its key its number. */
  void number(long session, long start) {
    putLong(session + numberAt, number(start));
  }

  /** Says which session is before another, in a chain that does not lead the other way yet. */
  void follow(long session, long before) {
    putLong(session + beforeAt, before);
  }

  /** Makes one session follow another. */
  void link(long row, long next) {
    putLong(row + nextAt, next);
    putLong(next + beforeAt, row);
  }

  /** The last session of a key that starts at or before a time; 0 if there is none. */
  long lastUntil(long first, long time) {
    long session = newest(first);
    while (start(session) > time) {
      if (session == first) {
        return 0;
      }
      session = before(session);
    }
    return session;
  }

  /**
   * Opens a session behind another one.
   *
   * @param last the session before it, or 0 if it is the oldest one
   * @return its row
   */
  long insert(long first, long last, long start, long end) {
    if (last != 0) {
      long row = table.siblings().one(first, number(start));
      insertBehind(last, next(last), row, start, end);
      return row;
    }
    // The row that the key leads to is the oldest one's: what it has goes to a row of its own.
    long second = next(first);
    long newest = newest(first);
    long row = table.siblings().one(first, number(start(first)));
    table.states().move(row, first);
    link(row, second);
    link(first, row);
    putLong(first + beforeAt, newest == first ? row : newest);
    putLong(first + startAt, start);
    putLong(first + endAt, end);
    table.changes().touch(first);
    table.timeLowered(first);
    return first;
  }

  /**
   * Joins a session and those before it that reach up to a time.
   *
   * @return the oldest of them, which all others have become part of
   */
  long join(long first, long last, long start) {
    long session = last;
    while (session != first && end(before(session)) >= start) {
      long into = before(session);
      extend(into, start(session), end(session));
      table.states().mergeOne(into, session);
      link(into, next(session));
      table.removeRow(session);
      session = into;
    }
    return session;
  }

  /**
   * Ends the oldest session of a key, and those behind it that have left the ring: the next one
   * takes its row.
   *
   * @return the row that this one had, which leads nowhere any more
   */
  long promote(long first, long next) {
    long newest = newest(first);
    long second = next(next);
    table.states().move(first, next);
    link(first, second);
    putLong(first + beforeAt, newest == next ? first : newest);
    table.changes().touch(first);
    return next;
  }

  /** Links all rows that come from a file, if one of some rows does. */
  void linkRead(long rows, int count, MemorySource memory) {
    for (int i = 0; i < count; i++) {
      if (isRead(getLong(rows + 8L * i))) {
        linkAll(memory);
        return;
      }
    }
  }

  private void linkAll(MemorySource memory) {
    long block = memory.allocate(24L * SLICE);
    try {
      RowCursor cursor = new RowCursor();
      for (int count = table.nextFound(cursor, block, SLICE);
          count > 0;
          count = table.nextFound(cursor, block, SLICE)) {
        for (int i = 0; i < count; i++) {
          long row = getLong(block + 8L * i);
          if (isFirst(row) && isRead(row)) {
            link(row, row);
          }
        }
      }
      long numbers = block + 8L * SLICE;
      for (int i = 0; i < SLICE; i++) {
        putLong(numbers + 8L * i, FIRST);
      }
      cursor = new RowCursor();
      for (int count = table.nextFound(cursor, block, SLICE);
          count > 0;
          count = table.nextFound(cursor, block, SLICE)) {
        linkSiblings(block, numbers, count, block + 16L * SLICE);
      }
    } finally {
      memory.free(block, 24L * SLICE);
    }
  }

  private void linkSiblings(long rows, long numbers, int count, long firsts) {
    table.siblings().find(rows, numbers, count, firsts);
    for (int i = 0; i < count; i++) {
      long row = getLong(rows + 8L * i);
      long first = getLong(firsts + 8L * i);
      if (!isRead(row)) {
        continue;
      }
      if (first == 0) {
        throw new IllegalStateException("a session must have an oldest one: start=" + start(row));
      }
      long last = newest(first);
      while (last != first && start(last) > start(row)) {
        last = before(last);
      }
      link(row, next(last));
      link(last, row);
    }
  }
}
