package io.arrowmill.connector;

import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.UUID;

/**
 * Where a query's output goes, open for one query.
 *
 * <p>Each batch goes through three steps. {@link #begin} and writing; {@link SinkBatch#prepare},
 * after which the batch's output is durable but not visible; and, once the engine has durably
 * committed the batch, {@link #publish}, which makes it visible. A crash between the last two is
 * mended by {@link #recover}. A sink that can't hold output back does its work in {@code prepare}
 * and gives each batch at least once. Threading: called by the query's thread, writers by one task
 * each.
 */
public interface StreamSink extends AutoCloseable {

  /** Whether batches of this mode make sense to the sink. */
  boolean supports(OutputMode mode);

  /**
   * Called once, before the first batch of a query's run; writes of tables go without.
   *
   * @param queryId the query, the same in all runs from its checkpoint: what the sink keeps where
   *     others may write, too, goes by it
   * @param lastCommittedBatchId the newest batch the engine has committed, or -1: what was prepared
   *     up to it must become visible now, what was prepared after it must go
   */
  void recover(UUID queryId, long lastCommittedBatchId) throws IOException;

  /**
   * Starts the output of a batch; a batch id may come again after a failure, and replaces what it
   * left.
   */
  SinkBatch begin(long batchId, StructType schema, OutputMode mode) throws IOException;

  /** Makes the prepared output of a batch visible. Idempotent. */
  void publish(long batchId) throws IOException;

  /** The sink in one line, such as {@code FileSink[file:/data/out]}. */
  String description();

  @Override
  void close();
}
