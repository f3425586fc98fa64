package io.arrowmill.operator;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The panes of keys that have very many, by time: times far apart would else be looked for pane by
 * pane. Owns what it knows of them; used by one task at a time.
 */
final class PaneIndex implements AutoCloseable {
  private final MemorySource memory;
  private final Map<Long, RowsByTime> keys = new HashMap<>();

  PaneIndex(MemorySource memory) {
    this.memory = memory;
  }

  long memoryBytes() {
    return keys.values().stream().mapToLong(RowsByTime::memoryBytes).sum();
  }

  /** The panes of a key, or null if it is not indexed. */
  @Nullable RowsByTime of(long key) {
    return keys.isEmpty() ? null : keys.get(key);
  }

  /** Indexes a key, from its oldest pane on. */
  RowsByTime add(PaneRing ring, long key) {
    try (Parts parts = new Parts()) {
      RowsByTime panes = parts.add(new RowsByTime(memory));
      for (long pane = ring.oldest(key); pane != key; pane = ring.newer(pane)) {
        panes.put(ring.time(pane), pane);
      }
      parts.complete();
      keys.put(key, panes);
      return panes;
    }
  }

  /** Takes in a new pane of a key. */
  void insert(long key, long time, long pane) {
    RowsByTime panes = of(key);
    if (panes != null) {
      panes.put(time, pane);
    }
  }

  /** Forgets the panes of a key before a time. */
  void cut(long key, long time) {
    RowsByTime panes = of(key);
    if (panes != null) {
      panes.removeBefore(time);
    }
  }

  /** Forgets a key that is removed. */
  void remove(long key) {
    RowsByTime panes = keys.isEmpty() ? null : keys.remove(key);
    if (panes != null) {
      panes.close();
    }
  }

  @Override
  public void close() {
    keys.values().forEach(RowsByTime::close);
    keys.clear();
  }
}
