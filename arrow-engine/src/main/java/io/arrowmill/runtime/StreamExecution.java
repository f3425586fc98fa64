package io.arrowmill.runtime;

import io.arrowmill.ArrowmillException;
import io.arrowmill.analysis.DeepPlans;
import io.arrowmill.state.MemoryLevel;
import io.arrowmill.streaming.StreamingQueryException;
import io.arrowmill.streaming.StreamingQueryProgress;
import io.arrowmill.streaming.StreamingQueryStatus;
import io.arrowmill.wal.WalException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * The life of one run of a query: its thread, what it is doing, its progress, how it ended. Any
 * thread may call it; the work itself is the {@link MicroBatchLoop}'s, on the query's thread.
 */
public final class StreamExecution {
  /** Enough for plans and expressions that are nested deeply; taken only as it is used. */
  private static final long STACK_BYTES = 256L << 20;

  private static final long MILLIS_BEFORE_INTERRUPT = 10_000;

  private final UUID runId = UUID.randomUUID();
  private final QueryDefinition definition;
  private final QueryServices services;
  private final MicroBatchLoop loop;
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<StreamingQueryProgress> recent = new ArrayDeque<>();
  private volatile StreamingQueryStatus status =
      new StreamingQueryStatus("Initializing sources", false, false);
  private volatile boolean active = true;
  private volatile boolean stopping;
  private volatile @Nullable StreamingQueryException failure;
  private long signals;
  private long asked;
  private long caughtUp;

  /**
   * Opens the checkpoint, on the caller's thread.
   *
   * @throws ArrowmillException if the checkpoint is in use, damaged or another query's
   */
  public StreamExecution(QueryDefinition definition, QueryServices services) {
    this.definition = definition;
    this.services = services;
    try {
      this.loop =
          DeepPlans.run(definition.plan(), () -> new MicroBatchLoop(this, definition, services));
    } catch (WalException e) {
      throw new ArrowmillException(e.condition(), messageOf(e, e.condition()), e);
    }
    String label = definition.name() == null ? loop.queryId().toString() : definition.name();
    this.thread =
        Thread.ofPlatform()
            .name("arrowmill-query-" + label)
            .daemon()
            .stackSize(STACK_BYTES)
            .unstarted(this::run);
  }

  /** Starts the query's thread. */
  public void start() {
    thread.start();
  }

  /** Frees what was opened for a query that is never started. */
  public void discard() {
    loop.close();
  }

  private void run() {
    try {
      loop.run();
    } catch (CancellationException e) {
      if (!stopping) {
        failure = toQueryException(e);
      }
    } catch (Throwable e) {
      failure = toQueryException(e);
    } finally {
      try {
        loop.close();
      } catch (RuntimeException | Error e) {
        StreamingQueryException known = failure;
        if (known == null) {
          failure = toQueryException(e);
        } else {
          known.addSuppressed(e);
        }
      }
      StreamingQueryException known = failure;
      status =
          new StreamingQueryStatus(
              known == null ? "Stopped" : "Terminated with exception: " + known.getMessage(),
              false,
              false);
      active = false;
      signal();
      // Whoever waits for the end may start the query again: its name and id must be free by then.
      try {
        services.onTerminated(this);
      } finally {
        ended.countDown();
      }
    }
  }

  private StreamingQueryException toQueryException(Throwable thrown) {
    Throwable e =
        thrown instanceof OutOfMemoryException refused ? MemoryLevel.exceeded(refused) : thrown;
    String condition =
        switch (e) {
          case ArrowmillException known -> known.condition();
          case WalException known -> known.condition();
          case IOException _ -> "STREAM_IO_FAILED";
          default -> "STREAM_FAILED";
        };
    return new StreamingQueryException(
        condition,
        "query must be able to go on: name="
            + definition.name()
            + ", id="
            + id()
            + ", runId="
            + runId
            + ", error="
            + messageOf(e, condition),
        e);
  }

  /** What a failure says, without the condition before it. */
  private static String messageOf(Throwable e, String condition) {
    boolean speaks = e instanceof ArrowmillException || e instanceof WalException;
    String message = e.getMessage() == null || !speaks ? e.toString() : e.getMessage();
    String prefix = "[" + condition + "] ";
    return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
  }

