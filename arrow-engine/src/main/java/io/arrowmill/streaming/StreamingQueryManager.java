package io.arrowmill.streaming;

import io.arrowmill.ArrowmillException;
import io.arrowmill.runtime.StreamExecution;
import io.arrowmill.streaming.StreamingQueryListener.QueryIdleEvent;
import io.arrowmill.streaming.StreamingQueryListener.QueryProgressEvent;
import io.arrowmill.streaming.StreamingQueryListener.QueryStartedEvent;
import io.arrowmill.streaming.StreamingQueryListener.QueryTerminatedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streaming queries of a session. Safe for any thread. */
public final class StreamingQueryManager {
  private static final Logger LOG = LoggerFactory.getLogger(StreamingQueryManager.class);

  private final List<StreamingQueryListener> listeners = new CopyOnWriteArrayList<>();
  // Guarded by this.
  private final Map<UUID, QueryHandle> running = new LinkedHashMap<>();
  private boolean anyTerminated;
  private @Nullable StreamingQueryException lastFailure;

  /** A manager without queries; every session makes its own. */
  public StreamingQueryManager() {}

  /** The queries that are running. */
  public synchronized StreamingQuery[] active() {
    return running.values().toArray(StreamingQuery[]::new);
  }

  /** The running query of that id, or null. */
  public synchronized @Nullable StreamingQuery get(UUID id) {
    return running.get(id);
  }

  /** The running query of that id, or null. */
  public @Nullable StreamingQuery get(String id) {
    return get(UUID.fromString(id));
  }

  /**
   * Waits until any query has ended since the session began or {@link #resetTerminated} was called.
   *
   * @throws StreamingQueryException if a query has ended with an error
   */
  public void awaitAnyTermination() {
    awaitAnyTermination(Long.MAX_VALUE);
  }

  /**
   * Waits as {@link #awaitAnyTermination()}, at most {@code timeoutMillis}.
   *
   * @return whether a query has ended
   */
  public synchronized boolean awaitAnyTermination(long timeoutMillis) {
    long limit = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    long started = System.nanoTime();
    try {
      while (!anyTerminated && System.nanoTime() - started < limit) {
        long left = TimeUnit.NANOSECONDS.toMillis(limit - (System.nanoTime() - started));
        wait(Math.clamp(left, 1, 1_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    StreamingQueryException failure = lastFailure;
    if (failure != null) {
      throw failure;
    }
    return anyTerminated;
  }

  /** Forgets the queries that have ended. */
  public synchronized void resetTerminated() {
    anyTerminated = false;
    lastFailure = null;
  }

  public void addListener(StreamingQueryListener listener) {
    listeners.add(listener);
  }

  public void removeListener(StreamingQueryListener listener) {
    listeners.remove(listener);
  }

  /** The listeners, in the order in which they were added. */
  public StreamingQueryListener[] listListeners() {
    return listeners.toArray(StreamingQueryListener[]::new);
  }

  // ---- for the session ----------------------------------------------------------------------

  QueryHandle start(StreamExecution execution) {
    QueryHandle handle = new QueryHandle(execution);
    synchronized (this) {
      requireFreeName(execution.name());
      running.put(execution.id(), handle);
    }
    tell(listener ->
        listener.onQueryStarted(
            new QueryStartedEvent(execution.id(), execution.runId(), execution.name(), now())));
    execution.start();
    return handle;
  }

  /** Checks that no running query has that name; null is always free. */
  synchronized void requireFreeName(@Nullable String name) {
    for (QueryHandle other : running.values()) {
      if (name != null && name.equals(other.name())) {
        throw new ArrowmillException(
            "CONCURRENT_QUERY",
            "name of a query must be free: name="
                + name
                + ", runningId="
                + other.id()
                + "; stop the running query, or choose another name");
      }
    }
  }

  /** A batch of a query has ended; called by the query's thread. */
  public void publishProgress(StreamingQueryProgress progress) {
    tell(listener -> listener.onQueryProgress(new QueryProgressEvent(progress)));
  }

  /** A query has had nothing to do; called by the query's thread. */
  public void publishIdle(StreamExecution query) {
    tell(listener -> listener.onQueryIdle(new QueryIdleEvent(query.id(), query.runId(), now())));
  }

  /** A query has ended; called by the query's thread. */
  public void publishTerminated(StreamExecution query) {
    StreamingQueryException failure = query.exception();
    synchronized (this) {
      running.remove(query.id());
      anyTerminated = true;
      if (failure != null) {
        lastFailure = failure;
      }
      notifyAll();
    }
    tell(listener ->
        listener.onQueryTerminated(
            new QueryTerminatedEvent(
                query.id(),
                query.runId(),
                failure == null ? null : failure.getMessage(),
                failure == null ? null : failure.condition())));
  }

  /** Stops all queries. */
  public void stopAll() {
    List<QueryHandle> handles;
    synchronized (this) {
      handles = new ArrayList<>(running.values());
    }
    handles.forEach(QueryHandle::stop);
  }

  private void tell(Consumer<StreamingQueryListener> event) {
    for (StreamingQueryListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        LOG.warn("listener failed: class={}", listener.getClass().getName(), e);
      }
    }
  }

  private static String now() {
    return Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS).toString();
  }
}
