package io.arrowmill.codegen.table;

import static io.arrowmill.codegen.memory.OffHeap.getLong;

import io.arrowmill.codegen.compile.HashLanes;
import io.arrowmill.codegen.runtime.WordHash;
import org.jspecify.annotations.Nullable;

/**
 * Hashes keys to 64 bits. Tables that exchange hashes or groups use equal functions.
 *
 * <pre>
 *   63        48 47        32 31        20 19         0
 *   +-----------+------------+------------+------------+
 *   | partition |            | directory  | slot       |
 *   +-----------+------------+------------+------------+
 * </pre>
 *
 * <p>Rows go to partitions by bits that a table does not use for itself, so that a partition's keys
 * spread in its table.
 */
public interface KeyHash {

  /** State before the first key. */
  long start();

  /** Adds eight bytes of a key. */
  long combine(long state, long word);

  /** Adds 24 bytes of a key at once, for less than one word after the other would take. */
  long combine(long state, long first, long second, long third);

  /** Hash of a value of {@code length} bytes, more than 8. */
  int bytes(long address, int length);

  /** What computes {@link #combine(long, long)} for whole columns, if anything does. */
  default @Nullable HashLanes lanes() {
    return null;
  }

  /** The usual function, without lanes. Equal seeds give equal hashes on every machine. */
  static KeyHash seeded(long seed) {
    return seeded(seed, null);
  }

  /** The usual function: the same with lanes and without. */
  static KeyHash seeded(long seed, @Nullable HashLanes lanes) {
    return new Seeded(seed, lanes);
  }

  /** Which of {@code partitions}, at most 65,536, a key with this hash belongs to. */
  static int partition(long hash, int partitions) {
    return (int) (((hash >>> 48) * partitions) >>> 16);
  }

  /** Products of two words are of words that only the seed knows. */
  record Seeded(long start, @Nullable HashLanes lanes) implements KeyHash {
    private static final long SECRET = WordHash.SECOND_FACTOR;

    @Override
    public long combine(long state, long word) {
      return WordHash.combine(state, word);
    }

    @Override
    public long combine(long state, long first, long second, long third) {
      long a = first ^ start;
      long b = second ^ combine(start, SECRET);
      return combine(state, a * b ^ Math.unsignedMultiplyHigh(a, b) ^ third);
    }

    /**
     * Multiplies each word by a secret of the seed and folds both halves of the product: whoever
     * does not know the seed can't find texts that hash alike.
     */
    @Override
    public int bytes(long address, int length) {
      long secret = combine(start, SECRET) | 1;
      long h = start ^ length * SECRET;
      for (int at = 0; at < length - 8; at += 8) {
        long word = h ^ getLong(address + at);
        h = word * secret ^ Math.unsignedMultiplyHigh(word, secret);
      }
      // The last word overlaps the one before.
      h = combine(h, getLong(address + length - 8));
      return (int) (h >>> 32);
    }
  }
}
