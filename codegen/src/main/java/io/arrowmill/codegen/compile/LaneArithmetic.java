package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.ir.PhysicalType.F64;
import static io.arrowmill.codegen.ir.PhysicalType.I32;
import static io.arrowmill.codegen.ir.PhysicalType.I64;

import io.arrowmill.codegen.ir.ArithmeticOp;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.UnaryOp;
import java.lang.constant.ConstantDesc;
import java.math.BigInteger;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Arithmetic in lanes. */
final class LaneArithmetic {

  /**
   * A product of doubles that is smaller stands for a product of longs that does not overflow: each
   * of the three roundings is off by at most a part in 2^53.
   */
  private static final double PRODUCT_SAFE = 0x1p63 * (1 - 0x1p-50);

  private LaneArithmetic() {}

  static boolean has(Ir.Arithmetic node) {
    boolean floating = node.type().isFloating();
    return switch (node.op()) {
      case ADD, SUBTRACT -> true;
      case MULTIPLY ->
          // Whether a product of two unknown longs overflows is not known exactly.
          node.type() != I64 || node.onError() != OnError.NULL || factor(node) != null || floating;
      case DIVIDE -> floating;
      case REMAINDER, POSITIVE_REMAINDER -> false;
    };
  }

  static LaneValue emit(LaneEmitter m, Ir.Arithmetic node, int live) {
    Ir secondNode = node.operandsAsEvaluated().get(1);
    LaneValue first = m.emit(node.operandsAsEvaluated().getFirst(), live);
    int secondLive =
        first.nullable() && LaneSupport.mayFail(secondNode) ? notNull(m, first, live) : live;
    LaneValue second = m.emit(secondNode, secondLive);
    LaneValue left = node.op().divides() ? second : first;
    LaneValue right = node.op().divides() ? first : second;
    int nulls = m.anyNull(left, right);
    m.lanes().load(left);
    m.lanes().load(right);
    m.lanes().binary(node.type(), method(node.op()));
    LaneValue result = m.store(node.type(), nulls);
    if (!pushFailures(m, node, new Operands(left, right, result))) {
      return result;
    }
    if (node.onError() == OnError.FAIL) {
      m.flag(live, nulls);
      return result;
    }
    return new LaneValue(result.type(), result.slot(), m.orNull(nulls));
  }

  static int notNull(LaneEmitter m, LaneValue value, int live) {
    m.code().lload(value.nulls());
    m.lanes().not();
    return m.restrict(live);
  }

  private record Operands(LaneValue left, LaneValue right, LaneValue result) {}

  /** Pushes the bits of the rows without a result; false if every row has one. */
  private static boolean pushFailures(LaneEmitter m, Ir.Arithmetic node, Operands o) {
    LaneCode lanes = m.lanes();
    PhysicalType type = node.type();
    if (node.op() == ArithmeticOp.DIVIDE) {
      lanes.load(o.right());
      lanes.compare(type, "EQ", type == F64 ? (ConstantDesc) 0d : (ConstantDesc) 0f);
      return true;
    }
    if (type.isFloating() || node.onError() == OnError.WRAP) {
      return false;
    }
    switch (node.op()) {
      case ADD -> {
        // ((left ^ result) & (right ^ result)) < 0
        pushXor(m, o.left(), o.result());
        pushXor(m, o.right(), o.result());
        lanes.binary(type, "and");
        lanes.compare(type, "LT", zero(type));
      }
      case SUBTRACT -> {
        // ((left ^ right) & (left ^ result)) < 0
        pushXor(m, o.left(), o.right());
        pushXor(m, o.left(), o.result());
        lanes.binary(type, "and");
        lanes.compare(type, "LT", zero(type));
      }
      default -> pushProductFailures(m, node, o);
    }
    return true;
  }

  private static void pushXor(LaneEmitter m, LaneValue left, LaneValue right) {
    m.lanes().load(left);
    m.lanes().load(right);
    m.lanes().xor(left.type());
  }

  private static void pushProductFailures(LaneEmitter m, Ir.Arithmetic node, Operands o) {
    LaneCode lanes = m.lanes();
    if (node.type() == I32) {
      // (long) left * right != result
      lanes.load(o.left());
      lanes.cast(I64);
      lanes.load(o.right());
      lanes.cast(I64);
      lanes.binary(I64, "mul");
      lanes.load(o.result());
      lanes.cast(I64);
      lanes.compare(I64, "NE");
      return;
    }
    Long factor = factor(node);
    if (factor != null) {
      // Of two constants the right one is the factor.
      boolean rightIsFactor = LaneEmitter.constantOf(node.right()) instanceof Long;
      pushOutsideRange(m, rightIsFactor ? o.left() : o.right(), factor);
      return;
    }
    // abs((double) left * (double) right) >= PRODUCT_SAFE
    lanes.load(o.left());
    lanes.cast(F64);
    lanes.load(o.right());
    lanes.cast(F64);
    lanes.binary(F64, "mul");
    lanes.unary(F64, "abs");
    lanes.compare(F64, "GE", PRODUCT_SAFE);
  }

