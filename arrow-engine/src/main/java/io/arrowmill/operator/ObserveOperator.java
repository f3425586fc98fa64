package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/** Shows each batch to what computes metrics of it, and hands it on. */
final class ObserveOperator implements Operator {
  private final Operator metrics;
  private final Operator next;
  private final int[] columns;
  private final StructType schema;

  /**
   * For one task.
   *
   * @param metrics takes the rows; closed by who made it
   */
  ObserveOperator(ObservePlan plan, Operator metrics, Operator next) {
    this.metrics = metrics;
    this.next = next;
    this.columns = Columns.positions(plan.input(), plan.rows().output());
    this.schema = plan.rows().schema();
  }

  @Override
  @SuppressWarnings("MustBeClosed") // the batch shown borrows the vectors of the one given
  public void process(RecordBatch batch) {
    List<FieldVector> shown = new ArrayList<>(columns.length);
    for (int column : columns) {
      shown.add(batch.column(column));
    }
    metrics.process(new RecordBatch(schema, shown, batch.rowCount()));
    next.process(batch);
  }

  @Override
  public void close() {}
}
