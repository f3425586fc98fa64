package io.arrowmill.streaming;

import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map a key. Good while a {@link StatefulProcessor} is called, for the key of the call. Read and
 * written as a whole: made for maps of some hundred entries.
 */
public interface MapState<K, V> {
  /** Whether there is an entry. */
  boolean exists();

  /** The value of an entry, or null if there is none. */
  @Nullable V getValue(K key);

  boolean containsKey(K key);

  /** Sets an entry. */
  void updateValue(K key, V value);

  Iterator<Map.Entry<K, V>> iterator();

  Iterator<K> keys();

  Iterator<V> values();

  /** Drops an entry. */
  void removeKey(K key);

  /** Drops all entries. */
  void clear();
}
