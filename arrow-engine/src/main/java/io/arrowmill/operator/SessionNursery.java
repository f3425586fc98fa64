package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getInt;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.RowCursor;
import io.arrowmill.state.join.LongList;
import java.util.ArrayList;
import java.util.List;

/**
 * Sessions of one partition that a batch has opened, for as long as no other batch has come: loose
 * rows, which no key leads to. Where a batch covers much more time than a session, the next
 * watermark ends nearly all of them, and they are given and forgotten in the order in which they
 * lie, without one look for a key. The others settle in the table first: all sessions of a key are
 * there, or all are loose.
 *
 * <p>A key's loose sessions are a chain by time, from the oldest one, whose number is {@link
 * SessionRing#FIRST}, to the newest; 0 stands for none. While rows are added each leads only to the
 * one before: what lies behind the row that is written is left alone, as it is not in the cache any
 * more. Which keys have a chain is known only while the batch adds rows ({@link SessionKeys}).
 *
 * <p>Borrows the table, owns a little memory; used by one task at a time.
 */
final class SessionNursery implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;
  private static final long BYTES = 24L * SLICE;

  private final SessionPlan plan;
  private final GroupTable table;
  private final SessionRing ring;
  private final MemorySource memory;

  /** Rows, int64, those of a slice and those that they become. */
  private final long rows;

  private final long found;

  /** Positions of a slice's rows whose keys have loose sessions, and of those in the table. */
  private final long loose;

  private final long settled;

  SessionNursery(SessionPlan plan, GroupTable table, MemorySource memory) {
    this.plan = plan;
    this.table = table;
    this.ring = new SessionRing(plan, table);
    this.memory = memory;
    this.rows = memory.allocate(BYTES);
    this.found = rows + 8L * SLICE;
    this.loose = rows + 16L * SLICE;
    this.settled = loose + 4L * SLICE;
  }

  // ---- the sessions of the batch before

  /**
   * Hands on the sessions of keys all of whose sessions end at or before {@code bound}, and removes
   * them; those of other keys settle. None is left.
   */
  long end(long bound, SessionEnds.Ended output) {
    if (table.loose().size() == 0) {
      return 0;
    }
    settle(chains(after(bound)));
    long total = 0;
    RowCursor cursor = new RowCursor();
    for (int count = table.loose().next(cursor, rows, SLICE);
        count > 0;
        count = table.loose().next(cursor, rows, SLICE)) {
      output.accept(rows, count);
      table.loose().evict(bound, rows, count);
      total += count;
    }
    table.loose().clear();
    return total;
  }

  /** Settles all sessions. */
  void settle() {
    if (table.loose().size() > 0) {
      settle(chains(after(Long.MIN_VALUE)));
      table.loose().clear();
    }
  }

  /** The sessions that end after {@code bound}. */
  private LongList after(long bound) {
    LongList after = new LongList();
    RowCursor cursor = new RowCursor();
    for (int count = table.loose().next(cursor, rows, SLICE);
        count > 0;
        count = table.loose().next(cursor, rows, SLICE)) {
      for (int i = 0; i < count; i++) {
        long row = getLong(rows + 8L * i);
        if (ring.end(row) > bound) {
          after.add(row);
        }
      }
    }
    return after;
  }

  /**
   * The chains that some sessions are in, with the newest of each among them: one after the other,
   * each from its oldest session on.
   */
  private LongList chains(LongList some) {
    for (int i = 0; i < some.size(); i++) {
      long session = some.get(i);
      long before = ring.before(session);
      while (before != 0 && ring.next(before) == 0) {
        ring.link(before, session);
        session = before;
        before = ring.before(session);
      }
    }
    LongList chains = new LongList();
    for (int i = 0; i < some.size(); i++) {
      long oldest = some.get(i);
      if (ring.next(oldest) == 0) {
        while (ring.before(oldest) != 0) {
          oldest = ring.before(oldest);
        }
        for (long session = oldest; session != 0; session = ring.next(session)) {
          chains.add(session);
        }
      }
    }
    return chains;
  }

  /** Settles whole chains, one after the other, each from its oldest session on. */
  private void settle(LongList chains) {
    long first = 0;
    long last = 0;
    for (int from = 0; from < chains.size(); from += SLICE) {
      int count = Math.min(SLICE, chains.size() - from);
      for (int i = 0; i < count; i++) {
        putLong(rows + 8L * i, chains.get(from + i));
      }
      table.loose().settle(rows, count, found);
      for (int i = 0; i < count; i++) {
        long row = getLong(found + 8L * i);
        first = ring.isFirst(row) ? row : first;
        if (first != row) {
          ring.link(last, row);
        }
        ring.link(row, first);
        last = row;
      }
    }
  }

  // ---- those of a batch's rows

  /** Number of sessions in the table. */
  long settledSize() {
    return table.size() - table.loose().size();
  }

  /**
   * The oldest sessions in the table, by the pieces of a stage that have their keys.
   *
   * @param pieces of the partition
   */
  List<LongList> settled(SessionStage stage, List<SessionStage.Piece> pieces) {
    List<LongList> settledOf = new ArrayList<>();
    pieces.forEach(piece -> settledOf.add(new LongList()));
    int firstBucket = pieces.getFirst().from();
    int buckets = pieces.getFirst().to() - firstBucket;
    RowCursor cursor = new RowCursor();
    for (int count = table.nextFound(cursor, rows, SLICE);
        count > 0;
        count = table.nextFound(cursor, rows, SLICE)) {
      int firsts = 0;
      for (int i = 0; i < count; i++) {
        long row = getLong(rows + 8L * i);
        putLong(rows + 8L * firsts, row);
        firsts += ring.isFirst(row) ? 1 : 0;
      }
      table.hashFirstKeys(plan.keys().size(), rows, firsts, found);
      for (int i = 0; i < firsts; i++) {
        int bucket = stage.bucket(getLong(found + 8L * i));
        settledOf.get((bucket - firstBucket) / buckets).add(getLong(rows + 8L * i));
      }
    }
    return settledOf;
  }

  /** Tells a piece of some keys that have sessions in the table. */
  void tell(SessionKeys keys, LongList firsts) {
    for (int from = 0; from < firsts.size(); from += SLICE) {
      int count = Math.min(SLICE, firsts.size() - from);
      for (int i = 0; i < count; i++) {
        putLong(rows + 8L * i, firsts.get(from + i));
      }
      keys.settle(table, rows, count, found);
    }
  }

  /**
   * Adds rows: to loose sessions, but those of keys that have sessions in the table to these.
   *
   * @param known the keys of the piece that they are of
   */
  void add(
      SessionTable.Columns columns, int start, int count, SessionKeys known, SessionTable other) {
    table.loose().loadKeys(columns.keys(), 0, start, count);
    known.find(columns.keys(), start, count, found);
    int others = known.hasSettled() ? setApart(known, start, count) : 0;
    long selection = others > 0 ? loose : 0;
    int from = others > 0 ? 0 : start;
    int some = count - others;
    long starts = ColumnDescriptor.data(columns.start());
    long ends = ColumnDescriptor.data(columns.end());
    int updated = 0;
    for (int i = 0; i < some; i++) {
      int position = selection == 0 ? start + i : getInt(selection + 4L * i);
      long begin = getLong(starts + 8L * position);
      long end = getLong(ends + 8L * position);
      long key = getLong(found + 8L * i);
      long newest = known.newest(key);
      long session;
      if (newest == 0 || begin > known.end(key)) {
        session = open(position - start, begin, end, newest, 0);
        known.set(key, session, begin, end);
      } else if (begin >= known.start(key)) {
        if (end > known.end(key)) {
          ring.set(newest, known.start(key), end);
          known.set(key, newest, known.start(key), end);
        }
        session = newest;
      } else {
        session = addEarlier(newest, position - start, begin, end, updated == i);
        if (session == 0) {
          // Sessions are to be joined: rows before this one go to them as they were.
          update(columns, selection, from, updated, i);
          updated = i;
          session = addEarlier(newest, position - start, begin, end, true);
        }
        if (ring.end(session) >= known.end(key)) {
          known.set(key, session, ring.start(session), ring.end(session));
        }
      }
      putLong(rows + 8L * i, session);
    }
    update(columns, selection, from, updated, some);
    if (others > 0) {
      other.add(columns, settled, 0, others, found);
    }
  }

  /**
   * Lists the positions of a slice's rows whose keys are settled, and those of the others, whose
   * keys that were found move together.
   *
   * @return how many are settled
   */
  private int setApart(SessionKeys known, int start, int count) {
    int others = 0;
    for (int i = 0; i < count; i++) {
      long key = getLong(found + 8L * i);
      putInt(settled + 4L * others, start + i);
      putInt(loose + 4L * (i - others), start + i);
      putLong(found + 8L * (i - others), key);
      others += known.newest(key) == SessionKeys.IN_TABLE ? 1 : 0;
    }
    return others;
  }

  /**
   * Adds a row that begins before the newest session of its key.
   *
   * @param joins whether sessions may be joined
   * @return its session; 0 if nothing was done, for sessions would have to be joined
   */
  private long addEarlier(long newest, int index, long begin, long end, boolean joins) {
    long after = 0;
    long last = newest;
    while (last != 0 && ring.start(last) > end) {
      after = last;
      last = ring.before(last);
    }
    if (last == 0 || ring.end(last) < begin) {
      return open(index, begin, end, last, after);
    }
    boolean several = reaches(ring.before(last), begin);
    if (several && !joins) {
      return 0;
    }
    ring.set(last, Math.min(begin, ring.start(last)), Math.max(end, ring.end(last)));
    return several ? join(last, after, begin) : last;
  }

  /** Opens a session between two of its key's, 0 where there is none. */
  private long open(int index, long start, long end, long last, long after) {
    long session = table.loose().add(index);
    ring.set(session, start, end);
    if (last != 0) {
      ring.number(session, start);
      ring.follow(session, last);
    }
    if (after != 0) {
      ring.follow(after, session);
      if (last == 0) {
        ring.number(after, ring.start(after));
      }
    }
    return session;
  }

  private boolean reaches(long before, long start) {
    return before != 0 && ring.end(before) >= start;
  }

  /**
   * Joins a session and those before it that reach up to a time.
   *
   * @param after the session behind it, or 0
   * @return the oldest of them
   */
  private long join(long last, long after, long start) {
    long session = last;
    for (long into = ring.before(session); reaches(into, start); into = ring.before(session)) {
      ring.set(
          into,
          Math.min(ring.start(into), ring.start(session)),
          Math.max(ring.end(into), ring.end(session)));
      table.states().mergeOne(into, session);
      table.loose().discard(session);
      session = into;
    }
    if (after != 0) {
      ring.follow(after, session);
    }
    return session;
  }

  private void update(SessionTable.Columns columns, long selection, int from, int updated, int to) {
    for (int call = 0; call < plan.calls().size() && to > updated; call++) {
      table.update(
          SessionPlan.CALLS + call,
          rows + 8L * updated,
          ColumnDescriptor.at(columns.arguments(), call),
          selection,
          from + updated,
          to - updated);
    }
  }

  @Override
  public void close() {
    memory.free(rows, BYTES);
  }
}
