package io.arrowmill.streaming;

import java.util.Iterator;
import java.util.List;

/**
 * A list a key. Good while a {@link StatefulProcessor} is called, for the key of the call. Read and
 * written as a whole: made for lists of some hundred values.
 */
public interface ListState<S> {
  /** Whether there is a value. */
  boolean exists();

  /** The values, in the order they were added. */
  Iterator<S> get();

  /** Sets the values in place of those there are. */
  void put(List<S> newState);

  /** Sets the values in place of those there are. */
  default void put(S[] newState) {
    put(List.of(newState));
  }

  /** Adds a value. */
  void appendValue(S newState);

  /** Adds values. */
  void appendList(List<S> newState);

  /** Adds values. */
  default void appendList(S[] newState) {
    appendList(List.of(newState));
  }

  /** Drops all values. */
  void clear();
}
