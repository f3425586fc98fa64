package io.arrowmill.streaming;

import java.util.Iterator;

/**
 * Makes any number of objects of a key's new rows and of what it has kept of the key. Called by
 * several tasks at a time, for different keys.
 */
@FunctionalInterface
public interface FlatMapGroupsWithStateFunction<K, V, S, U> {

  /**
   * Called once for each key of a batch, and for keys that have timed out.
   *
   * @param values the key's rows of the batch; none at a timeout
   */
  Iterator<U> call(K key, Iterator<V> values, GroupState<S> state) throws Exception;
}
