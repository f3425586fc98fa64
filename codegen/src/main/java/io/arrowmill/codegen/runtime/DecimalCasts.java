package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.ir.Site;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Casts from and to decimals with given scales: in 64 bits where the values leave room, otherwise
 * by way of BigDecimal.
 *
 * <p>Returns the low half of a decimal; the high half and nullness are left in the context.
 * Immutable.
 *
 * @param operandScale the scale of a decimal operand
 * @param scaleUp what brings an operand to a greater scale, or 0 if that is not a multiplication by
 *     a long
 * @param scaleDown what an operand is divided by for a lesser scale, or 0 if that is not a long
 * @param range the type of a decimal result, and what happens where there is none
 */
public record DecimalCasts(int operandScale, long scaleUp, long scaleDown, DecimalRange range) {

  /** The greatest power of ten, and the greatest whole number, up to which all are doubles. */
  private static final int EXACT_POWER = 22;

  private static final long EXACT_INTEGER = 1L << 53;
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** Casts with these scales; what does not fit is null or an error that names the site. */
  public static DecimalCasts of(
      int operandScale, int precision, int scale, boolean orNull, Site site) {
    return new DecimalCasts(
        operandScale,
        DecimalMath.factor(scale - operandScale),
        DecimalMath.factor(operandScale - scale),
        DecimalRange.of(precision, scale, orNull, site));
  }

  public long fromI64(KernelContext context, long value) {
    return scaleUp != 0
        ? range.fit(context, value * scaleUp, Math.multiplyHigh(value, scaleUp))
        : range.fit(context, BigDecimal.valueOf(value));
  }

  public long fromF32(KernelContext context, float value) {
    return fromF64(context, value);
  }

  /** NaN and the infinities are null. */
  public long fromF64(KernelContext context, double value) {
    if (!Double.isFinite(value)) {
      context.setNull();
      return 0;
    }
    return range.fit(context, BigDecimal.valueOf(value));
  }

  public long fromBytes(KernelContext context, long address, int length) {
    String text = BytesFunctions.string(address, length);
    BigDecimal value;
    try {
      value = new BigDecimal(text.trim());
    } catch (NumberFormatException e) {
      if (!range.orNull()) {
        String type = "decimal(%d,%d)".formatted(range.precision(), range.scale());
        throw KernelErrors.invalidInput(range.site(), text, type);
      }
      context.setNull();
      return 0;
    }
    return range.fit(context, value);
  }

  public long toDecimal(KernelContext context, long low, long high) {
    if (operandScale == range.scale()) {
      return range.fit(context, low, high);
    }
    if (high == low >> 63) {
      if (scaleUp != 0) {
        return range.fit(context, low * scaleUp, Math.multiplyHigh(low, scaleUp));
      }
      if (scaleDown != 0) {
        long rounded = DecimalMath.roundedQuotient(low, scaleDown);
        return range.fit(context, rounded, rounded >> 63);
      }
    }
    return range.fit(context, big(low, high));
  }

  public int toI8(KernelContext context, long low, long high) {
    return (int) toInteger(context, low, high, 8, "tinyint");
  }

  public int toI16(KernelContext context, long low, long high) {
    return (int) toInteger(context, low, high, 16, "smallint");
  }

  public int toI32(KernelContext context, long low, long high) {
    return (int) toInteger(context, low, high, 32, "int");
  }

  public long toI64(KernelContext context, long low, long high) {
    return toInteger(context, low, high, 64, "bigint");
  }

  public float toF32(KernelContext context, long low, long high) {
    return big(low, high).floatValue();
  }

  public double toF64(KernelContext context, long low, long high) {
    boolean exact = high == low >> 63 && low > -EXACT_INTEGER && low < EXACT_INTEGER;
    // One division of two doubles that are exact: rounded once, to the double next to the decimal.
    return exact && operandScale <= EXACT_POWER
        ? low / POWERS[operandScale]
        : big(low, high).doubleValue();
  }

  public long toBytes(KernelContext context, long low, long high) {
    return BytesFunctions.text(context, big(low, high).toPlainString());
  }

  private long toInteger(KernelContext context, long low, long high, int bits, String type) {
    context.isNull = 0;
    if (high == low >> 63 && scaleDown != 0) {
      long whole = low / scaleDown;
      if (whole << (Long.SIZE - bits) >> (Long.SIZE - bits) == whole) {
        return whole;
      }
    }
    BigDecimal value = big(low, high);
    BigInteger whole = value.toBigInteger();
    if (whole.bitLength() < bits) {
      return whole.longValue();
    }
    if (!range.orNull()) {
      throw KernelErrors.castOverflow(range.site(), value, "decimal", type);
    }
    context.setNull();
    return 0;
  }

  private BigDecimal big(long low, long high) {
    return new BigDecimal(DecimalRange.toBig(low, high), operandScale);
  }
}
