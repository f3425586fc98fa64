package io.arrowmill.operator;

import io.arrowmill.Row;
import io.arrowmill.batch.BatchBuilder;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.operator.PhysicalPlan.LocalPlan;
import java.util.List;

/** Gives the rows that a plan holds, in batches. */
final class LocalRows {
  private LocalRows() {}

  static void push(LocalPlan plan, BatchContext context, Operator out) {
    List<Row> rows = plan.rows();
    for (int start = 0; start < rows.size(); start += RecordBatch.ROWS_MAX) {
      int end = Math.min(rows.size(), start + RecordBatch.ROWS_MAX);
      try (RecordBatch batch =
          BatchBuilder.batch(plan.schema(), rows.subList(start, end), context.allocator())) {
        out.process(batch);
      }
    }
  }
}
