package io.arrowmill.kernel;

import io.arrowmill.codegen.ir.Function;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.kernel.CallRules.Node;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataTypes;
import org.jspecify.annotations.Nullable;

/** Conversions between types. */
final class CastRules {
  private CastRules() {}

  static @Nullable Ir apply(Node node) {
    DataType from = node.operandType(0);
    DataType to = node.type();
    if (from.equals(to)) {
      return node.operand(0);
    }
    if (isPlain(from) && isPlain(to)) {
      return plain(node, node.operand(0));
    }
    if (from instanceof DecimalType || to instanceof DecimalType) {
      return DecimalKernelRules.cast(node);
    }
    if (TimeRules.isTime(from)) {
      return fromTime(node, from, to);
    }
    return null;
  }

  /** Numbers of fixed width, and booleans. */
  private static boolean isPlain(DataType type) {
    return type.equals(DataTypes.BOOLEAN) || (type.isNumeric() && !(type instanceof DecimalType));
  }

  private static @Nullable Ir plain(Node node, Ir operand) {
    PhysicalType type = node.physical();
    if (type == null || !(node.expression() instanceof Cast cast)) {
      return null;
    }
    return operand.type() == type
        ? operand
        : new Ir.Cast(operand, type, cast.tryMode() ? OnError.NULL : OnError.FAIL, node.site());
  }

  private static @Nullable Ir fromTime(Node node, DataType from, DataType to) {
    boolean zoned = from.equals(DataTypes.TIMESTAMP);
    Ir operand = node.operand(0);
    if (zoned && to.isIntegral()) {
      return plain(node, node.call(Function.TIMESTAMP_TO_SECONDS, operand));
    }
    if (zoned && to.isOneOf(DataTypes.FLOAT, DataTypes.DOUBLE)) {
      return plain(node, TimeRules.secondsWithFraction(node, operand));
    }
    boolean crossesZone = zoned || to.equals(DataTypes.TIMESTAMP);
    if (!TimeRules.isTime(to) || (crossesZone && !node.isUtc())) {
      return null;
    }
    if (to.equals(DataTypes.DATE)) {
      return node.call(Function.TIMESTAMP_TO_DATE, operand);
    }
    if (!from.equals(DataTypes.DATE)) {
      return operand;
    }
    return node.expression() instanceof Cast cast && !cast.tryMode()
        ? node.invoke(TimeKernels.class, "dateToTimestamp", PhysicalType.I64, operand)
        : null;
  }
}
