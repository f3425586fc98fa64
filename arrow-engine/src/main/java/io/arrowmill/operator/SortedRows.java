package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.kernel.RowComparison;
import io.arrowmill.kernel.SortKey;
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
      mark(comparison(partitionOrders(window)), comparison(window.orderBy()));
      parts.complete();
    }
  }

  /** The order that brings the rows of each partition together. */
  static List<SortOrder> orders(WindowDefinition window) {
    List<SortOrder> orders = partitionOrders(window);
    orders.addAll(window.orderBy());
    return orders;
  }

  /** An order of the partitions. */
  static List<SortOrder> partitionOrders(WindowDefinition window) {
    List<SortOrder> orders = new ArrayList<>();
    window.partitionBy().forEach(key -> orders.add(new SortOrder(key, true, true)));
    return orders;
  }

  /** Null where nothing tells any apart. */
  private @Nullable RowComparison comparison(List<SortOrder> orders) {
    RowComparison all = null;
    for (SortKey key : OrderedRows.keys(plan.input(), orders, rows)) {
      all = all == null ? key.comparison() : all.then(key.comparison());
    }
    return all;
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
