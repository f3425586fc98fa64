package io.arrowmill.streaming;

import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Handles the rows of keys with any number of state variables and timers.
 *
 * <p>An object of the program: it is not copied, and called by one thread at a time. Each batch
 * begins with {@link #init} and ends with {@link #close}.
 *
 * @param <K> the key's class
 * @param <I> the rows' class
 * @param <O> the class of what is given
 */
public abstract class StatefulProcessor<K, I, O> {
  private @Nullable StatefulProcessorHandle handle;

  /** Declares the state variables, with {@link #getHandle}. */
  public abstract void init(OutputMode outputMode, TimeMode timeMode) throws Exception;

  /** Called once for each key of a batch. */
  public abstract Iterator<O> handleInputRows(K key, Iterator<I> rows, TimerValues timerValues)
      throws Exception;

  /** Called once for each timer that has expired. */
  public Iterator<O> handleExpiredTimer(
      K key, TimerValues timerValues, ExpiredTimerInfo expiredTimerInfo) throws Exception {
    return Collections.emptyIterator();
  }

  /** Called at the end of each batch. */
  public void close() throws Exception {}

  /** Called by the engine. */
  public final void setHandle(StatefulProcessorHandle handle) {
    this.handle = handle;
  }

  /** What declares state and registers timers. */
  public final StatefulProcessorHandle getHandle() {
    StatefulProcessorHandle known = handle;
    if (known == null) {
      throw new IllegalStateException("a processor has a handle from init on");
    }
    return known;
  }
}
