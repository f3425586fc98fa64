package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/**
 * Takes all rows of a run, then gives them partition by partition with what functions over a window
 * make of them. The sort is stable within one task's rows.
 */
final class OverBuffer implements AutoCloseable {
  private final OverPlan plan;
  private final BatchContext context;
  private final BatchCollector collected;

  OverBuffer(OverPlan plan, BatchContext context) {
    this.plan = plan;
    this.context = context;
    this.collected = new BatchCollector(context.allocator());
  }

  /** An operator of one task that adds rows. */
  Operator collector() {
    return collected.operator();
  }

  /** Computes, and gives the rows. */
  void emit(Operator out) {
    List<FieldVector> columns = new ArrayList<>();
    try (RecordBatch sorted = sorted()) {
      try (SortedRows rows = new SortedRows(plan, sorted, context);
          OverColumns results = new OverColumns(rows)) {
        for (int i = 0; i < plan.calls().size(); i++) {
          context.checkActive();
          columns.add(results.column(plan.calls().get(i), plan.results().get(i)));
        }
      }
      for (int from = 0; from < sorted.rowCount(); from += RecordBatch.ROWS_MAX) {
        emit(sorted, columns, from, out);
      }
    } finally {
      columns.forEach(FieldVector::close);
    }
  }

  private RecordBatch sorted() {
    try (OrderedRows ordered =
        new OrderedRows(plan.input(), SortedRows.orders(plan.window()), collected, context)) {
      return ordered.rows(0, ordered.count());
    }
  }

  private void emit(RecordBatch sorted, List<FieldVector> results, int from, Operator out) {
    int count = Math.min(RecordBatch.ROWS_MAX, sorted.rowCount() - from);
    List<FieldVector> columns = new ArrayList<>();
    try {
      for (FieldVector column : sorted.columns()) {
        columns.add(RecordBatch.slice(column, from, count, context.allocator()));
      }
      for (FieldVector column : results) {
        columns.add(RecordBatch.slice(column, from, count, context.allocator()));
      }
      out.process(new RecordBatch(plan.schema(), columns, count));
    } finally {
      columns.forEach(FieldVector::close);
    }
  }

  @Override
  public void close() {
    collected.close();
  }
}
