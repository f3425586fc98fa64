package io.arrowmill.kernel.interpreted;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Checksums and hashes. */
final class Hashes {
  private static final long SEED = 42;

  private Hashes() {}

  static void register(FunctionTable table) {
    table.strict1("crc32", (site, a) -> crc32(bytes(a)));
    table.strict1("md5", (site, a) -> digest("MD5", a));
    table.strict1("sha1 sha", (site, a) -> digest("SHA-1", a));
    table.strict2("sha2", (site, a, b) -> sha2(a, Numbers.toInt(b)));
    table.lenient("hash", (site, a) -> hash(site, a));
    table.lenient("xxhash64", (site, a) -> xxHash(site, a));
  }

  private static int hash(CallSite site, @Nullable Object[] a) {
    ValueHash murmur = new Murmur3();
    long hash = SEED;
    for (int i = 0; i < a.length; i++) {
      hash = murmur.fold(a[i], site.argumentType(i), hash);
    }
    return (int) hash;
  }

  private static long xxHash(CallSite site, @Nullable Object[] a) {
    ValueHash xx = new XxHash64();
    long hash = SEED;
    for (int i = 0; i < a.length; i++) {
      hash = xx.fold(a[i], site.argumentType(i), hash);
    }
    return hash;
  }

  private static byte[] bytes(Object value) {
    return value instanceof byte[] bytes ? bytes : Text.utf8((String) value);
  }

  private static long crc32(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  private static String digest(String algorithm, Object value) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes(value)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime must have " + algorithm, e);
    }
  }

  private static @Nullable Object sha2(Object value, int bits) {
    return switch (bits) {
      case 0, 256 -> digest("SHA-256", value);
      case 224 -> digest("SHA-224", value);
      case 384 -> digest("SHA-384", value);
      case 512 -> digest("SHA-512", value);
      default -> null;
    };
  }
}
