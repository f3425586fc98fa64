package io.arrowmill.connector;

import io.arrowmill.batch.RecordBatch;
import java.io.IOException;

/** Takes one task's share of a batch's output. Confined to one thread. */
public interface SinkWriter extends AutoCloseable {

  /** Writes the rows of {@code batch}, which is borrowed for the call. */
  void write(RecordBatch batch) throws IOException;

  /** Ends the task's share; flushes. */
  @Override
  void close() throws IOException;
}
