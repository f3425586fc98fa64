package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

/**
 * Says which partition an integer key belongs to: neighbours to the same one, so that what is dense
 * stays dense in each of several tables or sets.
 *
 * <pre>
 *   63             48 47                            0
 *   +----------------+------------------------------+
 *   | of the stretch | of the key, if wanted        |
 *   +----------------+------------------------------+
 * </pre>
 */
final class NeighbourRoutes {
  /** Neighbours are keys of one stretch of this many bits. */
  static final int STRETCH_LOG2 = 12;

  private static final long KEY_MASK = (1L << 48) - 1;
  private static final long SECRET = 0x9E37_79B9_7F4A_7C15L;

  /** Odd, and known to nobody who does not know the hash function's seed. */
  private final long factor;

  NeighbourRoutes(KeyHash hash) {
    factor = hash.combine(hash.start(), SECRET) | 1;
  }

  /** The stretch that a key lies in. */
  static long stretch(long key) {
    return key >> STRETCH_LOG2;
  }

  /**
   * Replaces those bits of keys' hashes that say the partition.
   *
   * @param keys int64 each; a null is 0
   */
  void intoHashes(long keys, int count, long hashes) {
    for (int i = 0; i < count; i++) {
      long of = getLong(hashes + 8L * i) & KEY_MASK;
      putLong(hashes + 8L * i, of | (route(getLong(keys + 8L * i)) & ~KEY_MASK));
    }
  }

  /** As {@link #intoHashes}, but what else the hashes would say is undefined. */
  void alone(long keys, int count, long hashesOut) {
    for (int i = 0; i < count; i++) {
      putLong(hashesOut + 8L * i, route(getLong(keys + 8L * i)));
    }
  }

  private long route(long key) {
    return stretch(key) * factor;
  }
}
