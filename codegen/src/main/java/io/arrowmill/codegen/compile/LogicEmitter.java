package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.List;

/**
 * Three-valued logic, without branches where the right operand is cheap and cannot fail.
 *
 * <p>A boolean is (value, isNull), both 0 or 1, and value is undefined where isNull is 1.
 */
final class LogicEmitter {

  private LogicEmitter() {}

  static Value emit(MethodEmitter m, Ir.And node) {
    return emit(m, node.left(), node.right(), true);
  }

  static Value emit(MethodEmitter m, Ir.Or node) {
    return emit(m, node.left(), node.right(), false);
  }

  /*
   * isTrue(x) = x.value & !x.isNull; notFalse(x) = x.value | x.isNull
   * and: value = isTrue(l) & isTrue(r); isNull = (notFalse(l) & notFalse(r)) ^ value
   * or:  value = isTrue(l) | isTrue(r); isNull = (notFalse(l) | notFalse(r)) ^ value
   * lazily, the result starts out as what the left operand decides:
   *   value = and ? 0 : 1; isNull = 0; left; if (decided) goto done; right; ...; done:
   */
  private static Value emit(MethodEmitter m, Ir left, Ir right, boolean and) {
    CodeBuilder code = m.code();
    boolean nullable = m.nullable(left) || m.nullable(right);
    Value result = m.newValue(PhysicalType.BOOL);
    if (nullable) {
      result = result.withNull(m.newLocal(TypeKind.INT));
    }
    Label done = code.newLabel();
    boolean lazy = m.facts().lazy(right);
    if (lazy) {
      code.loadConstant(and ? 0 : 1).istore(result.slot());
      if (nullable) {
        code.iconst_0().istore(result.isNull());
      }
    }
    Value l = m.emit(left);
    if (lazy) {
      if (and) {
        pushNotFalse(m, l);
        code.ifeq(done);
      } else {
        pushIsTrue(m, l);
        code.ifne(done);
      }
    }
    Value r = m.emit(right);
    pushIsTrue(m, l);
    pushIsTrue(m, r);
    combine(code, and);
    code.istore(result.slot());
    if (nullable) {
      pushNotFalse(m, l);
      pushNotFalse(m, r);
      combine(code, and);
      code.iload(result.slot()).ixor().istore(result.isNull());
    }
    code.labelBinding(done);
    return result;
  }

  private static void combine(CodeBuilder code, boolean and) {
    if (and) {
      code.iand();
    } else {
      code.ior();
    }
  }

  /* value = operand.value ^ 1; isNull = operand.isNull; */
  static Value emit(MethodEmitter m, Ir.Not node) {
    return m.emitStrict(
        node,
        List.of(node.operand()),
        false,
        (values, _) -> {
          m.load(values.getFirst());
          m.code().iconst_1().ixor();
        });
  }

  /* value = operand.isNull;  or  value = operand.isNull ^ 1; */
  static Value emitIsNull(MethodEmitter m, Ir operand, boolean isNull) {
    CodeBuilder code = m.code();
    Value result = m.newValue(PhysicalType.BOOL);
    if (m.nullable(operand) || m.facts().mayFail(operand)) {
      m.loadIsNull(m.emit(operand));
    } else {
      code.iconst_0();
    }
    if (!isNull) {
      code.iconst_1().ixor();
    }
    code.istore(result.slot());
    return result;
  }

  /**
   * Emits code that pushes 1 where the node is TRUE and 0 where it is false or null: all that a
   * filter or a condition needs.
   */
  static void pushPredicate(MethodEmitter m, Ir node) {
    if (node instanceof Ir.And and && eager(m, and.right()) && !m.facts().isMethod(node)) {
      pushPredicate(m, and.left());
      pushPredicate(m, and.right());
      m.code().iand();
    } else if (node instanceof Ir.Or or && eager(m, or.right()) && !m.facts().isMethod(node)) {
      pushPredicate(m, or.left());
      pushPredicate(m, or.right());
      m.code().ior();
    } else {
      pushIsTrue(m, m.emit(node));
    }
  }

  private static boolean eager(MethodEmitter m, Ir right) {
    return !m.facts().lazy(right);
  }

  private static void pushIsTrue(MethodEmitter m, Value value) {
    CodeBuilder code = m.code();
    code.iload(value.slot());
    if (value.nullable()) {
      code.iload(value.isNull()).iconst_1().ixor().iand();
    }
  }

  private static void pushNotFalse(MethodEmitter m, Value value) {
    CodeBuilder code = m.code();
    code.iload(value.slot());
    if (value.nullable()) {
      code.iload(value.isNull()).ior();
    }
  }
}
