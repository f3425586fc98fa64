package io.arrowmill.operator;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.codegen.table.ValueKind;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The groups that the late rows of one run would have belonged to: an aggregation counts these as
 * dropped, not the rows, as Spark does. Made at the first late row; any task adds.
 */
final class LateGroups implements AutoCloseable {
  private static final int SLICE = GroupTable.SLICE_ROWS_MAX;

  private final GroupStore store;
  private final MemorySource memory;
  private final GroupTable groups;
  private final long hashes;
  private final long found;
  private final ReentrantLock lock = new ReentrantLock();

  /** The groups of keys of the given kinds. */
  LateGroups(GroupStore store, List<ValueKind> keys) {
    this.store = store;
    this.memory = store.memory();
    try (Parts parts = new Parts()) {
      this.groups =
          parts.add(new GroupTable(new GroupTablePlan(keys, List.of()), store.hash(), memory));
      this.hashes = parts.allocate(memory, 16L * SLICE);
      parts.complete();
    }
    this.found = hashes + 8L * SLICE;
  }

  /** Adds the rows at the given positions, and counts the groups that are new among them. */
  void add(long keys, long positions, int count) {
    lock.lock();
    try {
      groups.hash(keys, positions, 0, count, hashes);
      int made = groups.addHashed(keys, positions, 0, count, hashes, found);
      store.counters().rowsDroppedLate().add(made);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    groups.close();
    memory.free(hashes, 16L * SLICE);
  }
}
