package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.Accumulators;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import java.util.List;

/**
 * The keys of a piece of a batch, and where their sessions are while its rows are added: in the
 * table, or loose. Of loose ones it has the newest, its start and its end, so that a row that opens
 * a session behind it needs no look at it. Owns its memory; used by one task.
 */
final class SessionKeys implements AutoCloseable {
  /** Stands for the newest session of a key whose sessions are in the table; no row's address. */
  static final long IN_TABLE = 1;

  private final GroupTable keys;
  private final int newestAt;
  private final int startAt;
  private final int endAt;
  private boolean hasSettled;

  /**
   * No keys.
   *
   * @param expected there is room for so many
   */
  SessionKeys(SessionRun run, long expected) {
    GroupTablePlan plan =
        new GroupTablePlan(
            run.keyKinds(),
            List.of(
                Accumulators.storedLong("newest"),
                Accumulators.storedLong("start"),
                Accumulators.storedLong("end")));
    try (Parts parts = new Parts()) {
      this.keys = parts.add(new GroupTable(plan, run.store().hash(), run.store().memory()));
      keys.expect(expected);
      parts.complete();
    }
    this.newestAt = keys.layout().state(0).offset();
    this.startAt = keys.layout().state(1).offset();
    this.endAt = keys.layout().state(2).offset();
  }

  long size() {
    return keys.size();
  }

  /** Whether some keys have sessions in the table. */
  boolean hasSettled() {
    return hasSettled;
  }

  /**
   * Takes keys whose sessions are in the table.
   *
   * @param rows address of int64 addresses of the table's rows
   * @param found room for as many
   */
  void settle(GroupTable table, long rows, int count, long found) {
    keys.siblings().groupFirstKeys(table, rows, count, found);
    for (int i = 0; i < count; i++) {
      putLong(getLong(found + 8L * i) + newestAt, IN_TABLE);
    }
    hasSettled |= count > 0;
  }

  /**
   * Writes what stands for the keys of rows, also of those that are new: it has no session yet.
   *
   * @param columns descriptors of the keys
   * @param keysOut room for {@code count} int64
   */
  void find(long columns, int start, int count, long keysOut) {
    keys.group(columns, 0, start, count, keysOut);
  }

  /** The newest loose session of a key; 0 if there is none, or {@link #IN_TABLE}. */
  long newest(long key) {
    return getLong(key + newestAt);
  }

  /** The start of the newest session. */
  long start(long key) {
    return getLong(key + startAt);
  }

  /** Its end. */
  long end(long key) {
    return getLong(key + endAt);
  }

  /** Says which is the newest session of a key. */
  void set(long key, long newest, long start, long end) {
    putLong(key + newestAt, newest);
    putLong(key + startAt, start);
    putLong(key + endAt, end);
  }

  @Override
  public void close() {
    keys.close();
  }
}
