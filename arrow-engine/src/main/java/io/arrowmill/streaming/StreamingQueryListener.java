package io.arrowmill.streaming;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Hears of the life of all queries of a session. {@link #onQueryStarted} is called before {@code
 * start} returns; the others from the query's thread: a slow listener slows the query.
 */
public abstract class StreamingQueryListener {

  /** A query has started. */
  public void onQueryStarted(QueryStartedEvent event) {}

  /** A batch has ended. */
  public void onQueryProgress(QueryProgressEvent event) {}

  /** There has been nothing to do for a while. */
  public void onQueryIdle(QueryIdleEvent event) {}

  /** A query has ended. */
  public void onQueryTerminated(QueryTerminatedEvent event) {}

  /** A query has started. */
  public record QueryStartedEvent(UUID id, UUID runId, @Nullable String name, String timestamp) {}

  /** A batch has ended. */
  public record QueryProgressEvent(StreamingQueryProgress progress) {}

  /** There has been nothing to do for a while. */
  public record QueryIdleEvent(UUID id, UUID runId, String timestamp) {}

  /** A query has ended, with an error if {@code exception} is given. */
  public record QueryTerminatedEvent(
      UUID id, UUID runId, @Nullable String exception, @Nullable String errorClassOnException) {}
}
