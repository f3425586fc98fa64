package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.BOOLEAN;
import static io.arrowmill.codegen.compile.Descriptors.FLOATING_OPS;
import static io.arrowmill.codegen.compile.Descriptors.INT;
import static io.arrowmill.codegen.compile.Descriptors.LONG;

import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.util.List;

/** Emits comparisons in Spark's order. */
final class CompareEmitter {

  private CompareEmitter() {}

  /* value = left < right ? 1 : 0; */
  static Value emit(MethodEmitter m, Ir.Compare node) {
    boolean careful = node.left().type() == PhysicalType.BYTES;
    return m.emitStrict(
        node,
        List.of(node.left(), node.right()),
        careful,
        (values, _) ->
            pushCompare(m, node.op(), values.get(0), values.get(1), isOrdinary(node.right())));
  }

  /**
   * Whether the node is a constant that is not NaN, so that Java's comparison instructions will do.
   */
  private static boolean isOrdinary(Ir node) {
    return node instanceof Ir.Const constant
        && constant.value() instanceof Number number
        && !Double.isNaN(number.doubleValue());
  }

  /** Pushes 1 where the comparison holds, else 0. */
  static void pushCompare(MethodEmitter m, CompareOp op, Value left, Value right) {
    pushCompare(m, op, left, right, false);
  }

  private static void pushCompare(
      MethodEmitter m, CompareOp op, Value left, Value right, boolean rightIsOrdinary) {
    CodeBuilder code = m.code();
    switch (left.type()) {
      case BOOL, I8, I16, I32 -> {
        m.load(left);
        m.load(right);
        m.pushBoolean(isTrue -> branchInts(code, op, isTrue));
      }
      case I64 -> {
        m.load(left);
        m.load(right);
        code.lcmp();
        m.pushBoolean(isTrue -> branchOrder(code, op, isTrue));
      }
      case F32, F64 -> pushFloating(m, op, left, right, rightIsOrdinary);
      case DECIMAL -> {
        m.load(left);
        m.load(right);
        m.call(Descriptors.DECIMAL_OPS, "compare", INT, LONG, LONG, LONG, LONG);
        m.pushBoolean(isTrue -> branchOrder(code, op, isTrue));
      }
      case BYTES -> {
        m.load(left);
        m.load(right);
        if (op == CompareOp.EQUAL || op == CompareOp.NOT_EQUAL) {
          m.call(Descriptors.BYTES_OPS, "equal", BOOLEAN, LONG, INT, LONG, INT);
          if (op == CompareOp.NOT_EQUAL) {
            code.iconst_1().ixor();
          }
        } else {
          m.call(Descriptors.BYTES_OPS, "compare", INT, LONG, INT, LONG, INT);
          m.pushBoolean(isTrue -> branchOrder(code, op, isTrue));
        }
      }
    }
  }

  /**
   * A NaN on the left of dcmpg counts as greater, which is right unless there is one on the right
   * too.
   */
  private static void pushFloating(
      MethodEmitter m, CompareOp op, Value left, Value right, boolean rightIsOrdinary) {
    CodeBuilder code = m.code();
    m.load(left);
    m.load(right);
    if (rightIsOrdinary) {
      if (left.type() == PhysicalType.F64) {
        code.dcmpg();
      } else {
        code.fcmpg();
      }
    } else {
      ClassDesc type = Descriptors.javaType(left.type());
      m.call(FLOATING_OPS, "compare", INT, type, type);
    }
    m.pushBoolean(isTrue -> branchOrder(code, op, isTrue));
  }

  private static void branchInts(CodeBuilder code, CompareOp op, Label isTrue) {
    switch (op) {
      case EQUAL -> code.if_icmpeq(isTrue);
      case NOT_EQUAL -> code.if_icmpne(isTrue);
      case LESS -> code.if_icmplt(isTrue);
      case LESS_OR_EQUAL -> code.if_icmple(isTrue);
      case GREATER -> code.if_icmpgt(isTrue);
      case GREATER_OR_EQUAL -> code.if_icmpge(isTrue);
    }
  }

  private static void branchOrder(CodeBuilder code, CompareOp op, Label isTrue) {
    switch (op) {
      case EQUAL -> code.ifeq(isTrue);
      case NOT_EQUAL -> code.ifne(isTrue);
      case LESS -> code.iflt(isTrue);
      case LESS_OR_EQUAL -> code.ifle(isTrue);
      case GREATER -> code.ifgt(isTrue);
      case GREATER_OR_EQUAL -> code.ifge(isTrue);
    }
  }

  /* value = (left.isNull & right.isNull) | (left == right & !(left.isNull | right.isNull)); */
  static Value emit(MethodEmitter m, Ir.NullSafeEqual node) {
    CodeBuilder code = m.code();
    Value result = m.newValue(PhysicalType.BOOL);
    Value left = m.emit(node.left());
    Value right = m.emit(node.right());
    int anyNull = m.anyNull(List.of(left, right));
    if (anyNull == Value.NEVER) {
      pushCompare(m, CompareOp.EQUAL, left, right);
      code.istore(result.slot());
      return result;
    }
    Label done = code.newLabel();
    int any = m.newLocal(TypeKind.INT);
    code.iload(anyNull).istore(any);
    m.loadIsNull(left);
    m.loadIsNull(right);
    code.iand().istore(result.slot());
    code.iload(any).ifne(done);
    pushCompare(m, CompareOp.EQUAL, left, right);
    code.istore(result.slot());
    code.labelBinding(done);
    return result;
  }
}
