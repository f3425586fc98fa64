package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.BOOLEAN;
import static io.arrowmill.codegen.compile.Descriptors.FLOATING_OPS;
import static io.arrowmill.codegen.compile.Descriptors.INT;
import static io.arrowmill.codegen.compile.Descriptors.INTEGER_OPS;
import static io.arrowmill.codegen.compile.Descriptors.SITE;
import static io.arrowmill.codegen.compile.Descriptors.SMALL_INTEGER_OPS;
import static io.arrowmill.codegen.compile.Descriptors.STRING;

import io.arrowmill.codegen.ir.ArithmeticOp;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.UnaryOp;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.util.List;

/** Emits arithmetic: one instruction where it cannot fail, otherwise a checked runtime method. */
final class ArithmeticEmitter {

  private ArithmeticEmitter() {}

  /*
   * FAIL: value = IntegerOps.add(left, right, site);
   * NULL: if (IntegerOps.addFails(left, right)) goto isNull; value = left + right;
   * WRAP: value = left + right;
   */
  static Value emit(MethodEmitter m, Ir.Arithmetic node) {
    boolean careful = Facts.failsItself(node) || Facts.makesNull(node) || node.op().divides();
    return m.emitStrict(
        node,
        node.operandsAsEvaluated(),
        careful,
        (evaluated, isNull) -> {
          List<Value> values = node.op().divides() ? evaluated.reversed() : evaluated;
          if (Facts.failsItself(node)) {
            pushChecked(m, node, values);
            return;
          }
          if (node.onError() == OnError.NULL || node.op().divides()) {
            branchIfFails(m, node, values, isNull);
          }
          pushUnchecked(m, node.op(), node.type(), values);
          if (node.onError() == OnError.NULL) {
            branchIfTooWide(m, node.type(), isNull);
          } else {
            narrow(m.code(), node.type());
          }
        });
  }

  private static void pushChecked(MethodEmitter m, Ir.Arithmetic node, List<Value> values) {
    ClassDesc type = Descriptors.javaType(node.type());
    boolean small = isSmall(node.type());
    if (small && !node.op().divides()) {
      pushUnchecked(m, node.op(), node.type(), values);
      values.forEach(m::load);
      m.code().loadConstant(node.op().symbol());
      m.loadSite(node.site());
      m.call(SMALL_INTEGER_OPS, narrowing(node.type()), INT, INT, INT, INT, STRING, SITE);
      return;
    }
    values.forEach(m::load);
    m.loadSite(node.site());
    m.call(owner(node.type()), name(node.op()), type, type, type, SITE);
    if (small && node.op() == ArithmeticOp.DIVIDE) {
      values.forEach(m::load);
      m.code().loadConstant(node.op().symbol());
      m.loadSite(node.site());
      m.call(SMALL_INTEGER_OPS, narrowing(node.type()), INT, INT, INT, INT, STRING, SITE);
    }
  }

  /** Branches where an operation of I32, I64 or a division of any type has no result. */
  private static void branchIfFails(
      MethodEmitter m, Ir.Arithmetic node, List<Value> values, Label isNull) {
    CodeBuilder code = m.code();
    ClassDesc type = Descriptors.javaType(node.type());
    Value right = values.get(1);
    boolean wraps = node.onError() == OnError.WRAP;
    switch (node.op()) {
      case ADD, SUBTRACT, MULTIPLY -> {
        if (node.type() == PhysicalType.I32 || node.type() == PhysicalType.I64) {
          values.forEach(m::load);
          m.call(INTEGER_OPS, name(node.op()) + "Fails", BOOLEAN, type, type);
          code.ifne(isNull);
        }
      }
      case DIVIDE -> {
        if (node.type().isFloating() || wraps) {
          branchIfZero(m, right, isNull);
        } else {
          values.forEach(m::load);
          m.call(INTEGER_OPS, "divideFails", BOOLEAN, type, type);
          code.ifne(isNull);
        }
      }
      case REMAINDER, POSITIVE_REMAINDER -> branchIfZero(m, right, isNull);
    }
  }

  private static void branchIfZero(MethodEmitter m, Value value, Label target) {
    CodeBuilder code = m.code();
    m.load(value);
    switch (Descriptors.kind(value.type())) {
      case INT -> code.ifeq(target);
      case LONG -> code.lconst_0().lcmp().ifeq(target);
      case FLOAT -> code.fconst_0().fcmpg().ifeq(target);
      default -> code.dconst_0().dcmpg().ifeq(target);
    }
  }

  /* if ((byte) result != result) goto isNull; */
  private static void branchIfTooWide(MethodEmitter m, PhysicalType type, Label isNull) {
    if (!isSmall(type)) {
      return;
    }
    CodeBuilder code = m.code();
    Value result = m.newValue(type);
    code.istore(result.slot());
    code.iload(result.slot());
    narrow(code, type);
    code.iload(result.slot()).if_icmpne(isNull).iload(result.slot());
  }

