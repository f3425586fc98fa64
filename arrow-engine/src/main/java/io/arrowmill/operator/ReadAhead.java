package io.arrowmill.operator;

import io.arrowmill.connector.InputSplit;
import io.arrowmill.operator.PhysicalPlan.ScanPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The first rows of a run, read by the workers before the run begins: while the run before waits
 * for the disk, cores have nothing else to do.
 *
 * <p>Reading changes nothing, so what was read is dropped where it is not wanted after all. A split
 * that can't be read is dropped too, and without a word: the run opens it again, and fails by
 * itself. Owns what was read until the run opens it; confined to one thread, but for its own tasks.
 */
public final class ReadAhead implements AutoCloseable {
  /** About how many bytes are read ahead at most. */
  public static final long BYTES_MAX = 32L << 20;

  /** The part of the memory that is free that may be taken for it: one of so many. */
  private static final int SHARES = 4;

  private final BatchContext context;
  private final CompiledExpressions compiled;
  private final IdentityHashMap<ScanPlan, List<EarlySplit>> splits = new IdentityHashMap<>();
  private final ConcurrentLinkedQueue<Reading> unread = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytesLeft;
  private int running;
  private boolean stopped;

  /** A split that a task is to read. */
  private record Reading(ScanPlan scan, EarlySplit split) {}

  private ReadAhead(BatchContext context, CompiledExpressions compiled) {
    this.context = context;
    this.compiled = compiled;
    long free = context.allocator().getHeadroom() / SHARES;
    this.bytesLeft = new AtomicLong(Math.min(BYTES_MAX, free));
  }

  /**
   * Begins to read what the streams of a plan will give in a run.
   *
   * @param context of that run; its {@link BatchContext#splits} are asked for
   */
  public static ReadAhead begin(
      PhysicalPlan plan, BatchContext context, CompiledExpressions compiled) throws IOException {
    ReadAhead begun = new ReadAhead(context, compiled);
    begun.plan(plan);
    int tasks = Math.min(context.workers().count(), begun.unread.size());
    for (int task = 0; task < tasks; task++) {
      context.workers().begin(begun::read);
    }
    return begun;
  }

  private void plan(PhysicalPlan plan) throws IOException {
    for (PhysicalPlan input : plan.inputs()) {
      plan(input);
    }
    if (plan instanceof ScanPlan scan && scan.streamId() != null && !splits.containsKey(scan)) {
      List<EarlySplit> ofScan = new ArrayList<>();
      for (InputSplit split : context.splits(scan)) {
        EarlySplit early = new EarlySplit(split);
        ofScan.add(early);
        if (split.canReadAhead()) {
          unread.add(new Reading(scan, early));
        }
      }
      splits.put(scan, ofScan);
    }
  }

  /** A task. */
  private void read() {
    if (!enter()) {
      return;
    }
    try {
      while (goesOn(0)) {
        Reading next = unread.poll();
        if (next == null) {
          return;
        }
        List<ScanFilter> filters = compiled.scanFilters(next.scan(), context);
        next.split().read(context.allocator(), filters, this::goesOn);
      }
    } catch (Throwable e) {
      stop(); // the run meets it again, and says so
    } finally {
      leave();
    }
  }

  private boolean goesOn(long bytes) {
    return bytesLeft.addAndGet(-bytes) > 0 && !isStopped();
  }

  private synchronized boolean enter() {
    running += stopped ? 0 : 1;
    return !stopped;
  }

  private synchronized void leave() {
    running--;
    notifyAll();
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  private synchronized void stop() {
    stopped = true;
  }

  /** Waits until no task reads any more; those that have not begun never will. */
  private synchronized void end() {
    stopped = true;
    boolean interrupted = false;
    while (running > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // what is being read has to be closed
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The splits of a scan, once; null if they have been taken. */
  public @Nullable List<InputSplit> take(ScanPlan scan) {
    end();
    List<EarlySplit> taken = splits.get(scan);
    return taken == null ? null : List.copyOf(taken);
  }

  /** Drops what no run has opened. Idempotent. */
  @Override
  public void close() {
    end();
    for (List<EarlySplit> ofScan : splits.values()) {
      for (EarlySplit split : ofScan) {
        try {
          split.close();
        } catch (IOException _) {
          // its rows are not wanted any more
        }
      }
    }
    splits.clear();
  }
}
