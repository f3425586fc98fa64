package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.kernel.RowComparison;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.WindowDefinition;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Rows that lie partition by partition, in order: where each one's partition begins and ends, and
 * where the rows of its value do, its peers. Borrows the rows; one thread.
 */
final class SortedRows implements AutoCloseable {
  private final OverPlan plan;
  private final RecordBatch rows;
  private final IntBlock partitionEnds;
  private final IntBlock peerEnds;
  private final BatchContext context;

  SortedRows(OverPlan plan, RecordBatch rows, BatchContext context) {
    this.plan = plan;
    this.rows = rows;
    this.context = context;
    try (Parts parts = new Parts()) {
      partitionEnds = parts.add(new IntBlock(rows.rowCount(), context.memory()));
      peerEnds = parts.add(new IntBlock(rows.rowCount(), context.memory()));
      WindowDefinition window = plan.window();
      RowComparison partition = order(plan, partitionOrders(window), rows);
      RowComparison value = order(plan, window.orderBy(), rows);
      mark(partition, value);
      parts.complete();
    }
  }

  /**
   * The order that brings the rows of each partition together; null where nothing tells any apart.
   */
  static @Nullable RowComparison order(OverPlan plan, RecordBatch rows) {
    List<SortOrder> orders = partitionOrders(plan.window());
    orders.addAll(plan.window().orderBy());
    return order(plan, orders, rows);
  }

  private static List<SortOrder> partitionOrders(WindowDefinition window) {
    List<SortOrder> orders = new ArrayList<>();
    window.partitionBy().forEach(key -> orders.add(new SortOrder(key, true, true)));
    return orders;
  }

  private static @Nullable RowComparison order(
      OverPlan plan, List<SortOrder> orders, RecordBatch rows) {
    RowComparison all = null;
    for (SortOrder order : orders) {
      if (isColumn(order.child())) {
        FieldVector column = rows.column(Columns.position(plan.input(), order.child()));
        RowComparison one =
            RowComparison.of(
                column, column, order.child().type(), order.ascending(), order.nullsFirst());
        all = all == null ? one : all.then(one);
      }
    }
    return all;
  }

  private static boolean isColumn(Expression key) {
    return key instanceof Expression.Attribute;
  }

  /** From the last row on: a row ends what it belongs to where the next one differs. */
  private void mark(@Nullable RowComparison partition, @Nullable RowComparison value) {
    int partitionEnd = rows.rowCount();
    int peerEnd = partitionEnd;
    for (int row = rows.rowCount() - 1; row >= 0; row--) {
      if (row + 1 < rows.rowCount()) {
        if (partition != null && partition.compare(row, row + 1) != 0) {
          partitionEnd = row + 1;
          peerEnd = row + 1;
        } else if (value != null && value.compare(row, row + 1) != 0) {
          peerEnd = row + 1;
        }
      }
      partitionEnds.set(row, partitionEnd);
      peerEnds.set(row, peerEnd);
    }
  }

  OverPlan plan() {
    return plan;
  }

  BatchContext context() {
    return context;
  }

  int count() {
    return rows.rowCount();
  }

  /** Row behind the last one of a row's partition. */
  int partitionEnd(int row) {
    return partitionEnds.get(row);
  }

  /** Row behind the last one that has a row's value. */
  int peerEnd(int row) {
    return peerEnds.get(row);
  }

  /** The values of a column of the input, borrowed. */
  FieldVector column(Expression column) {
    return rows.column(Columns.position(plan.input(), column));
  }

  @Override
  public void close() {
    partitionEnds.close();
    peerEnds.close();
  }
}
