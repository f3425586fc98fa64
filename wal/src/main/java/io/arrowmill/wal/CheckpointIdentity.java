package io.arrowmill.wal;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Whose checkpoint this is; written when the checkpoint is created and the same ever after.
 *
 * @param queryId the query's id, which survives restarts
 * @param planFingerprint canonical text of sources, stateful operators, key and value schemas; the
 *     log stores it, whoever opens the log compares it
 * @param pinnedConf settings that must not change between restarts, iterated in the order of their
 *     names
 * @param formatVersion version of the meaning of entries' contents, chosen by whoever writes them
 */
public record CheckpointIdentity(
    UUID queryId, String planFingerprint, Map<String, String> pinnedConf, int formatVersion) {

  /** Copies the map. */
  public CheckpointIdentity {
    requireNonNull(queryId, "queryId");
    requireNonNull(planFingerprint, "planFingerprint");
    pinnedConf = Collections.unmodifiableMap(new TreeMap<>(pinnedConf));
  }
}
