package io.arrowmill.kernel.interpreted;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** XXH64. */
final class XxHash64 extends ValueHash {
  private static final long P1 = 0x9E3779B185EBCA87L;
  private static final long P2 = 0xC2B2AE3D27D4EB4FL;
  private static final long P3 = 0x165667B19E3779F9L;
  private static final long P4 = 0x85EBCA77C2B2AE63L;
  private static final long P5 = 0x27D4EB2F165667C5L;

  @Override
  long hashInt(int value, long seed) {
    return finish(mixInt(seed + P5 + Integer.BYTES, value));
  }

  @Override
  long hashLong(long value, long seed) {
    return finish(mixLong(seed + P5 + Long.BYTES, value));
  }

  @Override
  long hashBytes(byte[] bytes, long seed) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long hash = in.remaining() >= 32 ? stripes(in, seed) : seed + P5;
    hash += bytes.length;
    while (in.remaining() >= Long.BYTES) {
      hash = mixLong(hash, in.getLong());
    }
    if (in.remaining() >= Integer.BYTES) {
      hash = mixInt(hash, in.getInt());
    }
    while (in.hasRemaining()) {
      hash = Long.rotateLeft(hash ^ (in.get() & 0xFF) * P5, 11) * P1;
    }
    return finish(hash);
  }

  private static long stripes(ByteBuffer in, long seed) {
    long v1 = seed + P1 + P2;
    long v2 = seed + P2;
    long v3 = seed;
    long v4 = seed - P1;
    while (in.remaining() >= 32) {
      v1 = round(v1, in.getLong());
      v2 = round(v2, in.getLong());
      v3 = round(v3, in.getLong());
      v4 = round(v4, in.getLong());
    }
    long hash =
        Long.rotateLeft(v1, 1)
            + Long.rotateLeft(v2, 7)
            + Long.rotateLeft(v3, 12)
            + Long.rotateLeft(v4, 18);
    for (long v : new long[] {v1, v2, v3, v4}) {
      hash = (hash ^ round(0, v)) * P1 + P4;
    }
    return hash;
  }

  private static long round(long lane, long input) {
    return Long.rotateLeft(lane + input * P2, 31) * P1;
  }

  private static long mixLong(long hash, long value) {
    return Long.rotateLeft(hash ^ round(0, value), 27) * P1 + P4;
  }

  private static long mixInt(long hash, int value) {
    return Long.rotateLeft(hash ^ (value & 0xFFFFFFFFL) * P1, 23) * P2 + P3;
  }

  private static long finish(long hash) {
    long h = (hash ^ hash >>> 33) * P2;
    h = (h ^ h >>> 29) * P3;
    return h ^ h >>> 32;
  }
}
