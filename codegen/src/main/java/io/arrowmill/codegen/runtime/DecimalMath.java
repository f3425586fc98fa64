package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.ir.Site;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Arithmetic of decimals with given scales, over (low, high) halves: exact in 128 bits where the
 * operands and their scaling leave room, otherwise by way of BigDecimal.
 *
 * <p>Returns the low half; the high half and nullness are left in the context. Immutable.
 *
 * @param leftScale the left operand's scale
 * @param rightScale the right operand's scale
 * @param leftFactor what brings a left operand to the result's scale, or 0 if that is not a
 *     multiplication by a long
 * @param rightFactor the same for a right operand
 * @param range the result's type
 */
public record DecimalMath(
    int leftScale, int rightScale, long leftFactor, long rightFactor, DecimalRange range) {

  /** Digits of the greatest power of ten that is a long. */
  private static final int LONG_DIGITS = 18;

  /** Arithmetic with these scales; what does not fit is null or an error that names the site. */
  public static DecimalMath of(
      int leftScale, int rightScale, int precision, int scale, boolean orNull, Site site) {
    return new DecimalMath(
        leftScale,
        rightScale,
        factor(scale - leftScale),
        factor(scale - rightScale),
        DecimalRange.of(precision, scale, orNull, site));
  }

  private static long factor(int digits) {
    long factor = 1;
    for (int i = 0; i < digits; i++) {
      factor *= 10;
    }
    return digits < 0 || digits > LONG_DIGITS ? 0 : factor;
  }

  private static boolean isLong(long low, long high) {
    return high == low >> 63;
  }

  public long add(KernelContext context, long ll, long lh, long rl, long rh) {
    if (!addable(ll, lh, rl, rh)) {
      return range.fit(context, big(ll, lh, leftScale).add(big(rl, rh, rightScale)));
    }
    long leftLow = ll * leftFactor;
    long rightLow = rl * rightFactor;
    long low = leftLow + rightLow;
    long carry = Long.compareUnsigned(low, leftLow) < 0 ? 1 : 0;
    // Two products of longs, each below 2^126, cannot overflow 128 bits.
    long high = Math.multiplyHigh(ll, leftFactor) + Math.multiplyHigh(rl, rightFactor) + carry;
    return range.fit(context, low, high);
  }

  public long subtract(KernelContext context, long ll, long lh, long rl, long rh) {
    if (!addable(ll, lh, rl, rh)) {
      return range.fit(context, big(ll, lh, leftScale).subtract(big(rl, rh, rightScale)));
    }
    long leftLow = ll * leftFactor;
    long rightLow = rl * rightFactor;
    long borrow = Long.compareUnsigned(leftLow, rightLow) < 0 ? 1 : 0;
    long high = Math.multiplyHigh(ll, leftFactor) - Math.multiplyHigh(rl, rightFactor) - borrow;
    return range.fit(context, leftLow - rightLow, high);
  }

  private boolean addable(long ll, long lh, long rl, long rh) {
    return leftFactor != 0 && rightFactor != 0 && isLong(ll, lh) && isLong(rl, rh);
  }

  public long multiply(KernelContext context, long ll, long lh, long rl, long rh) {
    if (range.scale() != leftScale + rightScale || !isLong(ll, lh) || !isLong(rl, rh)) {
      return range.fit(context, big(ll, lh, leftScale).multiply(big(rl, rh, rightScale)));
    }
    return range.fit(context, ll * rl, Math.multiplyHigh(ll, rl));
  }

  public long divide(KernelContext context, long ll, long lh, long rl, long rh) {
    BigDecimal left = big(ll, lh, leftScale);
    if ((rl | rh) == 0) {
      return zeroDivisor(context, left, "/");
    }
    return range.fit(
        context, left.divide(big(rl, rh, rightScale), range.scale(), RoundingMode.HALF_UP));
  }

  public long remainder(KernelContext context, long ll, long lh, long rl, long rh) {
    BigDecimal left = big(ll, lh, leftScale);
    if ((rl | rh) == 0) {
      return zeroDivisor(context, left, "%");
    }
    return range.fit(context, left.remainder(big(rl, rh, rightScale)));
  }

  public long positiveRemainder(KernelContext context, long ll, long lh, long rl, long rh) {
    BigDecimal left = big(ll, lh, leftScale);
    if ((rl | rh) == 0) {
      return zeroDivisor(context, left, "pmod");
    }
    BigDecimal right = big(rl, rh, rightScale);
    BigDecimal remainder = left.remainder(right);
    boolean lift = remainder.signum() < 0 && right.signum() > 0;
    return range.fit(context, lift ? remainder.add(right) : remainder);
  }

  private long zeroDivisor(KernelContext context, BigDecimal left, String symbol) {
    if (!range.orNull()) {
      throw KernelErrors.divideByZero(range.site(), left, symbol);
    }
    context.setNull();
    return 0;
  }

  private static BigDecimal big(long low, long high, int scale) {
    return isLong(low, high)
        ? BigDecimal.valueOf(low, scale)
        : new BigDecimal(DecimalRange.toBig(low, high), scale);
  }
}
