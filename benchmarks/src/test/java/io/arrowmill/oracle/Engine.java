package io.arrowmill.oracle;

import io.arrowmill.Row;
import io.arrowmill.types.StructType;
import java.util.List;

/** An engine that can be held against another. */
interface Engine extends AutoCloseable {

  /** Runs a case as a streaming query, one micro-batch after the other. */
  StreamOutcome run(StreamCase testCase);

  /** As {@link #run}, but stops the query after each batch of input and starts it again. */
  StreamOutcome runWithRestarts(StreamCase testCase);

  /**
   * Evaluates expressions over a table, all in one selection.
   *
   * @return what each row gave, or the condition of the error
   */
  TableOutcome select(StructType schema, List<Row> rows, List<String> expressions);

  @Override
  void close();
}
