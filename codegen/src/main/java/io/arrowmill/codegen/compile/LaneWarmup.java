package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.kernel.KernelException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs lane code over a sample, in a thread of its own that all sites share, until it is faster
 * than scalar code, and compares its answers then; gives up where that does not happen.
 *
 * <p>Where this JVM on this CPU has no instruction for a part of the code, vectors become objects,
 * and the code never gets faster than scalar code.
 *
 * @param ready takes the lane code once
 */
record LaneWarmup(
    LaneProgram program,
    boolean columnsHaveNulls,
    LaneKernel scalar,
    LaneSample sample,
    Consumer<LaneKernel> ready)
    implements Runnable {

  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long RUN_NANOS_MAX = TimeUnit.SECONDS.toNanos(4);
  private static final int TIMED_CALLS = 20;
  private static final long SLOW_NANOS_PER_ROW = 4;

  private static final ThreadPoolExecutor THREAD = thread();

  /** Loaded by the warm-up's thread: who begins one is in the middle of a batch. */
  private static final class Log {
    static final Logger LOG = LoggerFactory.getLogger(LaneWarmup.class);

    private Log() {}
  }

  private static ThreadPoolExecutor thread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("arrowmill-lanes").factory());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Runs a warm-up as soon as the ones before it are done. */
  static void begin(LaneWarmup warmup) {
    THREAD.execute(warmup);
  }

  @Override
  public void run() {
    if (!LaneSelfTest.passed()) {
      return;
    }
    try {
      LaneKernel kernel = LaneCompiler.compile(program, columnsHaveNulls);
      long spent = 0;
      while (spent < RUN_NANOS_MAX) {
        spent += round(kernel);
        if (isFaster(kernel)) {
          offer(kernel);
          return;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      Log.LOG.debug("lane code is not faster than scalar code and not used: program={}", program);
    } catch (RuntimeException | LinkageError e) {
      Log.LOG.warn("lane code cannot be used: program={}", program, e);
    }
  }

  private void offer(LaneKernel kernel) {
    if (LaneAnswers.agree(program, kernel, scalar, sample)) {
      ready.accept(kernel);
    } else {
      Log.LOG.warn("lane code differs from scalar code and is not used: program={}", program);
    }
  }

  private long round(LaneKernel kernel) {
    long begin = System.nanoTime();
    long elapsed = 0;
    for (int call = 0; elapsed < ROUND_NANOS; call++) {
      runOnce(kernel, call);
      elapsed = System.nanoTime() - begin;
    }
    return elapsed;
  }

  /** Takes the paths for rows and outputs that do not begin at whole words, too. */
  private void runOnce(LaneKernel kernel, int call) {
    boolean aligned = (call & 1) == 0 || sample.rows() == LaneKernel.BLOCK_ROWS;
    int start = aligned ? 0 : 3;
    int count = aligned ? sample.rows() : sample.rows() - LaneKernel.BLOCK_ROWS;
    int position = aligned || program.predicate() == null ? 0 : 5;
    long columns = (call & 7) == 7 ? sample.columnsWithoutNulls() : sample.columns();
    kernel.run(columns, start, count, sample.selection(), sample.outputs(), position);
  }

  private boolean isFaster(LaneKernel kernel) {
    try {
      long lanes = best(kernel);
      return lanes < best(scalar);
    } catch (KernelException e) {
      // The sample has an error in it, so that there is nothing to compare to.
      return best(kernel) < sample.rows() * SLOW_NANOS_PER_ROW;
    }
  }

  /** The shortest time of some calls, in nanoseconds. */
  private long best(LaneKernel kernel) {
    long best = Long.MAX_VALUE;
    for (int call = 0; call < TIMED_CALLS; call++) {
      long begin = System.nanoTime();
      kernel.run(sample.columns(), 0, sample.rows(), sample.selection(), sample.outputs(), 0);
      best = Math.min(best, System.nanoTime() - begin);
    }
    return best;
  }
}
