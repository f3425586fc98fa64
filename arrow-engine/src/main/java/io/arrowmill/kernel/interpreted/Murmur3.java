package io.arrowmill.kernel.interpreted;

/**
 * MurmurHash3 x86_32, but with each byte after the last whole word mixed in as a word of its own.
 */
final class Murmur3 extends ValueHash {
  private static final int C1 = 0xcc9e2d51;
  private static final int C2 = 0x1b873593;

  @Override
  long hashInt(int value, long seed) {
    return finish(mix((int) seed, value), Integer.BYTES);
  }

  @Override
  long hashLong(long value, long seed) {
    int hash = mix((int) seed, (int) value);
    return finish(mix(hash, (int) (value >>> 32)), Long.BYTES);
  }

  @Override
  long hashBytes(byte[] bytes, long seed) {
    int hash = (int) seed;
    int i = 0;
    for (; i + 4 <= bytes.length; i += 4) {
      int word =
          (bytes[i] & 0xFF)
              | (bytes[i + 1] & 0xFF) << 8
              | (bytes[i + 2] & 0xFF) << 16
              | bytes[i + 3] << 24;
      hash = mix(hash, word);
    }
    for (; i < bytes.length; i++) {
      hash = mix(hash, bytes[i]);
    }
    return finish(hash, bytes.length);
  }

  private static int mix(int hash, int word) {
    int mixed = hash ^ Integer.rotateLeft(word * C1, 15) * C2;
    return Integer.rotateLeft(mixed, 13) * 5 + 0xe6546b64;
  }

  private static int finish(int hash, int length) {
    int h = hash ^ length;
    h = (h ^ h >>> 16) * 0x85ebca6b;
    h = (h ^ h >>> 13) * 0xc2b2ae35;
    return h ^ h >>> 16;
  }
}
