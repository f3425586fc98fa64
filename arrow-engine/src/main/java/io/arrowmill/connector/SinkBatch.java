package io.arrowmill.connector;

import java.io.IOException;

/** The output of one batch, while it is being written. */
public interface SinkBatch {

  /**
   * A writer for one task. Called from that task's thread, at most once a task.
   *
   * @param task from 0
   */
  SinkWriter writer(int task) throws IOException;

  /** All writers are closed: makes the output durable, still invisible. */
  void prepare() throws IOException;

  /**
   * The batch failed: leaves nothing behind. Called instead of {@link #prepare}, or after it
   * failed.
   */
  void abort();
}
