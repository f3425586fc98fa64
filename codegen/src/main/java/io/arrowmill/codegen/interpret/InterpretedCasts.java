package io.arrowmill.codegen.interpret;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.runtime.KernelErrors;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Casts by way of exact numbers. */
final class InterpretedCasts {

  private static final BigInteger TWO_TO_63 = BigInteger.ONE.shiftLeft(63);

  private InterpretedCasts() {}

  static @Nullable Object cast(Ir.Cast node, Object operand) {
    Number number = operand instanceof Boolean b ? (b ? 1 : 0) : (Number) operand;
    return switch (node.type()) {
      case BOOL -> number.doubleValue() != 0;
      case F32 -> number.floatValue();
      case F64 -> number.doubleValue();
      default -> toInteger(node, number);
    };
  }

  private static @Nullable Object toInteger(Ir.Cast node, Number number) {
    boolean floating = number instanceof Double || number instanceof Float;
    if (floating && node.onError() == OnError.WRAP) {
      double value = number.doubleValue();
      return node.type() == PhysicalType.I64
          ? (Object) (long) value
          : InterpretedArithmetic.box(BigInteger.valueOf((int) value), node.type());
    }
    BigInteger exact =
        floating ? truncated(number.doubleValue()) : BigInteger.valueOf(number.longValue());
    if (exact != null && node.onError() == OnError.WRAP) {
      return InterpretedArithmetic.box(exact, node.type());
    }
    if (exact != null && InterpretedArithmetic.fits(exact, node.type())) {
      return InterpretedArithmetic.box(exact, node.type());
    }
    if (floating && node.type() == PhysicalType.I64 && TWO_TO_63.equals(exact)) {
      return Long.MAX_VALUE;
    }
    if (node.onError() == OnError.NULL) {
      return null;
    }
    throw KernelErrors.castOverflow(
        node.site(), number, node.operand().type().toString(), node.type().toString());
  }

  private static @Nullable BigInteger truncated(double value) {
    return Double.isNaN(value) || Double.isInfinite(value)
        ? null
        : new BigDecimal(value).toBigInteger();
  }
}
