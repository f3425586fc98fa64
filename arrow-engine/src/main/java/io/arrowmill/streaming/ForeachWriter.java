package io.arrowmill.streaming;

import org.jspecify.annotations.Nullable;

/**
 * User code that takes a query's output row by row: for each batch and partition {@link #open},
 * then {@link #process} for every row if it said true, then {@link #close}.
 *
 * <p>A batch is given at least once; one that comes again after a failure has the same {@code
 * partitionId}, {@code epochId} and rows. Threading: called by the query's thread only, one
 * partition after the other.
 *
 * @param <T> the type of the rows
 */
public abstract class ForeachWriter<T> {

  /** For subclasses. */
  protected ForeachWriter() {}

  /**
   * Starts a partition of a batch.
   *
   * @param partitionId from 0
   * @param epochId the batch's id
   * @return whether its rows are wanted; if not, only {@link #close} follows
   */
  public abstract boolean open(long partitionId, long epochId);

  /** Takes a row. An exception fails the query. */
  public abstract void process(T value);

  /**
   * Ends what {@link #open} began, unless that threw.
   *
   * @param errorOrNull what {@link #process} threw; null if all went well
   */
  public abstract void close(@Nullable Throwable errorOrNull);
}
