package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.BOOLEAN;
import static io.arrowmill.codegen.compile.Descriptors.CASTS;
import static io.arrowmill.codegen.compile.Descriptors.DOUBLE;
import static io.arrowmill.codegen.compile.Descriptors.INT;
import static io.arrowmill.codegen.compile.Descriptors.LONG;
import static io.arrowmill.codegen.compile.Descriptors.SITE;
import static io.arrowmill.codegen.compile.Descriptors.STRING;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.OnError;
import io.arrowmill.codegen.ir.PhysicalType;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.List;

/** Emits casts between boolean and numeric types. */
final class CastEmitter {

  private CastEmitter() {}

  /** Whether the target cannot hold every value of the operand's type. */
  static boolean narrows(Ir.Cast node) {
    PhysicalType from = node.operand().type();
    PhysicalType to = node.type();
    if (!to.isInteger() || from == PhysicalType.BOOL) {
      return false;
    }
    return from.isFloating() || to.width() < from.width();
  }

  /*
   * widening or WRAP: value = (int) operand;
   * FAIL: value = NumericCasts.toI32(operand, "bigint", site);
   * NULL: if (NumericCasts.fails(operand, MIN_VALUE, MAX_VALUE)) goto isNull; value = (int) operand;
   */
  static Value emit(MethodEmitter m, Ir.Cast node) {
    boolean checked = narrows(node) && node.onError() != OnError.WRAP;
    return m.emitStrict(
        node,
        List.of(node.operand()),
        checked,
        (values, isNull) -> {
          Value operand = values.getFirst();
          if (checked && node.onError() == OnError.FAIL) {
            pushChecked(m, node, operand);
            return;
          }
          if (checked) {
            branchIfFails(m, node.type(), operand, isNull);
          }
          m.load(operand);
          convert(m.code(), operand.type(), node.type());
        });
  }

  private static void pushWide(MethodEmitter m, Value operand) {
    m.load(operand);
    switch (Descriptors.kind(operand.type())) {
      case INT -> m.code().i2l();
      case FLOAT -> m.code().f2d();
      default -> {}
    }
  }

  private static void pushChecked(MethodEmitter m, Ir.Cast node, Value operand) {
    pushWide(m, operand);
    m.code().loadConstant(sqlName(operand.type()));
    m.loadSite(node.site());
    m.call(
        CASTS,
        "to" + node.type(),
        Descriptors.javaType(node.type()),
        operand.type().isFloating() ? DOUBLE : LONG,
        STRING,
        SITE);
  }

  private static void branchIfFails(MethodEmitter m, PhysicalType to, Value operand, Label isNull) {
    CodeBuilder code = m.code();
    pushWide(m, operand);
    if (!operand.type().isFloating()) {
      code.loadConstant(min(to)).loadConstant(max(to));
      m.call(CASTS, "fails", BOOLEAN, LONG, LONG, LONG);
    } else if (to == PhysicalType.I64) {
      m.call(CASTS, "failsI64", BOOLEAN, DOUBLE);
    } else {
      code.loadConstant((double) min(to)).loadConstant((double) max(to));
      m.call(CASTS, "fails", BOOLEAN, DOUBLE, DOUBLE, DOUBLE);
    }
    code.ifne(isNull);
  }

  private static long min(PhysicalType type) {
    return -1L << (type.width() * 8 - 1);
  }

  private static long max(PhysicalType type) {
    return ~min(type);
  }

  private static void convert(CodeBuilder code, PhysicalType from, PhysicalType to) {
    TypeKind source = Descriptors.kind(from);
    if (to == PhysicalType.BOOL) {
      pushNotZero(code, from);
      return;
    }
    code.conversion(source, Descriptors.kind(to));
    if (to == PhysicalType.I8) {
      code.i2b();
    } else if (to == PhysicalType.I16) {
      code.i2s();
    }
  }

  /* value = operand != 0 */
  private static void pushNotZero(CodeBuilder code, PhysicalType from) {
    switch (Descriptors.kind(from)) {
      case INT -> {}
      case LONG -> code.lconst_0().lcmp();
      case FLOAT -> code.fconst_0().fcmpg();
      default -> code.dconst_0().dcmpg();
    }
    Label isTrue = code.newLabel();
    Label done = code.newLabel();
    code.ifne(isTrue).iconst_0().goto_(done).labelBinding(isTrue).iconst_1().labelBinding(done);
  }

  private static String sqlName(PhysicalType type) {
    return switch (type) {
      case BOOL -> "boolean";
      case I8 -> "tinyint";
      case I16 -> "smallint";
      case I32 -> "int";
      case I64 -> "bigint";
      case F32 -> "float";
      case F64 -> "double";
      case DECIMAL -> "decimal";
      case BYTES -> "string";
    };
  }
}
