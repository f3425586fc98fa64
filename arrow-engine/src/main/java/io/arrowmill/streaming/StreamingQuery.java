package io.arrowmill.streaming;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A handle on a running or ended query. Any thread may call it. */
public interface StreamingQuery {

  /** Names the query across restarts from the same checkpoint. */
  UUID id();

  /** Names this run of the query. */
  UUID runId();

  /** The name given by the user, or null. */
  @Nullable String name();

  /** Whether the query is still running. */
  boolean isActive();

  /** What the query is doing right now. */
  StreamingQueryStatus status();

  /** The newest progress, or null before the first batch. */
  @Nullable StreamingQueryProgress lastProgress();

  /** The newest progresses, oldest first; at most 100 by default. */
  StreamingQueryProgress[] recentProgress();

  /** Prints the physical plan. */
  void explain();

  /** Prints the plan; with {@code extended} the logical plans too. */
  void explain(boolean extended);

  /** The plan as {@link #explain(boolean)} prints it. */
  String explainString(boolean extended);

  /**
   * Waits until all data available at the time of the call has been processed and committed.
   *
   * @throws StreamingQueryException if the query failed
   */
  void processAllAvailable();

  /**
   * Waits until the query ends.
   *
   * @throws StreamingQueryException if it ended with an error
   */
  void awaitTermination();

  /**
   * Waits until the query ends, at most {@code timeoutMillis}.
   *
   * @return whether it ended
   * @throws StreamingQueryException if it ended with an error
   */
  boolean awaitTermination(long timeoutMillis);

  /** Why the query ended, if it ended with an error; else null. */
  @Nullable StreamingQueryException exception();

  /** Stops the query and waits until its threads and memory are gone. Idempotent. */
  void stop();
}
