package io.arrowmill.kernel;

import static io.arrowmill.codegen.memory.OffHeap.getBit;
import static io.arrowmill.codegen.memory.OffHeap.getLong;
import static io.arrowmill.codegen.memory.OffHeap.putInt;
import static io.arrowmill.codegen.memory.OffHeap.putLong;
import static io.arrowmill.codegen.memory.OffHeap.zero;

import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.memory.Parts;
import io.arrowmill.codegen.runtime.WordHash;
import java.util.List;

/**
 * Hashes rows by their keys: rows that are the same in all keys have the same hash. Of a text its
 * first bytes count, and keys without words do not. Owns its memory; one thread.
 */
public final class SortKeyHash implements AutoCloseable {
  private static final int WORDS_MAX = 4;

  private final MemorySource memory;
  private final int count;
  private final long hashes;
  private final long words;
  private final long positions;

  /** Hashes the first {@code count} rows. */
  public SortKeyHash(List<SortKey> keys, int count, MemorySource memory) {
    this.memory = memory;
    this.count = count;
    try (Parts parts = new Parts()) {
      hashes = parts.allocate(memory, 8L * count);
      words = parts.allocate(memory, 8L * count);
      positions = parts.allocate(memory, 4L * count);
      parts.complete();
    }
    zero(hashes, 8L * count);
    for (int i = 0; i < count; i++) {
      putInt(positions + 4L * i, i);
    }
    keys.forEach(this::add);
  }

  /** Whether some keys have hashes of many values. */
  public static boolean tellsApart(List<SortKey> keys) {
    return keys.stream().anyMatch(key -> SortWords.of(key) != null);
  }

  private void add(SortKey key) {
    SortWords own = SortWords.of(key);
    if (own == null) {
      return;
    }
    long validity =
        key.values().getNullCount() == 0 ? 0 : key.values().getValidityBuffer().memoryAddress();
    for (int depth = 0; depth < Math.min(own.most(), WORDS_MAX); depth++) {
      own.fill(depth, positions, 0, count, words);
      for (int i = 0; i < count; i++) {
        boolean isPresent = validity == 0 || getBit(validity, i);
        long word = isPresent ? getLong(words + 8L * i) : 0;
        putLong(hashes + 8L * i, WordHash.combine(getLong(hashes + 8L * i), word));
      }
    }
  }

  /** The hash of a row. */
  public long get(int row) {
    return getLong(hashes + 8L * row);
  }

  @Override
  public void close() {
    memory.free(hashes, 8L * count);
    memory.free(words, 8L * count);
    memory.free(positions, 4L * count);
  }
}
