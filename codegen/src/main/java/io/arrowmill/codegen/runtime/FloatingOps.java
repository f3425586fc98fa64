package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.ir.Site;

/** Order and division of F32 and F64: NaN equals NaN and is the greatest, -0.0 equals 0.0. */
public final class FloatingOps {

  private FloatingOps() {}

  /** Negative, zero or positive, as left is less than, equal to or greater than right. */
  public static int compare(double left, double right) {
    // Both comparisons are false for a NaN; two NaNs differ by 0.
    return left < right
        ? -1
        : left > right ? 1 : left == right ? 0 : nanRank(left) - nanRank(right);
  }

  /** Negative, zero or positive, as left is less than, equal to or greater than right. */
  public static int compare(float left, float right) {
    return left < right
        ? -1
        : left > right ? 1 : left == right ? 0 : nanRank(left) - nanRank(right);
  }

  private static int nanRank(double value) {
    return Double.isNaN(value) ? 1 : 0;
  }

  public static double divide(double left, double right, Site site) {
    if (right == 0) {
      throw KernelErrors.divideByZero(site, left, "/");
    }
    return left / right;
  }

  public static double remainder(double left, double right, Site site) {
    if (right == 0) {
      throw KernelErrors.divideByZero(site, left, "%");
    }
    return left % right;
  }

  public static double positiveRemainder(double left, double right, Site site) {
    if (right == 0) {
      throw KernelErrors.divideByZero(site, left, "pmod");
    }
    return positiveRemainder(left, right);
  }

  public static double positiveRemainder(double left, double right) {
    double remainder = left % right;
    return remainder < 0 ? (remainder + right) % right : remainder;
  }

  public static float divide(float left, float right, Site site) {
    if (right == 0) {
      throw KernelErrors.divideByZero(site, left, "/");
    }
    return left / right;
  }

  public static float remainder(float left, float right, Site site) {
    if (right == 0) {
      throw KernelErrors.divideByZero(site, left, "%");
    }
    return left % right;
  }

  public static float positiveRemainder(float left, float right, Site site) {
    if (right == 0) {
      throw KernelErrors.divideByZero(site, left, "pmod");
    }
    return positiveRemainder(left, right);
  }

  public static float positiveRemainder(float left, float right) {
    float remainder = left % right;
    return remainder < 0 ? (remainder + right) % right : remainder;
  }
}