  /** The constant factor of a product of longs, or null. */
  private static @Nullable Long factor(Ir.Arithmetic node) {
    Object right = LaneEmitter.constantOf(node.right());
    Object left = LaneEmitter.constantOf(node.left());
    return right instanceof Long value ? value : left instanceof Long value ? value : null;
  }

  /** Pushes the rows whose value times the factor leaves the range of long. */
  private static void pushOutsideRange(LaneEmitter m, LaneValue value, long factor) {
    LaneCode lanes = m.lanes();
    if (factor == 0 || factor == 1) {
      m.code().lconst_0();
      return;
    }
    BigInteger atMin = BigInteger.valueOf(Long.MIN_VALUE).divide(BigInteger.valueOf(factor));
    BigInteger atMax = BigInteger.valueOf(Long.MAX_VALUE).divide(BigInteger.valueOf(factor));
    BigInteger greatest = BigInteger.valueOf(Long.MAX_VALUE);
    // Division cuts off towards zero, which is into the range. -2^63 / -1 is above every long.
    long least = atMin.min(atMax).longValueExact();
    long most = atMin.max(atMax).min(greatest).longValueExact();
    lanes.load(value);
    lanes.compare(I64, "LT", least);
    lanes.load(value);
    lanes.compare(I64, "GT", most);
    m.code().lor();
  }

  private static ConstantDesc zero(PhysicalType type) {
    return type == I64 ? (ConstantDesc) 0L : (ConstantDesc) 0;
  }

  private static String method(ArithmeticOp op) {
    return switch (op) {
      case ADD -> "add";
      case SUBTRACT -> "sub";
      case MULTIPLY -> "mul";
      default -> "div";
    };
  }

  // ---- one operand

  static LaneValue emit(LaneEmitter m, Ir.Unary node, int live) {
    LaneCode lanes = m.lanes();
    PhysicalType type = node.type();
    LaneValue operand = m.emit(node.operand(), live);
    lanes.load(operand);
    lanes.unary(
        type,
        switch (node.op()) {
          case NEGATE -> "neg";
          case ABS -> "abs";
          case BIT_NOT -> "not";
        });
    LaneValue result = m.store(type, operand.nulls());
    if (type.isFloating() || node.op() == UnaryOp.BIT_NOT || node.onError() == OnError.WRAP) {
      return result;
    }
    lanes.load(operand);
    lanes.compare(
        type, "EQ", type == I64 ? (ConstantDesc) Long.MIN_VALUE : (ConstantDesc) Integer.MIN_VALUE);
    if (node.onError() == OnError.FAIL) {
      m.flag(live, operand.nulls());
      return result;
    }
    return new LaneValue(type, result.slot(), m.orNull(operand.nulls()));
  }

  // ---- bits of integers

  static boolean has(Ir.Bitwise node) {
    return !node.op().shifts() || LaneEmitter.constantOf(node.right()) != null;
  }

  static LaneValue emit(LaneEmitter m, Ir.Bitwise node, int live) {
    LaneCode lanes = m.lanes();
    PhysicalType type = node.type();
    LaneValue left = m.emit(node.left(), live);
    if (node.op().shifts()) {
      int distance = (Integer) Objects.requireNonNull(LaneEmitter.constantOf(node.right()));
      lanes.load(left);
      int masked = distance & (type.width() * 8 - 1);
      lanes.lanewise(type, shift(node), type == I64 ? (ConstantDesc) (long) masked : masked);
      return m.store(type, left.nulls());
    }
    int rightLive =
        left.nullable() && LaneSupport.mayFail(node.right()) ? notNull(m, left, live) : live;
    LaneValue right = m.emit(node.right(), rightLive);
    int nulls = m.anyNull(left, right);
    lanes.load(left);
    lanes.load(right);
    switch (node.op()) {
      case AND -> lanes.binary(type, "and");
      case OR -> lanes.binary(type, "or");
      default -> lanes.xor(type);
    }
    return m.store(type, nulls);
  }

  private static String shift(Ir.Bitwise node) {
    return switch (node.op()) {
      case SHIFT_LEFT -> "LSHL";
      case SHIFT_RIGHT -> "ASHR";
      default -> "LSHR";
    };
  }
}
