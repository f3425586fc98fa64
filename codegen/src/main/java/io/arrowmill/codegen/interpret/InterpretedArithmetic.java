package io.arrowmill.codegen.interpret;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.UnaryOp;
import io.arrowmill.codegen.runtime.KernelErrors;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Arithmetic on exact numbers, fitted to the type afterwards. */
final class InterpretedArithmetic {

  private InterpretedArithmetic() {}

  static @Nullable Object arithmetic(Ir.Arithmetic node, Object left, Object right) {
    if (node.op().divides() && ((Number) right).doubleValue() == 0) {
      if (node.onError() == OnError.FAIL) {
        throw KernelErrors.divideByZero(node.site(), left, node.op().symbol());
      }
      return null;
    }
    return switch (node.type()) {
      case F32 -> floats(node, (Float) left, (Float) right);
      case F64 -> doubles(node, (Double) left, (Double) right);
      default -> integers(node, exact(left), exact(right));
    };
  }

  private static Object floats(Ir.Arithmetic node, float left, float right) {
    return switch (node.op()) {
      case ADD -> left + right;
      case SUBTRACT -> left - right;
      case MULTIPLY -> left * right;
      case DIVIDE -> left / right;
      case REMAINDER -> left % right;
      case POSITIVE_REMAINDER -> left % right < 0 ? (left % right + right) % right : left % right;
    };
  }

  private static Object doubles(Ir.Arithmetic node, double left, double right) {
    return switch (node.op()) {
      case ADD -> left + right;
      case SUBTRACT -> left - right;
      case MULTIPLY -> left * right;
      case DIVIDE -> left / right;
      case REMAINDER -> left % right;
      case POSITIVE_REMAINDER -> left % right < 0 ? (left % right + right) % right : left % right;
    };
  }

  private static @Nullable Object integers(Ir.Arithmetic node, BigInteger left, BigInteger right) {
    BigInteger result =
        switch (node.op()) {
          case ADD -> left.add(right);
          case SUBTRACT -> left.subtract(right);
          case MULTIPLY -> left.multiply(right);
          case DIVIDE -> left.divide(right);
          case REMAINDER -> left.remainder(right);
          case POSITIVE_REMAINDER -> right.signum() > 0 ? left.mod(right) : left.remainder(right);
        };
    if (!fits(result, node.type()) && node.onError() != OnError.WRAP) {
      if (node.onError() == OnError.NULL) {
        return null;
      }
      String type = node.type().toString();
      throw node.type().width() < Integer.BYTES
          ? KernelErrors.smallOverflow(node.site(), type, left, node.op().symbol(), right)
          : KernelErrors.overflow(node.site(), type, left, node.op().symbol(), right);
    }
    return box(result, node.type());
  }

  static @Nullable Object unary(Ir.Unary node, Object operand) {
    if (node.type() == PhysicalType.F32) {
      float value = (Float) operand;
      return node.op() == UnaryOp.NEGATE ? -value : Math.abs(value);
    }
    if (node.type() == PhysicalType.F64) {
      double value = (Double) operand;
      return node.op() == UnaryOp.NEGATE ? -value : Math.abs(value);
    }
    BigInteger value = exact(operand);
    BigInteger result =
        switch (node.op()) {
          case NEGATE -> value.negate();
          case ABS -> value.abs();
          case BIT_NOT -> value.not();
        };
    if (!fits(result, node.type()) && node.onError() != OnError.WRAP) {
      if (node.onError() == OnError.NULL) {
        return null;
      }
      throw KernelErrors.overflow(
          node.site(), node.type().toString(), node.op().toString(), operand);
    }
    return box(result, node.type());
  }

  static Object bitwise(Ir.Bitwise node, Object left, Object right) {
    int bits = node.type().width() * 8;
    BigInteger value = exact(left);
    BigInteger other = exact(right);
    int distance = other.and(BigInteger.valueOf(bits - 1)).intValue();
    BigInteger result =
        switch (node.op()) {
          case AND -> value.and(other);
          case OR -> value.or(other);
          case XOR -> value.xor(other);
          case SHIFT_LEFT -> value.shiftLeft(distance);
          case SHIFT_RIGHT -> value.shiftRight(distance);
          case SHIFT_RIGHT_UNSIGNED ->
              value
                  .and(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE))
                  .shiftRight(distance);
        };
    return box(result, node.type());
  }

  static BigInteger exact(Object value) {
    return value instanceof BigInteger big ? big : BigInteger.valueOf(((Number) value).longValue());
  }

  static boolean fits(BigInteger value, PhysicalType type) {
    return value.bitLength() < type.width() * 8;
  }

  /** The low bits of the number, as the type. */
  static Object box(BigInteger value, PhysicalType type) {
    return switch (type) {
      case I8 -> value.byteValue();
      case I16 -> value.shortValue();
      case I32 -> value.intValue();
      case I64 -> value.longValue();
      default -> throw new IllegalStateException("type must be an integer: type=" + type);
    };
  }
}
