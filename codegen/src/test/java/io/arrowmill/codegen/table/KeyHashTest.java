package io.arrowmill.codegen.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.codegen.memory.OffHeap;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that were chosen to hash alike do so only for who knows the seed. */
class KeyHashTest {
  private static final int KEYS = 50_000;
  private static final int BUCKETS = 1 << 12;

  /** Undoes {@code h ^ (h >>> 32)}, which is its own inverse. */
  private static long unfold(long h) {
    return h ^ (h >>> 32);
  }

  /** The inverse of an odd number modulo 2^64, by Newton's method. */
  private static long inverse(long odd) {
    long x = odd;
    for (int i = 0; i < 6; i++) {
      x *= 2 - odd * x;
    }
    return x;
  }

  /** Keys that a table seeded with 0 would put into one slot: equal low 20 bits of the hash. */
  private static long[] alikeWithoutSeed() {
    long m1 = inverse(0x9E3779B97F4A7C15L);
    long m2 = inverse(0xD6E8FEB86659FD93L);
    long[] keys = new long[KEYS];
    for (int i = 0; i < KEYS; i++) {
      long hash = (long) i << 20;
      keys[i] = unfold(unfold(hash) * m2) * m1;
    }
    return keys;
  }

  private static int fullestBucket(long[] hashes) {
    int[] counts = new int[BUCKETS];
    int most = 0;
    for (long hash : hashes) {
      most = Math.max(most, ++counts[(int) (hash & BUCKETS - 1)]);
    }
    return most;
  }

  private static long[] hashes(KeyHash hash, long[] keys) {
    long[] hashes = new long[keys.length];
    for (int i = 0; i < keys.length; i++) {
      hashes[i] = hash.combine(hash.start(), keys[i]);
    }
    return hashes;
  }

  @Test
  void theKeysOfTheseTestsAreAlikeWithoutSeed() {
    assertThat(fullestBucket(hashes(KeyHash.seeded(0), alikeWithoutSeed()))).isEqualTo(KEYS);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 77, -5, 0x1234_5678_9ABCL})
  void keysAlikeUnderOneSeedSpreadUnderAnother(long seed) {
    long random = new SplittableRandom(seed).nextLong();
    int most = fullestBucket(hashes(KeyHash.seeded(random), alikeWithoutSeed()));
    // 12 a bucket on the average; random keys reach about 27.
    assertThat(most).as("seed=%d", seed).isLessThan(60);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 77, -5, 0x1234_5678_9ABCL})
  void textsThatDifferInBitsThatCancelSpread(long seed) {
    KeyHash hash = KeyHash.seeded(new SplittableRandom(seed).nextLong());
    try (TestMemory memory = new TestMemory()) {
      long text = memory.allocate(264);
      Set<Integer> seen = new HashSet<>();
      for (int variant = 0; variant < 1 << 12; variant++) {
        OffHeap.zero(text, 264);
        for (int bit = 0; bit < 12; bit++) {
          if ((variant >> bit & 1) != 0) {
            // The top bit of a word and, where a rotation by 29 takes it, a bit of the next.
            OffHeap.putLong(text + 16L * bit, 1L << 63);
            OffHeap.putLong(text + 16L * bit + 8, 1L << 28);
          }
        }
        seen.add(hash.bytes(text, 264));
      }
      // Of 4,096 values of 32 bits two meet by chance about once in 500 seeds.
      assertThat(seen).as("seed=%d", seed).hasSizeGreaterThan(4_090);
      memory.free(text, 264);
    }
  }
}
