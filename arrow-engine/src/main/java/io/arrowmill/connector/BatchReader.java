package io.arrowmill.connector;

import io.arrowmill.batch.RecordBatch;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the batches of one split, in order. Confined to one thread. */
public interface BatchReader extends AutoCloseable {

  /**
   * The next batch, at most {@link RecordBatch#ROWS_MAX} rows, or null after the last. The caller
   * owns it and closes it.
   */
  @Nullable RecordBatch next() throws IOException;

  /** How many rows it has left out so far for the filters that it was opened with. */
  default long rowsLeftOut() {
    return 0;
  }

  @Override
  void close() throws IOException;
}
