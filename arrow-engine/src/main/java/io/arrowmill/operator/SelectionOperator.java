package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;

/** An operator that also takes some of the rows of a batch, without a copy of them. */
interface SelectionOperator extends Operator {

  /** Whether {@link #process(RecordBatch, long, int)} may be called. */
  boolean takesSelections();

  /**
   * Takes rows of a batch.
   *
   * @param selection address of int32 row numbers, or 0 for the first {@code count} rows
   */
  void process(RecordBatch batch, long selection, int count);
}
