package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import java.lang.classfile.CodeBuilder;

/** Three-valued logic on bits, and choices by blending. */
final class LaneLogic {

  private LaneLogic() {}

  /** False decides. */
  static LaneValue emit(LaneEmitter m, Ir.And node, int live) {
    return emitJunction(m, node.left(), node.right(), live, true);
  }

  /** True decides. */
  static LaneValue emit(LaneEmitter m, Ir.Or node, int live) {
    return emitJunction(m, node.left(), node.right(), live, false);
  }

  private static LaneValue emitJunction(
      LaneEmitter m, Ir leftNode, Ir rightNode, int live, boolean and) {
    CodeBuilder code = m.code();
    LaneValue left = m.emit(leftNode, live);
    int rightLive = live;
    if (LaneSupport.mayFail(rightNode)) {
      pushIs(m, left, !and);
      m.lanes().not();
      rightLive = m.restrict(live);
    }
    LaneValue right = m.emit(rightNode, rightLive);
    if (!left.nullable() && !right.nullable()) {
      code.lload(left.slot()).lload(right.slot());
      if (and) {
        code.land();
      } else {
        code.lor();
      }
      return m.store(PhysicalType.BOOL, LaneValue.NEVER);
    }
    pushIs(m, left, !and);
    pushIs(m, right, !and);
    code.lor();
    int decided = m.lanes().storeBits();
    pushIs(m, left, and);
    pushIs(m, right, and);
    code.land();
    int other = m.lanes().storeBits();
    code.lload(decided).lload(other).lor();
    m.lanes().not();
    int nulls = m.lanes().storeBits();
    return new LaneValue(PhysicalType.BOOL, and ? other : decided, nulls);
  }

  /** Pushes the rows for which the value is {@code which}, and not null. */
  private static void pushIs(LaneEmitter m, LaneValue value, boolean which) {
    CodeBuilder code = m.code();
    code.lload(value.slot());
    if (!which) {
      m.lanes().not();
    }
    if (value.nullable()) {
      code.lload(value.nulls());
      m.lanes().not();
      code.land();
    }
  }

  static LaneValue emit(LaneEmitter m, Ir.Not node, int live) {
    LaneValue operand = m.emit(node.operand(), live);
    m.code().lload(operand.slot());
    m.lanes().not();
    return m.store(PhysicalType.BOOL, operand.nulls());
  }

  static LaneValue emitIsNull(LaneEmitter m, Ir operand, boolean isNull, int live) {
    LaneValue value = m.emit(operand, live);
    if (value.nullable()) {
      m.code().lload(value.nulls());
    } else {
      m.code().lconst_0();
    }
    if (!isNull) {
      m.lanes().not();
    }
    return m.store(PhysicalType.BOOL, LaneValue.NEVER);
  }

  static LaneValue emit(LaneEmitter m, Ir.If node, int live) {
    LaneValue condition = m.emit(node.condition(), live);
    m.pushTrue(condition);
    int taken = m.lanes().storeBits();
    LaneValue then = m.emit(node.then(), branchLive(m, node.then(), taken, true, live));
    LaneValue otherwise =
        m.emit(node.otherwise(), branchLive(m, node.otherwise(), taken, false, live));
    int nulls = LaneValue.NEVER;
    if (then.nullable() || otherwise.nullable()) {
      pushNulls(m, then);
      pushNulls(m, otherwise);
      pushChoice(m.code(), m.lanes(), taken);
      nulls = m.lanes().storeBits();
    }
    pushBlend(m, otherwise, then, taken);
    return m.store(node.type(), nulls);
  }

  private static int branchLive(LaneEmitter m, Ir node, int taken, boolean isThen, int live) {
    if (!LaneSupport.mayFail(node)) {
      return live;
    }
    m.code().lload(taken);
    if (!isThen) {
      m.lanes().not();
    }
    return m.restrict(live);
  }

  private static void pushNulls(LaneEmitter m, LaneValue value) {
    if (value.nullable()) {
      m.code().lload(value.nulls());
    } else {
      m.code().lconst_0();
    }
  }

  /* (then, otherwise): (then & taken) | (otherwise & ~taken) */
  private static void pushChoice(CodeBuilder code, LaneCode lanes, int taken) {
    code.lload(taken);
    lanes.not();
    code.land();
    int otherwise = lanes.storeBits();
    code.lload(taken).land().lload(otherwise).lor();
  }

  /** Pushes {@code then} for the rows of {@code taken}, else {@code otherwise}. */
  private static void pushBlend(LaneEmitter m, LaneValue otherwise, LaneValue then, int taken) {
    PhysicalType type = then.type();
    if (type == PhysicalType.BOOL) {
      m.code().lload(then.slot()).lload(otherwise.slot());
      pushChoice(m.code(), m.lanes(), taken);
      return;
    }
    m.lanes().load(otherwise);
    m.lanes().load(then);
    m.code().lload(taken);
    m.lanes().toMask(type);
    m.lanes().blend(type);
  }

  /** Of two operands. */
  static LaneValue emit(LaneEmitter m, Ir.Coalesce node, int live) {
    LaneValue first = m.emit(node.operands().getFirst(), live);
    if (!first.nullable() || node.operands().size() == 1) {
      return first;
    }
    Ir secondNode = node.operands().get(1);
    int secondLive = live;
    if (LaneSupport.mayFail(secondNode)) {
      m.code().lload(first.nulls());
      secondLive = m.restrict(live);
    }
    LaneValue second = m.emit(secondNode, secondLive);
    int nulls = LaneValue.NEVER;
    if (second.nullable()) {
      m.code().lload(first.nulls()).lload(second.nulls()).land();
      nulls = m.lanes().storeBits();
    }
    pushBlend(m, first, second, first.nulls());
    return m.store(node.type(), nulls);
  }

  /** Of two operands: the second where it is beyond the first, or the first is null. */
  static LaneValue emit(LaneEmitter m, Ir.Extremum node, int live) {
    CodeBuilder code = m.code();
    LaneValue first = m.emit(node.operands().getFirst(), live);
    if (node.operands().size() == 1) {
      return first;
    }
    LaneValue second = m.emit(node.operands().get(1), live);
    LaneCompare.pushHolds(
        m,
        node.greatest() ? CompareOp.GREATER : CompareOp.LESS,
        LaneCompare.side(node.operands().get(1), second),
        LaneCompare.side(node.operands().getFirst(), first));
    if (second.nullable()) {
      code.lload(second.nulls());
      m.lanes().not();
      code.land();
    }
    if (first.nullable()) {
      code.lload(first.nulls()).lor();
    }
    int taken = m.lanes().storeBits();
    int nulls = LaneValue.NEVER;
    if (first.nullable() && second.nullable()) {
      code.lload(first.nulls()).lload(second.nulls()).land();
      nulls = m.lanes().storeBits();
    }
    pushBlend(m, first, second, taken);
    return m.store(node.type(), nulls);
  }
}
