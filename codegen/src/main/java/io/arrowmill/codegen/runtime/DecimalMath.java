package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.ir.Site;
import java.math.BigDecimal;
import java.math.BigInteger;
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
 * @param quotientFactor what a left operand is multiplied by to be divided by a right one for the
 *     result's scale, or 0 if that is not a long
 * @param range the result's type
 */
public record DecimalMath(
    int leftScale,
    int rightScale,
    long leftFactor,
    long rightFactor,
    long quotientFactor,
    DecimalRange range) {

  /** Fractional digits that a quotient is rounded to before it is rounded to its type, as Spark. */
  private static final int QUOTIENT_SCALE = 39;

  private static final int DIGITS_BETWEEN = 10;
  private static final long SMALL_DIVISOR = 100_000_000L;

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
        factor(scale + rightScale - leftScale),
        DecimalRange.of(precision, scale, orNull, site));
  }

  /** The power of ten, or 0 if there is none that is a long. */
  static long factor(int digits) {
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
    if (range.scale() == leftScale + rightScale) {
      if (isLong(ll, lh) && isLong(rl, rh)) {
        return range.fit(context, ll * rl, Math.multiplyHigh(ll, rl));
      }
      if (isLong(rl, rh)) {
        return multiplyWide(context, ll, lh, rl);
      }
      if (isLong(ll, lh)) {
        return multiplyWide(context, rl, rh, ll);
      }
    }
    return range.fit(context, big(ll, lh, leftScale).multiply(big(rl, rh, rightScale)));
  }

  /** A value of up to 127 bits times a long: (high * 2^64 + low) * factor. */
  private long multiplyWide(KernelContext context, long low, long high, long factor) {
    boolean negative = (high ^ factor) < 0;
    long magnitudeLow = high < 0 ? -low : low;
    long magnitudeHigh = high < 0 ? ~high + (low == 0 ? 1 : 0) : high;
    long f = Math.abs(factor); // the least long is its own magnitude, taken as unsigned
    long carried = Math.unsignedMultiplyHigh(magnitudeLow, f);
    long productLow = magnitudeLow * f;
    long upper = magnitudeHigh * f;
    long productHigh = upper + carried;
    boolean tooBig =
        Math.unsignedMultiplyHigh(magnitudeHigh, f) != 0 || upper < 0 || productHigh < 0;
    if (tooBig) {
      BigInteger exact = DecimalRange.toBig(low, high).multiply(BigInteger.valueOf(factor));
      return range.tooBig(context, new BigDecimal(exact, range.scale()));
    }
    return negative
        ? range.fit(context, -productLow, ~productHigh + (productLow == 0 ? 1 : 0))
        : range.fit(context, productLow, productHigh);
  }

  public long divide(KernelContext context, long ll, long lh, long rl, long rh) {
    if ((rl | rh) == 0) {
      return zeroDivisor(context, big(ll, lh, leftScale), "/");
    }
    if (isLong(ll, lh) && isLong(rl, rh) && dividesExactly(rl)) {
      long high = Math.multiplyHigh(ll, quotientFactor);
      long dividend = ll * quotientFactor;
      if (isLong(dividend, high) && dividend != Long.MIN_VALUE) {
        long quotient = roundedQuotient(dividend, rl);
        return range.fit(context, quotient, quotient >> 63);
      }
    }
    return range.fit(
        context,
        big(ll, lh, leftScale)
            .divide(big(rl, rh, rightScale), QUOTIENT_SCALE, RoundingMode.HALF_UP));
  }

  /**
   * Whether rounding once is the same as rounding to {@link #QUOTIENT_SCALE} digits first: a rest
   * that is not half of such a divisor differs from it in the digits in between.
   */
  private boolean dividesExactly(long divisor) {
    return quotientFactor != 0
        && range.scale() <= QUOTIENT_SCALE - DIGITS_BETWEEN
        && divisor > -SMALL_DIVISOR
        && divisor < SMALL_DIVISOR;
  }

  /** Rounded half away from zero. */
  static long roundedQuotient(long dividend, long divisor) {
    long quotient = dividend / divisor;
    long rest = Math.abs(dividend % divisor);
    if (rest >= Math.abs(divisor) - rest) {
      quotient += (dividend ^ divisor) < 0 ? -1 : 1;
    }
    return quotient;
  }

  public long remainder(KernelContext context, long ll, long lh, long rl, long rh) {
    if ((rl | rh) == 0) {
      return zeroDivisor(context, big(ll, lh, leftScale), "%");
    }
    if (addable(ll, lh, rl, rh)) {
      long left = ll * leftFactor;
      long right = rl * rightFactor;
      if (isLong(left, Math.multiplyHigh(ll, leftFactor))
          && isLong(right, Math.multiplyHigh(rl, rightFactor))) {
        long rest = left % right;
        return range.fit(context, rest, rest >> 63);
      }
    }
    return range.fit(context, big(ll, lh, leftScale).remainder(big(rl, rh, rightScale)));
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
