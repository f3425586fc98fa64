package io.arrowmill;

import java.util.Iterator;

/**
 * Makes one object of the objects of a key. Called by several tasks at a time, for different keys.
 */
@FunctionalInterface
public interface MapGroupsFunction<K, V, U> {
  /** What is made of a key's objects. */
  U call(K key, Iterator<V> values) throws Exception;
}
