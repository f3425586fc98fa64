package io.arrowmill.kernel;

import io.arrowmill.codegen.ir.ArithmeticOp;
import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.kernel.CallRules.Node;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.DecimalType;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Arithmetic and casts of decimals. */
final class DecimalKernelRules {
  private DecimalKernelRules() {}

  static boolean isDecimal(Node node) {
    return node.type() instanceof DecimalType;
  }

  static @Nullable Ir arithmetic(Node node, ArithmeticOp op, OnError onError) {
    if (!(node.type() instanceof DecimalType type)
        || !(node.operandType(0) instanceof DecimalType left)
        || !(node.operandType(1) instanceof DecimalType right)) {
      return null;
    }
    return new Ir.DecimalArithmetic(
        op,
        node.operand(0),
        left.scale(),
        node.operand(1),
        right.scale(),
        type.precision(),
        type.scale(),
        onError,
        node.site());
  }

  static @Nullable Ir negated(Node node) {
    return node.type() instanceof DecimalType type && node.operandType(0).equals(type)
        ? minus(node, type)
        : null;
  }

  private static Ir minus(Node node, DecimalType type) {
    return new Ir.DecimalArithmetic(
        ArithmeticOp.SUBTRACT,
        zero(),
        type.scale(),
        node.operand(0),
        type.scale(),
        type.precision(),
        type.scale(),
        OnError.FAIL,
        node.site());
  }

  static @Nullable Ir absolute(Node node) {
    if (!(node.type() instanceof DecimalType type) || !node.operandType(0).equals(type)) {
      return null;
    }
    Ir negative = new Ir.Compare(CompareOp.LESS, node.operand(0), zero());
    return new Ir.If(PhysicalType.DECIMAL, negative, minus(node, type), node.operand(0));
  }

  private static Ir zero() {
    return new Ir.Const(PhysicalType.DECIMAL, BigInteger.ZERO);
  }

  /** Half up to fewer digits; a type of 38 digits may be too small for the result, an own error. */
  static @Nullable Ir rounded(Node node) {
    return node.type() instanceof DecimalType type
            && type.precision() < DecimalType.PRECISION_MAX
            && node.operandType(0) instanceof DecimalType from
            && node.literal(1, 0) instanceof Integer digits
            && digits == type.scale()
        ? converted(node, from.scale(), type, OnError.FAIL)
        : null;
  }

  static @Nullable Ir cast(Node node) {
    DataType from = node.operandType(0);
    if (!(node.expression() instanceof Cast cast)
        || !(from.isNumeric() && cast.type().isNumeric())) {
      return null;
    }
    int scale = from instanceof DecimalType decimal ? decimal.scale() : 0;
    return converted(node, scale, cast.type(), cast.tryMode() ? OnError.NULL : OnError.FAIL);
  }

  private static @Nullable Ir converted(Node node, int scale, DataType to, OnError onError) {
    PhysicalType physical = IrTypes.physical(to);
    if (physical == null) {
      return null;
    }
    DecimalType decimal = to instanceof DecimalType type ? type : null;
    return new Ir.DecimalCast(
        node.operand(0),
        scale,
        physical,
        decimal == null ? 0 : decimal.precision(),
        decimal == null ? 0 : decimal.scale(),
        onError,
        node.site());
  }
}
