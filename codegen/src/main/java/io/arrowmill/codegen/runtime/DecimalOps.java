package io.arrowmill.codegen.runtime;

/** Operations on 128-bit two's-complement values, given as their low and high halves. */
public final class DecimalOps {

  private DecimalOps() {}

  /** Negative, zero or positive, as left is less than, equal to or greater than right. */
  public static int compare(long leftLow, long leftHigh, long rightLow, long rightHigh) {
    return leftHigh != rightHigh
        ? Long.compare(leftHigh, rightHigh)
        : Long.compareUnsigned(leftLow, rightLow);
  }
}
