package io.arrowmill.codegen.runtime;

import io.arrowmill.codegen.ir.Site;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Casts from and to decimals with given scales, by way of BigDecimal.
 *
 * <p>Returns the low half of a decimal; the high half and nullness are left in the context.
 * Immutable.
 *
 * @param operandScale the scale of a decimal operand
 * @param range the type of a decimal result, and what happens where there is none
 */
public record DecimalCasts(int operandScale, DecimalRange range) {

  /** Casts with these scales; what does not fit is null or an error that names the site. */
  public static DecimalCasts of(
      int operandScale, int precision, int scale, boolean orNull, Site site) {
    return new DecimalCasts(operandScale, DecimalRange.of(precision, scale, orNull, site));
  }

  public long fromI64(KernelContext context, long value) {
    return range.scale() == 0
        ? range.fit(context, value, value >> 63)
        : range.fit(context, BigDecimal.valueOf(value));
  }

  public long fromF32(KernelContext context, float value) {
    return Float.isFinite(value)
        ? range.fit(context, new BigDecimal(Float.toString(value)))
        : range.tooBig(context, value);
  }

  public long fromF64(KernelContext context, double value) {
    return Double.isFinite(value)
        ? range.fit(context, BigDecimal.valueOf(value))
        : range.tooBig(context, value);
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
    return operandScale == range.scale()
        ? range.fit(context, low, high)
        : range.fit(context, big(low, high));
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
    return big(low, high).doubleValue();
  }

  public long toBytes(KernelContext context, long low, long high) {
    return BytesFunctions.text(context, big(low, high).toPlainString());
  }

  private long toInteger(KernelContext context, long low, long high, int bits, String type) {
    BigDecimal value = big(low, high);
    BigInteger whole = value.toBigInteger();
    context.isNull = 0;
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
