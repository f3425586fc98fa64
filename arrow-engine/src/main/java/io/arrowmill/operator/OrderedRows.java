package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.kernel.Concat;
import io.arrowmill.kernel.GatherBatch;
import io.arrowmill.kernel.RowSort;
import io.arrowmill.kernel.SortKey;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.SortOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Rows that were collected, in order: as they came, and the numbers of the rows as they are to be
 * given. The sort is stable. Owns its memory; one thread.
 */
final class OrderedRows implements AutoCloseable {
  private final RecordBatch rows;
  private final GatherBatch gather;
  private final @Nullable IntBlock positions;
  private final BatchContext context;

  /**
   * Sorts.
   *
   * @param input what gave the rows
   * @param collected the rows, which are taken out
   */
  OrderedRows(
      PhysicalPlan input, List<SortOrder> orders, BatchCollector collected, BatchContext context) {
    this.context = context;
    try (Parts parts = new Parts()) {
      rows = parts.add(Concat.batches(input.schema(), collected.batches(), context.allocator()));
      collected.close();
      gather = new GatherBatch(rows);
      List<SortKey> keys = keys(input, orders, rows);
      positions = keys.isEmpty() ? null : parts.add(sorted(keys));
      parts.complete();
    }
  }

  private IntBlock sorted(List<SortKey> keys) {
    try (Parts parts = new Parts()) {
      IntBlock sorted = parts.add(new IntBlock(count(), context.memory()));
      RowSort.sort(sorted.address(), count(), keys, context.memory());
      parts.complete();
      return sorted;
    }
  }

  /** The columns by which rows are ordered; constants tell none apart. */
  static List<SortKey> keys(PhysicalPlan input, List<SortOrder> orders, RecordBatch rows) {
    List<SortKey> keys = new ArrayList<>();
    for (SortOrder order : orders) {
      Expression key = order.child();
      if (key instanceof Expression.Attribute) {
        FieldVector values = rows.column(Columns.position(input, key));
        keys.add(new SortKey(values, key.type(), order.ascending(), order.nullsFirst()));
      }
    }
    return keys;
  }

  int count() {
    return rows.rowCount();
  }

  /** So many rows from the one at {@code from} in the order; owned by the caller. */
  RecordBatch rows(int from, int count) {
    if (positions == null) {
      return rows.slice(from, count, context.allocator());
    }
    long own = positions.address() + (long) Integer.BYTES * from;
    return gather.rows(own, count, context.allocator());
  }

  @Override
  public void close() {
    rows.close();
    if (positions != null) {
      positions.close();
    }
  }
}