  public UUID id() {
    return loop.queryId();
  }

  public UUID runId() {
    return runId;
  }

  public @Nullable String name() {
    return definition.name();
  }

  public boolean isActive() {
    return active;
  }

  public StreamingQueryStatus status() {
    return status;
  }

  void setStatus(String message, boolean dataAvailable, boolean triggerActive) {
    status = new StreamingQueryStatus(message, dataAvailable, triggerActive);
  }

  public @Nullable StreamingQueryException exception() {
    return failure;
  }

  /** The plan in words. */
  public String explain(boolean extended) {
    return DeepPlans.run(definition.plan(), () -> loop.explain(extended));
  }

  // ---- progress

  void addProgress(StreamingQueryProgress progress) {
    lock.lock();
    try {
      recent.addLast(progress);
      while (recent.size() > services.conf().getLong(RuntimeConf.PROGRESS_RETENTION)) {
        recent.removeFirst();
      }
    } finally {
      lock.unlock();
    }
    services.onProgress(progress);
  }

  /** The newest progress, or null. */
  public @Nullable StreamingQueryProgress lastProgress() {
    lock.lock();
    try {
      return recent.peekLast();
    } finally {
      lock.unlock();
    }
  }

  /** The newest progresses, oldest first. */
  public List<StreamingQueryProgress> recentProgress() {
    lock.lock();
    try {
      return new ArrayList<>(recent);
    } finally {
      lock.unlock();
    }
  }

  // ---- waiting

  /** Wakes the query and whoever waits for it; called by sources too. */
  void signal() {
    lock.lock();
    try {
      signals++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits on the query's thread until a signal, a stop or the time is over. */
  void pause(long nanos) {
    lock.lock();
    try {
      long signalsBefore = signals;
      long left = nanos;
      while (!stopping && asked == caughtUp && signals == signalsBefore && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("query thread was interrupted");
    } finally {
      lock.unlock();
    }
  }

  /** The requests to catch up that have been made so far. */
  long asked() {
    lock.lock();
    try {
      return asked;
    } finally {
      lock.unlock();
    }
  }

  /** Whether somebody waits for all data to be processed. */
  boolean isAskedToCatchUp() {
    lock.lock();
    try {
      return asked > caughtUp;
    } finally {
      lock.unlock();
    }
  }

  /** Every source was asked after {@code request} was made, and had nothing new. */
  void caughtUp(long request) {
    lock.lock();
    try {
      caughtUp = Math.max(caughtUp, request);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all data available now has been processed. */
  public void processAllAvailable() {
    if (Thread.currentThread().equals(thread)) {
      throw new IllegalStateException("a query can't wait for itself: name=" + name());
    }
    lock.lock();
    try {
      long request = ++asked;
      changed.signalAll();
      while (caughtUp < request && isActive()) {
        changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    throwFailure();
  }

  /** Waits until the query has ended; false if the time was over first. */
  public boolean awaitTermination(long timeoutMillis) {
    try {
      boolean isOver = ended.await(timeoutMillis, TimeUnit.MILLISECONDS);
      if (isOver) {
        thread.join(); // nothing is left for it to do
      }
      throwFailure();
      return isOver;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void throwFailure() {
    StreamingQueryException known = failure;
    if (known != null) {
      throw known;
    }
  }

  boolean isStopping() {
    return stopping;
  }

  /** Stops the query and waits until it has ended, within the configured time. */
  public void stop() {
    stopping = true;
    signal();
    if (Thread.currentThread().equals(thread)) {
      return;
    }
    long limit = services.conf().getLong(RuntimeConf.STOP_TIMEOUT_MILLIS);
    long patience = limit == 0 ? Long.MAX_VALUE : limit;
    try {
      if (ended.await(Math.min(patience, MILLIS_BEFORE_INTERRUPT), TimeUnit.MILLISECONDS)) {
        thread.join();
        return;
      }
      thread.interrupt();
      if (!ended.await(patience, TimeUnit.MILLISECONDS)) {
        throw new ArrowmillException(
            "STREAM_STOP_TIMEOUT",
            "query must stop in time: name="
                + name()
                + ", id="
                + id()
                + ", timeoutMillis="
                + limit
                + "; raise "
                + RuntimeConf.STOP_TIMEOUT_MILLIS.key());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
