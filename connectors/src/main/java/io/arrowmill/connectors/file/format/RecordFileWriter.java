package io.arrowmill.connectors.file.format;

import io.arrowmill.batch.RecordBatch;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes one file. Confined to one thread. */
public interface RecordFileWriter extends AutoCloseable {

  /**
   * Writes rows of {@code batch}, which is borrowed for the call.
   *
   * @param rows the indexes of the rows, of which the first {@code count} are meant; null means the
   *     first {@code count} rows of the batch
   */
  void write(RecordBatch batch, int @Nullable [] rows, int count) throws IOException;

  /** Writes what ends the file, and flushes. Nothing may be written after it. */
  void finish() throws IOException;

  /** Closes the file; without {@link #finish} before, it is incomplete. */
  @Override
  void close() throws IOException;
}
