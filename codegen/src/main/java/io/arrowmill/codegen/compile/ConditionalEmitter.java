package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.CompareOp;
import io.arrowmill.codegen.ir.Ir;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;

/** Emits nodes that evaluate some of their operands only. */
final class ConditionalEmitter {

  private ConditionalEmitter() {}

  private static Value newResult(MethodEmitter m, Ir node) {
    Value result = m.newValue(node.type());
    return m.nullable(node) ? result.withNull(m.newLocal(TypeKind.INT)) : result;
  }

  /* if (condition is TRUE) result = then; else result = otherwise; */
  static Value emit(MethodEmitter m, Ir.If node) {
    CodeBuilder code = m.code();
    Value result = newResult(m, node);
    Label otherwise = code.newLabel();
    Label done = code.newLabel();
    LogicEmitter.pushPredicate(m, node.condition());
    code.ifeq(otherwise);
    m.copy(m.emit(node.then()), result);
    code.goto_(done).labelBinding(otherwise);
    m.copy(m.emit(node.otherwise()), result);
    code.labelBinding(done);
    return result;
  }

  /* result = first; if (first is null) result = second; */
  static Value emit(MethodEmitter m, Ir.Coalesce node) {
    CodeBuilder code = m.code();
    Value first = m.emit(node.operands().getFirst());
    if (!first.nullable() || node.operands().size() == 1) {
      return first;
    }
    Value result = newResult(m, node);
    Label done = code.newLabel();
    m.copy(first, result);
    code.iload(first.isNull()).ifeq(done);
    m.copy(m.emit(node.operands().get(1)), result);
    code.labelBinding(done);
    return result;
  }

  /*
   * result = left;
   * if (right is not null && (left is null || right > left)) result = right;
   */
  static Value emit(MethodEmitter m, Ir.Extremum node) {
    CodeBuilder code = m.code();
    Value left = m.emit(node.operands().getFirst());
    if (node.operands().size() == 1) {
      return left;
    }
    Value right = m.emit(node.operands().get(1));
    Value result = newResult(m, node);
    Label take = code.newLabel();
    Label done = code.newLabel();
    m.copy(left, result);
    if (right.nullable()) {
      code.iload(right.isNull()).ifne(done);
    }
    if (left.nullable()) {
      code.iload(left.isNull()).ifne(take);
    }
    CompareOp op = node.greatest() ? CompareOp.GREATER : CompareOp.LESS;
    CompareEmitter.pushCompare(m, op, /* left= */ right, /* right= */ left);
    code.ifeq(done);
    code.labelBinding(take);
    m.copy(right, result);
    code.labelBinding(done);
    return result;
  }
}
