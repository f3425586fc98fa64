package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.ir.Site;

/**
 * Checked narrowing.
 *
 * <p>A fraction is cut off before the range is checked: 127.9 is the I8 127. The bounds of I64 are
 * those of F64, so 2^63 passes as the greatest I64, as in Spark.
 */
public final class NumericCasts {

  private static final double MAX_I64 = 0x1p63;

  private NumericCasts() {}

  /** Whether an integer is outside the range from {@code min} to {@code max}. */
  public static boolean fails(long value, long min, long max) {
    return value < min || value > max;
  }

  /**
   * Whether a number is outside the range from {@code min} to {@code max}, its fraction cut off;
   * true for NaN.
   */
  public static boolean fails(double value, double min, double max) {
    return !(Math.floor(value) <= max && Math.ceil(value) >= min);
  }

  /** Whether a number is outside the range of I64; true for NaN. */
  public static boolean failsI64(double value) {
    return !(value <= MAX_I64 && value >= -MAX_I64);
  }

  public static int toI8(long value, String from, Site site) {
    if ((byte) value != value) {
      throw KernelErrors.castOverflow(site, value, from, "tinyint");
    }
    return (int) value;
  }

  public static int toI16(long value, String from, Site site) {
    if ((short) value != value) {
      throw KernelErrors.castOverflow(site, value, from, "smallint");
    }
    return (int) value;
  }

  public static int toI32(long value, String from, Site site) {
    if ((int) value != value) {
      throw KernelErrors.castOverflow(site, value, from, "int");
    }
    return (int) value;
  }

  public static int toI8(double value, String from, Site site) {
    if (fails(value, Byte.MIN_VALUE, Byte.MAX_VALUE)) {
      throw KernelErrors.castOverflow(site, value, from, "tinyint");
    }
    return (int) value;
  }

  public static int toI16(double value, String from, Site site) {
    if (fails(value, Short.MIN_VALUE, Short.MAX_VALUE)) {
      throw KernelErrors.castOverflow(site, value, from, "smallint");
    }
    return (int) value;
  }

  public static int toI32(double value, String from, Site site) {
    if (fails(value, Integer.MIN_VALUE, Integer.MAX_VALUE)) {
      throw KernelErrors.castOverflow(site, value, from, "int");
    }
    return (int) value;
  }

  public static long toI64(double value, String from, Site site) {
    if (failsI64(value)) {
      throw KernelErrors.castOverflow(site, value, from, "bigint");
    }
    return (long) value;
  }
}
