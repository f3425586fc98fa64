package io.arrowmill.codegen.runtime;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The functions of group MATH, one method a function. Those with logarithms are the same on every
 * machine.
 */
public final class MathFunctions {

  private static final double LN_2 = StrictMath.log(2);

  private MathFunctions() {}

  public static double sqrt(double value) {
    return Math.sqrt(value);
  }

  public static double cbrt(double value) {
    return Math.cbrt(value);
  }

  public static double exp(double value) {
    return StrictMath.exp(value);
  }

  public static double expm1(double value) {
    return StrictMath.expm1(value);
  }

  public static double ln(KernelContext context, double value) {
    if (value <= 0) {
      context.setNull();
    }
    return StrictMath.log(value);
  }

  public static double log10(KernelContext context, double value) {
    if (value <= 0) {
      context.setNull();
    }
    return StrictMath.log10(value);
  }

  public static double log2(KernelContext context, double value) {
    if (value <= 0) {
      context.setNull();
    }
    return StrictMath.log(value) / LN_2;
  }

  public static double log1p(KernelContext context, double value) {
    if (value <= -1) {
      context.setNull();
    }
    return StrictMath.log1p(value);
  }

  public static double pow(double base, double exponent) {
    return StrictMath.pow(base, exponent);
  }

  public static double sin(double value) {
    return Math.sin(value);
  }

  public static double cos(double value) {
    return Math.cos(value);
  }

  public static double tan(double value) {
    return Math.tan(value);
  }

  public static double asin(double value) {
    return Math.asin(value);
  }

  public static double acos(double value) {
    return Math.acos(value);
  }

  public static double atan(double value) {
    return Math.atan(value);
  }

  public static double atan2(double y, double x) {
    return Math.atan2(y + 0.0, x + 0.0);
  }

  public static double sinh(double value) {
    return Math.sinh(value);
  }

  public static double cosh(double value) {
    return Math.cosh(value);
  }

  public static double tanh(double value) {
    return Math.tanh(value);
  }

  public static double signum(double value) {
    return Math.signum(value);
  }

  public static double rint(double value) {
    return Math.rint(value);
  }

  public static double degrees(double value) {
    return Math.toDegrees(value);
  }

  public static double radians(double value) {
    return Math.toRadians(value);
  }

  public static long floor(double value) {
    return (long) Math.floor(value);
  }

  public static long ceil(double value) {
    return (long) Math.ceil(value);
  }

  public static double round(double value, int digits) {
    return round(value, digits, RoundingMode.HALF_UP);
  }

  public static double bankersRound(double value, int digits) {
    return round(value, digits, RoundingMode.HALF_EVEN);
  }

  public static boolean isNan(double value) {
    return Double.isNaN(value);
  }

  private static double round(double value, int digits, RoundingMode mode) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return value;
    }
    // The shortest decimal that names the double is what the user sees, so that is what is rounded.
    return BigDecimal.valueOf(value).setScale(digits, mode).doubleValue();
  }
}
