package io.arrowmill.codegen.table;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * Says by hashes which {@link KeySet} of several a key belongs to, as {@link NeighbourRoutes} has
 * it. Owns its working memory.
 */
public final class KeyRouter implements RowHasher {
  private final ValueKind kind;
  private final ColumnSlice keys;
  private final WordHasher hasher;
  private final NeighbourRoutes routes;
  private final boolean hashesKeys;

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
    routes = new NeighbourRoutes(hash);
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
      routes.intoHashes(values, count, hashesOut);
    } else {
      routes.alone(values, count, hashesOut);
    }
  }

  @Override
  public void close() {
    keys.close();
    hasher.close();
  }
}
