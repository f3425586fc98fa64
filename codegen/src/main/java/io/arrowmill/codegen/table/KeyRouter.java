package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putLong;

import io.arrowmill.codegen.memory.MemorySource;

/**
 * Says by hashes which {@link KeySet} of several a key belongs to: neighbours to the same one, so
 * that what is dense stays dense. Owns its working memory.
 */
public final class KeyRouter implements RowHasher {
  private final ValueKind kind;
  private final KeyHash hash;
  private final ColumnSlice keys;

  /**
   * A router.
   *
   * @param plan of the sets' tables
   */
  public KeyRouter(GroupTablePlan plan, KeyHash hash, MemorySource memory) {
    kind = plan.keys().getFirst();
    this.hash = hash;
    keys = new ColumnSlice(memory);
  }

  @Override
  public void hash(long columns, long selection, int start, int count, long hashesOut) {
    keys.loadKey(kind, columns, selection, start, count);
    long values = keys.values();
    long seed = hash.start();
    for (int i = 0; i < count; i++) {
      long stretch = KeyBits.stretch(getLong(values + 8L * i));
      putLong(hashesOut + 8L * i, hash.combine(seed, stretch));
    }
  }

  @Override
  public void close() {
    keys.close();
  }
}
