package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.ir.Site;

/**
 * Checked arithmetic over I8, I16, I32 (all held in an int) and I64.
 *
 * <p>{@code xxxFails} says whether an operation has no result, for the variants that yield null.
 */
public final class IntegerOps {

  private static final String I32 = "integer";
  private static final String I64 = "bigint";

  private IntegerOps() {}

  // ---- I32

  public static int add(int left, int right, Site site) {
    int result = left + right;
    if (((left ^ result) & (right ^ result)) < 0) {
      throw KernelErrors.overflow(site, I32, left, "+", right);
    }
    return result;
  }

  public static int subtract(int left, int right, Site site) {
    int result = left - right;
    if (((left ^ right) & (left ^ result)) < 0) {
      throw KernelErrors.overflow(site, I32, left, "-", right);
    }
    return result;
  }

  public static int multiply(int left, int right, Site site) {
    long result = (long) left * right;
    if ((int) result != result) {
      throw KernelErrors.overflow(site, I32, left, "*", right);
    }
    return (int) result;
  }

  public static int divide(int left, int right, Site site) {
    if (right == 0) {
      throw KernelErrors.divideByZero(site, left, "/");
    }
    if (left == Integer.MIN_VALUE && right == -1) {
      throw KernelErrors.overflow(site, I32, left, "/", right);
    }
    return left / right;
  }

  public static int remainder(int left, int right, Site site) {
    if (right == 0) {
      throw KernelErrors.divideByZero(site, left, "%");
    }
    return left % right;
  }

  public static int positiveRemainder(int left, int right, Site site) {
    if (right == 0) {
      throw KernelErrors.divideByZero(site, left, "pmod");
    }
    return positiveRemainder(left, right);
  }

  /** Right must not be zero. */
  public static int positiveRemainder(int left, int right) {
    int remainder = left % right;
    return remainder < 0 && right > 0 ? remainder + right : remainder;
  }

  public static int negate(int value, Site site) {
    if (value == Integer.MIN_VALUE) {
      throw KernelErrors.overflow(site, I32, "negative", value);
    }
    return -value;
  }

  public static int abs(int value, Site site) {
    if (value == Integer.MIN_VALUE) {
      throw KernelErrors.overflow(site, I32, "abs", value);
    }
    return Math.abs(value);
  }

  public static boolean addFails(int left, int right) {
    int result = left + right;
    return ((left ^ result) & (right ^ result)) < 0;
  }

  public static boolean subtractFails(int left, int right) {
    int result = left - right;
    return ((left ^ right) & (left ^ result)) < 0;
  }

  public static boolean multiplyFails(int left, int right) {
    long result = (long) left * right;
    return (int) result != result;
  }

  public static boolean divideFails(int left, int right) {
    return right == 0 || (left == Integer.MIN_VALUE && right == -1);
  }

  // ---- I64

  public static long add(long left, long right, Site site) {
    long result = left + right;
    if (((left ^ result) & (right ^ result)) < 0) {
      throw KernelErrors.overflow(site, I64, left, "+", right);
    }
    return result;
  }

  public static long subtract(long left, long right, Site site) {
    long result = left - right;
    if (((left ^ right) & (left ^ result)) < 0) {
      throw KernelErrors.overflow(site, I64, left, "-", right);
    }
    return result;
  }

  public static long multiply(long left, long right, Site site) {
    long result = left * right;
    if (Math.multiplyHigh(left, right) != result >> 63) {
      throw KernelErrors.overflow(site, I64, left, "*", right);
    }
    return result;
  }

  public static long divide(long left, long right, Site site) {
    if (right == 0) {
      throw KernelErrors.divideByZero(site, left, "/");
    }
    if (left == Long.MIN_VALUE && right == -1) {
      throw KernelErrors.overflow(site, I64, left, "/", right);
    }
    return left / right;
  }

  public static long remainder(long left, long right, Site site) {
    if (right == 0) {
      throw KernelErrors.divideByZero(site, left, "%");
    }
    return left % right;
  }

  public static long positiveRemainder(long left, long right, Site site) {
    if (right == 0) {
      throw KernelErrors.divideByZero(site, left, "pmod");
    }
    return positiveRemainder(left, right);
  }

  /** Right must not be zero. */
  public static long positiveRemainder(long left, long right) {
    long remainder = left % right;
    return remainder < 0 && right > 0 ? remainder + right : remainder;
  }

  public static long negate(long value, Site site) {
    if (value == Long.MIN_VALUE) {
      throw KernelErrors.overflow(site, I64, "negative", value);
    }
    return -value;
  }

  public static long abs(long value, Site site) {
    if (value == Long.MIN_VALUE) {
      throw KernelErrors.overflow(site, I64, "abs", value);
    }
    return Math.abs(value);
  }

  public static boolean addFails(long left, long right) {
    long result = left + right;
    return ((left ^ result) & (right ^ result)) < 0;
  }

  public static boolean subtractFails(long left, long right) {
    long result = left - right;
    return ((left ^ right) & (left ^ result)) < 0;
  }

  public static boolean multiplyFails(long left, long right) {
    return Math.multiplyHigh(left, right) != (left * right) >> 63;
  }

  public static boolean divideFails(long left, long right) {
    return right == 0 || (left == Long.MIN_VALUE && right == -1);
  }
}
