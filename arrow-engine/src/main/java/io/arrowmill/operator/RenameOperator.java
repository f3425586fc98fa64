package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.StructType;

/** Gives the same columns under other names. */
final class RenameOperator implements Operator {
  private final StructType schema;
  private final Operator next;

  RenameOperator(StructType schema, Operator next) {
    this.schema = schema;
    this.next = next;
  }

  @Override
  @SuppressWarnings(
      "MustBeClosed") // the renamed batch borrows the vectors of the batch it was given
  public void process(RecordBatch batch) {
    next.process(new RecordBatch(schema, batch.columns(), batch.rowCount()));
  }

  @Override
  public void close() {}
}
