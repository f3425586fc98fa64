package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;

/**
 * Takes batches and pushes what it makes of them to the operator behind it. Confined to one task; a
 * batch is borrowed for the call. Whoever made an operator closes it, once, after the last batch or
 * after a failure.
 */
interface Operator extends AutoCloseable {

  /** Takes one batch, which may be empty. */
  void process(RecordBatch batch);

  /** Frees what this operator holds; does not close the operator behind it. */
  @Override
  void close();
}
