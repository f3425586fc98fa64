package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.ir.Site;

/**
 * Range checks for I8 and I16, whose arithmetic is done in int: two such operands never overflow an
 * int.
 *
 * <p>Each method takes the operands for its error message and the int result to check.
 */
public final class SmallIntegerOps {

  private SmallIntegerOps() {}

  public static int toByte(int result, int left, int right, String symbol, Site site) {
    if ((byte) result != result) {
      throw KernelErrors.smallOverflow(site, "tinyint", left, symbol, right);
    }
    return result;
  }

  public static int toShort(int result, int left, int right, String symbol, Site site) {
    if ((short) result != result) {
      throw KernelErrors.smallOverflow(site, "smallint", left, symbol, right);
    }
    return result;
  }

  public static int toByte(int result, int value, String function, Site site) {
    if ((byte) result != result) {
      throw KernelErrors.overflow(site, "tinyint", function, value);
    }
    return result;
  }

  public static int toShort(int result, int value, String function, Site site) {
    if ((short) result != result) {
      throw KernelErrors.overflow(site, "smallint", function, value);
    }
    return result;
  }
}
