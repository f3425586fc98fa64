package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * Says by hashes which {@link KeySet} of several a key belongs to: neighbours to the same one, so
 * that what is dense stays dense. Owns its working memory.
 *
 * <pre>
 *   63             48 47                            0
 *   +----------------+------------------------------+
 *   | of the stretch | of the key, if wanted        |
 *   +----------------+------------------------------+
 * </pre>
 */
public final class KeyRouter implements RowHasher {
  private static final long KEY_MASK = (1L << 48) - 1;
  private static final long SECRET = 0x9E37_79B9_7F4A_7C15L;

  private final ValueKind kind;
  private final ColumnSlice keys;
  private final WordHasher hasher;
  private final boolean hashesKeys;

  /** Odd, and known to nobody who does not know the hash function's seed. */
  private final long factor;

  /**
   * A router.
   *
   * @param plan of the sets' tables
   * @param hashesKeys whether the hashes are to serve {@link KeySet#add}, too: the tables of those
   *     sets ask for the bits of the key
   */
  public KeyRouter(GroupTablePlan plan, KeyHash hash, MemorySource memory, boolean hashesKeys) {
    kind = plan.keys().getFirst();
    keys = new ColumnSlice(memory);
    hasher = new WordHasher(hash, memory);
    this.hashesKeys = hashesKeys;
    factor = hash.combine(hash.start(), SECRET) | 1;
  }

  /** Whether the hashes serve {@link KeySet#add}, too. */
  public boolean hashesKeys() {
    return hashesKeys;
  }

  @Override
  public void hash(long columns, long selection, int start, int count, long hashesOut) {
    keys.loadKey(kind, columns, selection, start, count);
    long values = keys.values();
    if (hashesKeys) {
      hasher.first(values, count, hashesOut); // that of a null is not asked for
      for (int i = 0; i < count; i++) {
        long h = getLong(hashesOut + 8L * i);
        long route = KeyBits.stretch(getLong(values + 8L * i)) * factor;
        putLong(hashesOut + 8L * i, (h & KEY_MASK) | (route & ~KEY_MASK));
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      putLong(hashesOut + 8L * i, KeyBits.stretch(getLong(values + 8L * i)) * factor);
    }
  }

  @Override
  public void close() {
    keys.close();
    hasher.close();
  }
}
