package io.arrowmill.streaming;

import org.jspecify.annotations.Nullable;

/** One value a key. Good while a {@link StatefulProcessor} is called, for the key of the call. */
public interface ValueState<S> {
  /** Whether there is a value. */
  boolean exists();

  /** The value, or null if there is none. */
  @Nullable S get();

  /**
   * Sets the value.
   *
   * @throws io.arrowmill.ArrowmillException with condition {@code
   *     ILLEGAL_STATE_STORE_VALUE.NULL_VALUE} if it is null
   */
  void update(S newState);

  /** Drops the value. */
  void clear();
}
