package io.arrowmill.runtime;

import io.arrowmill.operator.ReadAhead;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The batch behind the one that is being committed: planned, and its first rows on their way into
 * memory. Nothing else has been done for it. Confined to the query's thread; owns what was read.
 *
 * <p>What fails while it is planned is this batch's failure, told by {@link #plan} when its turn
 * comes.
 */
final class NextBatch implements AutoCloseable {
  private final @Nullable BatchPlanned plan;
  private final @Nullable MicroBatchContext context;
  private final @Nullable Throwable failure;
  private final long offsetNanos;
  private @Nullable ReadAhead rows;

  private NextBatch(
      @Nullable BatchPlanned plan,
      @Nullable MicroBatchContext context,
      @Nullable Throwable failure,
      long offsetNanos) {
    this.plan = plan;
    this.context = context;
    this.failure = failure;
    this.offsetNanos = offsetNanos;
  }

  /**
   * A planned batch.
   *
   * @param offsetNanos how long its sources took to name their offsets
   */
  static NextBatch planned(BatchPlanned plan, MicroBatchContext context, long offsetNanos) {
    return new NextBatch(plan, context, null, offsetNanos);
  }

  /** A batch that can't be planned. */
  static NextBatch failed(Throwable failure, long offsetNanos) {
    return new NextBatch(null, null, failure, offsetNanos);
  }

  /** Gives it what is being read for it; owned from now on. */
  void reads(ReadAhead readAhead) {
    rows = readAhead;
  }

  /** What the log has to remember of it, or null. */
  @Nullable BatchPlanned entry() {
    return plan;
  }

  /**
   * What is to run.
   *
   * @throws IOException or anything else that planning it failed with
   */
  BatchPlanned plan() throws IOException {
    if (plan != null) {
      return plan;
    }
    switch (failure) {
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> throw new IllegalStateException(failure);
    }
  }

  /** The run that the rows were read for. */
  @Nullable MicroBatchContext context() {
    return context;
  }

  /** How long its sources took to name their offsets. */
  long offsetNanos() {
    return offsetNanos;
  }

  /** Drops what was read and not taken. Idempotent. */
  @Override
  public void close() {
    ReadAhead reading = rows;
    rows = null;
    if (reading != null) {
      reading.close();
    }
  }
}
