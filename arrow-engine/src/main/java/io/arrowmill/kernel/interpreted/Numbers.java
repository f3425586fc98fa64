package io.arrowmill.kernel.interpreted;

import io.arrowmill.ArrowmillException;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Numbers as the classes of their types. */
final class Numbers {
  private Numbers() {}

  /**
   * The number as the class of the node's type; a decimal is rounded half up and must fit its
   * precision.
   */
  static Object conform(CallSite site, Object value) {
    if (value instanceof BigDecimal decimal && site.type() instanceof DecimalType type) {
      BigDecimal scaled = decimal.setScale(type.scale(), RoundingMode.HALF_UP);
      if (scaled.precision() > type.precision()) {
        throw outOfRange(site, decimal);
      }
      return scaled;
    }
    if (!(value instanceof Number number) || !(site.type() instanceof AtomicType type)) {
      return value;
    }
    return switch (type) {
      case BYTE -> value instanceof Byte ? value : number.byteValue();
      case SHORT -> value instanceof Short ? value : number.shortValue();
      case INTEGER -> value instanceof Integer ? value : number.intValue();
      case LONG -> value instanceof Long ? value : number.longValue();
      case FLOAT -> value instanceof Float ? value : number.floatValue();
      case DOUBLE -> value instanceof Double ? value : number.doubleValue();
      default -> value;
    };
  }

  static ArrowmillException outOfRange(CallSite site, Number value) {
    return site.fault(
        site.rounds()
            ? "NUMERIC_VALUE_OUT_OF_RANGE.WITHOUT_SUGGESTION"
            : "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
        "decimal result must fit its precision",
        "cast the operands to decimals of fewer digits, or use the try_ function",
        value);
  }

  /** Whether the value is of 8 to 64 bits and whole. */
  static boolean isIntegral(Object value) {
    return value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte;
  }

  static boolean isFloating(Object value) {
    return value instanceof Double || value instanceof Float;
  }

  static int toInt(Object value) {
    return ((Number) value).intValue();
  }

  static long toLong(Object value) {
    return ((Number) value).longValue();
  }

  static double toDouble(Object value) {
    return ((Number) value).doubleValue();
  }

  /** The exact value of a finite number; a double stands for the decimal that prints it. */
  static BigDecimal toDecimal(Object value) {
    return switch (value) {
      case BigDecimal decimal -> decimal;
      case BigInteger integer -> new BigDecimal(integer);
      case Double ignored -> new BigDecimal(value.toString());
      case Float floating -> new BigDecimal(Double.toString(floating.doubleValue()));
      default -> BigDecimal.valueOf(((Number) value).longValue());
    };
  }

  /** The integer in the class of {@code type}, or null if it does not fit. */
  static @Nullable Object fit(BigInteger value, DataType type) {
    int bits = value.bitLength();
    return switch (type) {
      case AtomicType atomic ->
          switch (atomic) {
            case BYTE -> bits < Byte.SIZE ? (Object) value.byteValue() : null;
            case SHORT -> bits < Short.SIZE ? (Object) value.shortValue() : null;
            case INTEGER -> bits < Integer.SIZE ? (Object) value.intValue() : null;
            case LONG -> bits < Long.SIZE ? (Object) value.longValue() : null;
            default -> null;
          };
      default -> null;
    };
  }
}
