package io.arrowmill;

import java.util.Iterator;

/**
 * Makes any number of objects of the objects of a key. Called by several tasks at a time, for
 * different keys.
 */
@FunctionalInterface
public interface FlatMapGroupsFunction<K, V, U> {
  /** What is made of a key's objects. */
  Iterator<U> call(K key, Iterator<V> values) throws Exception;
}
