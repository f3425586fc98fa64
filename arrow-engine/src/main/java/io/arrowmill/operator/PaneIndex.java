package io.arrowmill.operator;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The panes of keys that have very many, by time: times far apart would else be looked for pane by
 * pane. On the heap, for such keys only.
 */
final class PaneIndex {
  private final Map<Long, NavigableMap<Long, Long>> keys = new HashMap<>();

  /** The panes of a key, or null if it is not indexed. */
  @Nullable NavigableMap<Long, Long> of(long key) {
    return keys.isEmpty() ? null : keys.get(key);
  }

  /** Indexes a key, from its oldest pane on. */
  NavigableMap<Long, Long> add(PaneRing ring, long key) {
    NavigableMap<Long, Long> panes = new TreeMap<>();
    for (long pane = ring.oldest(key); pane != key; pane = ring.newer(pane)) {
      panes.put(ring.time(pane), pane);
    }
    keys.put(key, panes);
    return panes;
  }

  /** Takes in a new pane of a key. */
  void insert(long key, long time, long pane) {
    NavigableMap<Long, Long> panes = of(key);
    if (panes != null) {
      panes.put(time, pane);
    }
  }

  /** Forgets the panes of a key before a time. */
  void cut(long key, long time) {
    NavigableMap<Long, Long> panes = of(key);
    if (panes != null) {
      panes.headMap(time, false).clear();
    }
  }

  /** Forgets a key that is removed. */
  void remove(long key) {
    if (!keys.isEmpty()) {
      keys.remove(key);
    }
  }
}
