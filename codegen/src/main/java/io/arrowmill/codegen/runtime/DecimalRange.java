package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.ir.Site;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * The type of a decimal result, and what to do with values that do not fit it.
 *
 * @param precision how many digits there may be
 * @param scale how many of them are a fraction
 * @param maxLow low half of the greatest unscaled value
 * @param maxHigh high half of the greatest unscaled value
 * @param orNull null instead of an error
 * @param site where errors come from
 */
record DecimalRange(
    int precision, int scale, long maxLow, long maxHigh, boolean orNull, Site site) {

  static DecimalRange of(int precision, int scale, boolean orNull, Site site) {
    BigInteger max = BigInteger.TEN.pow(precision).subtract(BigInteger.ONE);
    return new DecimalRange(
        precision, scale, max.longValue(), max.shiftRight(64).longValue(), orNull, site);
  }

  /** Returns a value of the result's scale, or deals with it if it has too many digits. */
  long fit(KernelContext context, long low, long high) {
    // The greatest magnitude is below 2^127, so that negating cannot overflow; -2^127 itself stays
    // negative.
    boolean negative = high < 0;
    long magnitudeLow = negative ? -low : low;
    long magnitudeHigh = negative ? ~high + (low == 0 ? 1 : 0) : high;
    boolean fits =
        magnitudeHigh >= 0 && DecimalOps.compare(magnitudeLow, magnitudeHigh, maxLow, maxHigh) <= 0;
    if (!fits) {
      return tooBig(context, new BigDecimal(toBig(low, high), scale));
    }
    context.isNull = 0;
    context.high = high;
    return low;
  }

  /**
   * Rounds a value to the result's scale and returns it, or deals with it if it has too many
   * digits.
   */
  long fit(KernelContext context, BigDecimal value) {
    BigDecimal rounded = value.setScale(scale, RoundingMode.HALF_UP);
    if (rounded.precision() > precision) {
      return tooBig(context, rounded);
    }
    BigInteger unscaled = rounded.unscaledValue();
    context.isNull = 0;
    context.high = unscaled.shiftRight(64).longValue();
    return unscaled.longValue();
  }

  long tooBig(KernelContext context, Object value) {
    if (!orNull) {
      throw KernelErrors.outOfRange(site, value, precision, scale);
    }
    context.setNull();
    return 0;
  }

  static BigInteger toBig(long low, long high) {
    byte[] bytes = new byte[16];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (high >>> (56 - 8 * i));
      bytes[8 + i] = (byte) (low >>> (56 - 8 * i));
    }
    return new BigInteger(bytes);
  }
}
