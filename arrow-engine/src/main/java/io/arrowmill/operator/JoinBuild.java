package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.JoinPairs;
import io.arrowmill.codegen.table.JoinTable;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.kernel.Concat;
import io.arrowmill.kernel.Gather;
import io.arrowmill.operator.PhysicalPlan.HashJoinPlan;
import io.arrowmill.plan.JoinType;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * The build side of one run of a join: its rows, the table that finds them by key, and which of
 * them found a match. Filled by any task; made once in {@link #seal}; read by any task after.
 */
final class JoinBuild implements AutoCloseable {
  private final HashJoinPlan plan;
  private final BatchContext context;
  private final KeyHash hash;
  private final MemorySource memory;
  private final BatchCollector collected;
  private @Nullable RecordBatch rows;
  private @Nullable JoinTable table;
  private boolean[] hasNulls = new boolean[0];

  /**
   * One byte a row, 1 where it has a match; 0 if nobody asks. Tasks write it at once: each writes
   * nothing but ones, and it is read when they have ended.
   */
  private long matched;

  private long matchedBytes;

  JoinBuild(HashJoinPlan plan, BatchContext context, KeyHash hash) {
    this.plan = plan;
    this.hash = hash;
    this.context = context;
    this.memory = context.memory();
    this.collected = new BatchCollector(context.allocator());
  }

  /** An operator of one task that adds rows. */
  Operator collector() {
    return collected.operator();
  }

  /** All rows are there: makes the table. */
  void seal() {
    RecordBatch all =
        Concat.batches(plan.build().schema(), collected.batches(), context.allocator());
    rows = all;
    collected.close();
    hasNulls = new boolean[all.columns().size()];
    for (int i = 0; i < hasNulls.length; i++) {
      hasNulls[i] = all.column(i).getNullCount() > 0;
    }
    if (plan.type() == JoinType.FULL_OUTER) {
      matchedBytes = Math.max(1, all.rowCount());
      matched = memory.allocate(matchedBytes);
      zero(matched, matchedBytes);
    }
    index(all);
  }

  private void index(RecordBatch all) {
    int[] keys = JoinColumns.positions(plan.buildKeys(), plan.build().output());
    try (ColumnDescriptors columns = new ColumnDescriptors(keys.length, memory)) {
      columns.set(all, keys);
      table =
          new JoinTable(
              plan.buildKeys().stream().map(key -> AggregateColumns.kind(key.type())).toList(),
              new JoinTable.Input(columns.address(), all.rowCount()),
              hash,
              memory);
    }
  }

  /** A failure for want of memory as one that says which join it was; others as they are. */
  RuntimeException explained(RuntimeException e) {
    boolean noMemory =
        e instanceof OutOfMemoryException
            || (e instanceof ArrowmillException known
                && known.condition().equals("MEMORY_LIMIT_EXCEEDED"));
    if (!noMemory || String.valueOf(e.getMessage()).contains("owner=operator HashJoin")) {
      return e;
    }
    RecordBatch all = rows;
    return new ArrowmillException(
        "MEMORY_LIMIT_EXCEEDED",
        "a join's build side and its table must fit into memory: operator="
            + plan.describe()
            + ", buildRows="
            + (all == null ? "unknown" : String.valueOf(all.rowCount()))
            + ", allocated="
            + context.allocator().getAllocatedMemory()
            + ", error="
            + e.getMessage()
            + "; raise arrowmill.memory.limit or arrowmill.memory.queryLimit, or join with fewer"
            + " rows or columns",
        e);
  }

  /** The rows, borrowed. */
  RecordBatch rows() {
    return sealed(rows);
  }

  /** Finds rows by key; borrowed. */
  JoinTable table() {
    return sealed(table);
  }

  private static <T> T sealed(@Nullable T made) {
    if (made == null) {
      throw new IllegalStateException("build side must be sealed before it is read");
    }
    return made;
  }

  /**
   * A column of the rows at the given positions.
   *
   * @param positions address of int32 row numbers, -1 for a null
   * @return owned by the caller
   */
  FieldVector gather(int column, long positions, int count) {
    return Gather.rows(
        rows().column(column), hasNulls[column], positions, count, context.allocator());
  }

  /** Whether rows without a match are part of the result. */
  boolean emitsUnmatched() {
    return matched != 0;
  }

  /** Notes rows that found a match; any task. */
  void addMatched(long positions, int count) {
    JoinPairs.flag(positions, count, matched);
  }

  /** Gives the rows without a match, the probe side's columns null. */
  void emitUnmatched(Operator out) {
    int all = rows().rowCount();
    JoinOutput output = new JoinOutput(JoinColumns.output(plan), this, context.allocator(), out);
    long positionBytes = 4L * RecordBatch.ROWS_MAX;
    long positions = memory.allocate(positionBytes);
    try {
      for (int start = 0; start < all; start += RecordBatch.ROWS_MAX) {
        int count = Math.min(RecordBatch.ROWS_MAX, all - start);
        output.giveBuildRows(
            positions, JoinPairs.selectFlags(matched, start, count, false, positions));
      }
    } finally {
      memory.free(positions, positionBytes);
    }
  }

  @Override
  public void close() {
    collected.close();
    if (table != null) {
      table.close();
      table = null;
    }
    if (rows != null) {
      rows.close();
      rows = null;
    }
    if (matched != 0) {
      memory.free(matched, matchedBytes);
      matched = 0;
    }
  }
}
