package io.arrowmill.operator;

import io.arrowmill.ArrowmillException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The session's pool of worker threads. Any thread but a worker may call it; the caller waits until
 * every task has ended.
 */
public final class Workers implements AutoCloseable {
  /** Enough to interpret expressions that are nested thousands deep; taken only as it is used. */
  private static final long STACK_BYTES = 32L << 20;

  private final ExecutorService pool;
  private final int count;

  /** A pool of {@code count} daemon threads, started when first needed. */
  public Workers(int count) {
    AtomicInteger number = new AtomicInteger();
    this.count = count;
    this.pool =
        Executors.newFixedThreadPool(
            count,
            task ->
                Thread.ofPlatform()
                    .name("arrowmill-worker-" + number.getAndIncrement())
                    .daemon()
                    .stackSize(STACK_BYTES)
                    .unstarted(task));
  }

  /** Number of threads. */
  public int count() {
    return count;
  }

  /** Work of one of several tasks. */
  @FunctionalInterface
  public interface Task {
    /** Does the work of task {@code index}. */
    void run(int index) throws Exception;
  }

  /**
   * Runs {@code tasks} tasks and waits for all of them, also when one fails.
   *
   * @throws RuntimeException the first task's failure, the others' suppressed
   */
  public void run(int tasks, Task task) {
    List<Future<?>> futures = new ArrayList<>(tasks);
    for (int i = 0; i < tasks; i++) {
      int index = i;
      futures.add(
          pool.submit(() -> {
            task.run(index);
            return null;
          }));
    }
    Throwable failure = null;
    boolean interrupted = false;
    for (Future<?> future : futures) {
      while (true) {
        try {
          future.get();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          Throwable cause = e.getCause() == null ? e : e.getCause();
          if (failure == null) {
            failure = cause;
          } else if (!failure.equals(cause)) {
            failure.addSuppressed(cause);
          }
          break;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw asUnchecked(failure);
    }
  }

  /** Runs some work when a thread has time for it; false if the pool takes nothing any more. */
  boolean begin(Runnable work) {
    try {
      pool.execute(work);
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  private static RuntimeException asUnchecked(Throwable failure) {
    if (failure instanceof RuntimeException unchecked) {
      return unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return new ArrowmillException("TASK_FAILED", String.valueOf(failure.getMessage()), failure);
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
