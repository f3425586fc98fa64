package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import java.math.BigDecimal;

/**
 * Precision and scale of decimal results. All digits that fit 38 are kept, whole digits before
 * fractional ones.
 */
final class DecimalRules {
  /** The digits after the point that are kept even if whole digits are lost for it. */
  private static final int ADJUSTED_SCALE_MIN = 6;

  private DecimalRules() {}

  /** The type of {@code left operator right}, for {@code + - * / %}. */
  static DecimalType arithmetic(String operator, DecimalType left, DecimalType right) {
    int p1 = left.precision();
    int s1 = left.scale();
    int p2 = right.precision();
    int s2 = right.scale();
    int scale = Math.max(s1, s2);
    return switch (operator) {
      case "+", "-" -> adjusted(Math.max(p1 - s1, p2 - s2) + scale + 1, scale);
      case "*" -> adjusted(p1 + p2 + 1, s1 + s2);
      case "/" -> {
        int quotientScale = Math.max(ADJUSTED_SCALE_MIN, s1 + p2 + 1);
        yield adjusted(p1 - s1 + s2 + quotientScale, quotientScale);
      }
      case "%" -> adjusted(Math.min(p1 - s1, p2 - s2) + scale, scale);
      default -> throw new IllegalArgumentException("no decimal operator: " + operator);
    };
  }

  /** Fits a result into 38 digits by giving up fractional digits, but not below six. */
  static DecimalType adjusted(int precision, int scale) {
    if (precision <= DecimalType.PRECISION_MAX) {
      return new DecimalType(Math.max(1, precision), scale);
    }
    int wholeDigits = precision - scale;
    int kept =
        Math.max(DecimalType.PRECISION_MAX - wholeDigits, Math.min(scale, ADJUSTED_SCALE_MIN));
    return new DecimalType(DecimalType.PRECISION_MAX, kept);
  }

  /** Cuts precision and scale at 38. */
  static DecimalType bounded(int precision, int scale) {
    return new DecimalType(
        Math.min(precision, DecimalType.PRECISION_MAX), Math.min(scale, DecimalType.PRECISION_MAX));
  }

  /** A type that holds the values of both, as far as 38 digits go. */
  static DecimalType wider(DecimalType left, DecimalType right) {
    int scale = Math.max(left.scale(), right.scale());
    int whole = Math.max(left.precision() - left.scale(), right.precision() - right.scale());
    int excess = whole + scale - DecimalType.PRECISION_MAX;
    return excess <= 0
        ? new DecimalType(whole + scale, scale)
        : new DecimalType(DecimalType.PRECISION_MAX, Math.max(0, scale - excess));
  }

  /** The decimal that holds every value of an integral type. */
  static DecimalType ofIntegral(DataType type) {
    return switch ((AtomicType) type) {
      case BYTE -> new DecimalType(3, 0);
      case SHORT -> new DecimalType(5, 0);
      case INTEGER -> new DecimalType(10, 0);
      case LONG -> new DecimalType(20, 0);
      default -> throw new IllegalArgumentException("not an integral type: " + type.sql());
    };
  }

  /** The decimal that an integral operand becomes: as narrow as the value if it is a literal. */
  static DecimalType ofOperand(Expression operand) {
    if (operand.type() instanceof DecimalType decimal) {
      return decimal;
    }
    if (operand instanceof Literal literal && literal.value() instanceof Number number) {
      return new DecimalType(Math.max(1, BigDecimal.valueOf(number.longValue()).precision()), 0);
    }
    return ofIntegral(operand.type());
  }
}
