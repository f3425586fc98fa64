package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.ir.PhysicalType.BOOL;
import static io.arrowmill.codegen.ir.PhysicalType.F64;
import static io.arrowmill.codegen.ir.PhysicalType.I32;
import static io.arrowmill.codegen.ir.PhysicalType.I64;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import java.lang.constant.ConstantDesc;

/** Casts in lanes. */
final class LaneCasts {

  private LaneCasts() {}

  static LaneValue emit(LaneEmitter m, Ir.Cast node, int live) {
    LaneValue operand = m.emit(node.operand(), live);
    PhysicalType from = operand.type();
    PhysicalType to = node.type();
    if (from == to) {
      return operand;
    }
    LaneCode lanes = m.lanes();
    if (from == BOOL) {
      lanes.broadcast(to, number(to, 0));
      lanes.broadcast(to, number(to, 1));
      m.code().lload(operand.slot());
      lanes.toMask(to);
      lanes.blend(to);
      return m.store(to, operand.nulls());
    }
    lanes.load(operand);
    if (to == BOOL) {
      lanes.compare(from, "NE", number(from, 0));
      return m.store(BOOL, operand.nulls());
    }
    lanes.cast(to);
    LaneValue result = m.store(to, operand.nulls());
    if (!CastEmitter.narrows(node) || node.onError() == OnError.WRAP) {
      return result;
    }
    pushFailures(m, operand, result);
    if (node.onError() == OnError.FAIL) {
      m.flag(live, operand.nulls());
      return result;
    }
    return new LaneValue(to, result.slot(), m.orNull(operand.nulls()));
  }

  private static void pushFailures(LaneEmitter m, LaneValue operand, LaneValue result) {
    LaneCode lanes = m.lanes();
    if (!operand.type().isFloating()) {
      // (long) (int) operand != operand
      lanes.load(result);
      lanes.cast(I64);
      lanes.load(operand);
      lanes.compare(I64, "NE");
      return;
    }
    lanes.load(operand);
    if (operand.type() != F64) {
      lanes.cast(F64);
    }
    LaneValue wide = m.store(F64, LaneValue.NEVER);
    // Not (operand in range), which is true of NaN.
    boolean toInt = result.type() == I32;
    lanes.load(wide);
    lanes.compare(F64, toInt ? "GT" : "GE", toInt ? -0x1p31 - 1 : -0x1p63);
    lanes.load(wide);
    lanes.compare(F64, toInt ? "LT" : "LE", toInt ? 0x1p31 : 0x1p63);
    m.code().land();
    lanes.not();
  }

  private static ConstantDesc number(PhysicalType type, int value) {
    return switch (type) {
      case I32 -> value;
      case I64 -> (long) value;
      case F32 -> (float) value;
      default -> (double) value;
    };
  }
}
