package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ConstantDesc;
import org.jspecify.annotations.Nullable;

/** Comparisons in lanes, in Spark's order. */
final class LaneCompare {

  /** How many constants a membership test compares one by one. */
  static final int CONSTANTS_MAX = 8;

  private LaneCompare() {}

  static LaneValue emit(LaneEmitter m, Ir.Compare node, int live) {
    LaneValue left = m.emit(node.left(), live);
    int rightLive =
        left.nullable() && LaneSupport.mayFail(node.right())
            ? LaneArithmetic.notNull(m, left, live)
            : live;
    LaneValue right = m.emit(node.right(), rightLive);
    int nulls = m.anyNull(left, right);
    pushHolds(m, node.op(), side(node.left(), left), side(node.right(), right));
    return m.store(PhysicalType.BOOL, nulls);
  }

  /** The local of null-safe equality: (equal and neither is null) or both are null. */
  static LaneValue emit(LaneEmitter m, Ir.NullSafeEqual node, int live) {
    CodeBuilder code = m.code();
    LaneValue left = m.emit(node.left(), live);
    LaneValue right = m.emit(node.right(), live);
    int nulls = m.anyNull(left, right);
    pushHolds(m, CompareOp.EQUAL, side(node.left(), left), side(node.right(), right));
    if (nulls != LaneValue.NEVER) {
      code.lload(nulls);
      m.lanes().not();
      code.land();
    }
    if (left.nullable() && right.nullable()) {
      code.lload(left.nulls()).lload(right.nulls()).land().lor();
    }
    return m.store(PhysicalType.BOOL, LaneValue.NEVER);
  }

  static boolean has(Ir.In node) {
    return node.constants().size() <= CONSTANTS_MAX;
  }

  static LaneValue emit(LaneEmitter m, Ir.In node, int live) {
    CodeBuilder code = m.code();
    LaneValue operand = m.emit(node.operand(), live);
    boolean sawNull = false;
    code.lconst_0();
    for (Ir.Const constant : node.constants()) {
      if (constant.value() == null) {
        sawNull = true;
        continue;
      }
      LaneValue value = m.emit(constant, LaneEmitter.ALL);
      pushHolds(m, CompareOp.EQUAL, new Side(operand, null), side(constant, value));
      code.lor();
    }
    LaneValue found = m.store(PhysicalType.BOOL, operand.nulls());
    if (!sawNull) {
      return found;
    }
    code.lload(found.slot());
    m.lanes().not();
    return new LaneValue(PhysicalType.BOOL, found.slot(), m.orNull(operand.nulls()));
  }

  /**
   * An operand, and its value where it is the same for all rows.
   *
   * @param constant null if it is not, or is null
   */
  record Side(LaneValue value, @Nullable Object constant) {
    boolean isNumber() {
      return constant != null
          && !(constant instanceof Double d && d.isNaN())
          && !(constant instanceof Float f && f.isNaN());
    }
  }

  static Side side(Ir node, LaneValue value) {
    return new Side(value, LaneEmitter.constantOf(node));
  }

  /** Pushes the bits of the rows where the comparison holds. */
  static void pushHolds(LaneEmitter m, CompareOp op, Side left, Side right) {
    PhysicalType type = left.value().type();
    if (type == PhysicalType.BOOL) {
      pushBool(m, op, left.value(), right.value());
    } else if (!type.isFloating()) {
      pushJava(m, operator(op), left, right);
    } else if (right.isNumber()) {
      pushFloatAndNumber(m, op, left, right);
    } else if (left.isNumber()) {
      pushFloatAndNumber(m, mirrored(op), right, left);
    } else {
      pushFloats(m, op, left, right);
    }
  }

  /* The comparison as Java has it. */
  private static void pushJava(LaneEmitter m, String operator, Side left, Side right) {
    LaneCode lanes = m.lanes();
    PhysicalType type = left.value().type();
    lanes.load(left.value());
    if (right.constant() instanceof ConstantDesc constant && right.isNumber()) {
      lanes.compare(type, operator, constant);
    } else {
      lanes.load(right.value());
      lanes.compare(type, operator);
    }
  }

  /* A NaN is greater than the number, and Java says false to every comparison of it but NE. */
  private static void pushFloatAndNumber(LaneEmitter m, CompareOp op, Side left, Side right) {
    switch (op) {
      case GREATER -> {
        pushJava(m, "LE", left, right);
        m.lanes().not();
      }
      case GREATER_OR_EQUAL -> {
        pushJava(m, "LT", left, right);
        m.lanes().not();
      }
      default -> pushJava(m, operator(op), left, right);
    }
  }

  private static void pushFloats(LaneEmitter m, CompareOp op, Side left, Side right) {
    switch (op) {
      case EQUAL -> pushEqual(m, left, right);
      case NOT_EQUAL -> {
        pushEqual(m, left, right);
        m.lanes().not();
      }
      case LESS -> pushLess(m, left, right);
      case GREATER -> pushLess(m, right, left);
      case LESS_OR_EQUAL -> {
        pushLess(m, right, left);
        m.lanes().not();
      }
      case GREATER_OR_EQUAL -> {
        pushLess(m, left, right);
        m.lanes().not();
      }
    }
  }

  /* left == right | (isNaN(left) & isNaN(right)) */
  private static void pushEqual(LaneEmitter m, Side left, Side right) {
    pushJava(m, "EQ", left, right);
    pushJava(m, "NE", left, left);
    pushJava(m, "NE", right, right);
    m.code().land().lor();
  }

  /* left < right | (isNaN(right) & ~isNaN(left)) */
  private static void pushLess(LaneEmitter m, Side left, Side right) {
    pushJava(m, "LT", left, right);
    pushJava(m, "NE", right, right);
    pushJava(m, "EQ", left, left);
    m.code().land().lor();
  }

  private static void pushBool(LaneEmitter m, CompareOp op, LaneValue left, LaneValue right) {
    CodeBuilder code = m.code();
    code.lload(left.slot());
    switch (op) {
      case EQUAL -> {
        code.lload(right.slot()).lxor();
        m.lanes().not();
      }
      case NOT_EQUAL -> code.lload(right.slot()).lxor();
      case LESS -> {
        m.lanes().not();
        code.lload(right.slot()).land();
      }
      case LESS_OR_EQUAL -> {
        m.lanes().not();
        code.lload(right.slot()).lor();
      }
      case GREATER -> {
        code.lload(right.slot());
        m.lanes().not();
        code.land();
      }
      case GREATER_OR_EQUAL -> {
        code.lload(right.slot());
        m.lanes().not();
        code.lor();
      }
    }
  }

  private static CompareOp mirrored(CompareOp op) {
    return switch (op) {
      case EQUAL, NOT_EQUAL -> op;
      case LESS -> CompareOp.GREATER;
      case LESS_OR_EQUAL -> CompareOp.GREATER_OR_EQUAL;
      case GREATER -> CompareOp.LESS;
      case GREATER_OR_EQUAL -> CompareOp.LESS_OR_EQUAL;
    };
  }

  private static String operator(CompareOp op) {
    return switch (op) {
      case EQUAL -> "EQ";
      case NOT_EQUAL -> "NE";
      case LESS -> "LT";
      case LESS_OR_EQUAL -> "LE";
      case GREATER -> "GT";
      case GREATER_OR_EQUAL -> "GE";
    };
  }
}
