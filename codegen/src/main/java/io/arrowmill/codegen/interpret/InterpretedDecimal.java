package io.arrowmill.codegen.interpret;

import io.arrowmill.codegen.ir.ByteString;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Site;
import io.arrowmill.codegen.runtime.KernelErrors;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Decimals by way of BigDecimal. */
final class InterpretedDecimal {

  private InterpretedDecimal() {}

  static @Nullable Object arithmetic(Ir.DecimalArithmetic node, Object left, Object right) {
    BigDecimal l = new BigDecimal((BigInteger) left, node.leftScale());
    BigDecimal r = new BigDecimal((BigInteger) right, node.rightScale());
    if (node.op().divides() && r.signum() == 0) {
      if (node.onError() == OnError.FAIL) {
        throw KernelErrors.divideByZero(node.site(), l, node.op().symbol());
      }
      return null;
    }
    BigDecimal exact =
        switch (node.op()) {
          case ADD -> l.add(r);
          case SUBTRACT -> l.subtract(r);
          case MULTIPLY -> l.multiply(r);
          // Rounded twice, as in Spark.
          case DIVIDE -> l.divide(r, 39, RoundingMode.HALF_UP);
          case REMAINDER -> l.remainder(r);
          case POSITIVE_REMAINDER -> {
            BigDecimal remainder = l.remainder(r);
            yield remainder.signum() < 0 && r.signum() > 0 ? remainder.add(r) : remainder;
          }
        };
    return fit(exact, node.precision(), node.scale(), node.onError(), node.site());
  }

  private static @Nullable Object fit(
      BigDecimal exact, int precision, int scale, OnError onError, Site site) {
    BigInteger unscaled = exact.setScale(scale, RoundingMode.HALF_UP).unscaledValue();
    if (unscaled.abs().compareTo(BigInteger.TEN.pow(precision)) < 0) {
      return unscaled;
    }
    if (onError == OnError.FAIL) {
      throw KernelErrors.outOfRange(site, exact, precision, scale);
    }
    return null;
  }

  static @Nullable Object cast(Ir.DecimalCast node, Object operand) {
    if (node.type() != PhysicalType.DECIMAL) {
      return from(node, new BigDecimal((BigInteger) operand, node.operandScale()));
    }
    if (operand instanceof Number number && !Double.isFinite(number.doubleValue())) {
      return null;
    }
    BigDecimal exact;
    try {
      exact =
          switch (operand) {
            case BigInteger v -> new BigDecimal(v, node.operandScale());
            case ByteString v -> new BigDecimal(v.toText().trim());
            case Float v -> BigDecimal.valueOf(v.doubleValue());
            default -> new BigDecimal(operand.toString());
          };
    } catch (NumberFormatException e) {
      if (node.onError() == OnError.NULL) {
        return null;
      }
      throw operand instanceof ByteString text
          ? KernelErrors.invalidInput(node.site(), text.toText(), "decimal")
          : KernelErrors.outOfRange(node.site(), operand, node.precision(), node.scale());
    }
    return fit(exact, node.precision(), node.scale(), node.onError(), node.site());
  }

  private static @Nullable Object from(Ir.DecimalCast node, BigDecimal value) {
    return switch (node.type()) {
      case F32 -> value.floatValue();
      case F64 -> value.doubleValue();
      case BYTES -> ByteString.of(value.toPlainString());
      default -> {
        BigInteger whole = value.toBigInteger();
        if (InterpretedArithmetic.fits(whole, node.type())) {
          yield InterpretedArithmetic.box(whole, node.type());
        }
        if (node.onError() == OnError.NULL) {
          yield null;
        }
        throw KernelErrors.castOverflow(node.site(), value, "decimal", node.type().toString());
      }
    };
  }
}
