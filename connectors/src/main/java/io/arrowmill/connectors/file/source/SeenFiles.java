package io.arrowmill.connectors.file.source;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files that a stream has taken, by key, with their modification times. Files that are older
 * than the newest one by more than the maximum age are forgotten, and never taken: that bounds the
 * memory. Confined to one thread.
 */
final class SeenFiles {
  private final long ageMillisMax;
  private final Map<String, Long> modifiedMillis = new LinkedHashMap<>();
  private long newestMillis;

  /** Files modified before this are not taken. */
  private long horizonMillis = Long.MIN_VALUE;

  SeenFiles(long ageMillisMax) {
    this.ageMillisMax = ageMillisMax;
  }

  boolean isNew(String key, long modified) {
    return modified >= horizonMillis && !modifiedMillis.containsKey(key);
  }

  void add(String key, long modified) {
    modifiedMillis.put(key, modified);
    newestMillis = Math.max(newestMillis, modified);
  }

  /** Forgets what is too old. */
  void purge() {
    if (ageMillisMax == Long.MAX_VALUE) {
      return;
    }
    horizonMillis = Math.max(horizonMillis, newestMillis - ageMillisMax);
    modifiedMillis.values().removeIf(modified -> modified < horizonMillis);
  }

  void restoreHorizon(long millis) {
    horizonMillis = Math.max(horizonMillis, millis);
  }

  long horizonMillis() {
    return horizonMillis;
  }

  Map<String, Long> entries() {
    return modifiedMillis;
  }
}