  private static void pushUnchecked(
      MethodEmitter m, ArithmeticOp op, PhysicalType type, List<Value> values) {
    CodeBuilder code = m.code();
    values.forEach(m::load);
    if (op == ArithmeticOp.POSITIVE_REMAINDER) {
      ClassDesc java = Descriptors.javaType(type);
      m.call(owner(type), "positiveRemainder", java, java, java);
      return;
    }
    switch (Descriptors.kind(type)) {
      case INT -> {
        switch (op) {
          case ADD -> code.iadd();
          case SUBTRACT -> code.isub();
          case MULTIPLY -> code.imul();
          case DIVIDE -> code.idiv();
          default -> code.irem();
        }
      }
      case LONG -> {
        switch (op) {
          case ADD -> code.ladd();
          case SUBTRACT -> code.lsub();
          case MULTIPLY -> code.lmul();
          case DIVIDE -> code.ldiv();
          default -> code.lrem();
        }
      }
      case FLOAT -> {
        switch (op) {
          case ADD -> code.fadd();
          case SUBTRACT -> code.fsub();
          case MULTIPLY -> code.fmul();
          case DIVIDE -> code.fdiv();
          default -> code.frem();
        }
      }
      default -> {
        switch (op) {
          case ADD -> code.dadd();
          case SUBTRACT -> code.dsub();
          case MULTIPLY -> code.dmul();
          case DIVIDE -> code.ddiv();
          default -> code.drem();
        }
      }
    }
  }

  /*
   * FAIL: value = IntegerOps.negate(operand, site);
   * NULL: if (operand == MIN_VALUE) goto isNull; value = -operand;
   * otherwise: value = -operand;
   */
  static Value emit(MethodEmitter m, Ir.Unary node) {
    boolean careful = Facts.failsItself(node) || Facts.makesNull(node);
    return m.emitStrict(
        node,
        List.of(node.operand()),
        careful,
        (values, isNull) -> {
          Value operand = values.getFirst();
          ClassDesc type = Descriptors.javaType(node.type());
          if (Facts.failsItself(node) && !isSmall(node.type())) {
            m.load(operand);
            m.loadSite(node.site());
            m.call(INTEGER_OPS, name(node.op()), type, type, SITE);
            return;
          }
          if (Facts.makesNull(node)) {
            branchIfSmallest(m, operand, isNull);
          }
          pushUnchecked(m, node, operand);
          if (Facts.failsItself(node)) {
            m.load(operand);
            m.code().loadConstant(node.op() == UnaryOp.NEGATE ? "negative" : "abs");
            m.loadSite(node.site());
            m.call(SMALL_INTEGER_OPS, narrowing(node.type()), INT, INT, INT, STRING, SITE);
          } else if (Facts.makesNull(node)) {
            branchIfTooWide(m, node.type(), isNull);
          } else {
            narrow(m.code(), node.type());
          }
        });
  }

  private static void pushUnchecked(MethodEmitter m, Ir.Unary node, Value operand) {
    CodeBuilder code = m.code();
    ClassDesc type = Descriptors.javaType(node.type());
    m.load(operand);
    switch (node.op()) {
      case ABS -> m.call(Descriptors.MATH, "abs", type, type);
      case BIT_NOT -> {
        if (node.type() == PhysicalType.I64) {
          code.loadConstant(-1L).lxor();
        } else {
          code.iconst_m1().ixor();
        }
      }
      case NEGATE -> {
        switch (Descriptors.kind(node.type())) {
          case INT -> code.ineg();
          case LONG -> code.lneg();
          case FLOAT -> code.fneg();
          default -> code.dneg();
        }
      }
    }
  }

  private static void branchIfSmallest(MethodEmitter m, Value operand, Label target) {
    CodeBuilder code = m.code();
    if (operand.type() == PhysicalType.I32) {
      code.iload(operand.slot()).loadConstant(Integer.MIN_VALUE).if_icmpeq(target);
    } else if (operand.type() == PhysicalType.I64) {
      code.lload(operand.slot()).loadConstant(Long.MIN_VALUE).lcmp().ifeq(target);
    }
  }

  private static boolean isSmall(PhysicalType type) {
    return type == PhysicalType.I8 || type == PhysicalType.I16;
  }

  private static String narrowing(PhysicalType type) {
    return type == PhysicalType.I8 ? "toByte" : "toShort";
  }

  private static void narrow(CodeBuilder code, PhysicalType type) {
    if (type == PhysicalType.I8) {
      code.i2b();
    } else if (type == PhysicalType.I16) {
      code.i2s();
    }
  }

  private static ClassDesc owner(PhysicalType type) {
    return type.isInteger() ? INTEGER_OPS : FLOATING_OPS;
  }

  private static String name(ArithmeticOp op) {
    return switch (op) {
      case ADD -> "add";
      case SUBTRACT -> "subtract";
      case MULTIPLY -> "multiply";
      case DIVIDE -> "divide";
      case REMAINDER -> "remainder";
      case POSITIVE_REMAINDER -> "positiveRemainder";
    };
  }

  private static String name(UnaryOp op) {
    return op == UnaryOp.NEGATE ? "negate" : "abs";
  }
}
