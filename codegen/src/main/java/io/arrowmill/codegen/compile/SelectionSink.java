package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.INT;
import static io.arrowmill.codegen.compile.Descriptors.LONG;

import io.arrowmill.codegen.ir.Ir;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;

/**
 * Writes the indices of the rows for which a predicate is TRUE, without a branch on it.
 *
 * <pre>
 * OffHeap.putInt(target + selected * 4, row);
 * selected += predicate;
 * </pre>
 */
final class SelectionSink implements LoopEmitter.Sink {

  private final Ir predicate;
  private int selected = -1;

  SelectionSink(Ir predicate) {
    this.predicate = predicate;
  }

  @Override
  public void before(MethodEmitter m) {
    selected = LoopEmitter.newCounter(m, TypeKind.INT);
  }

  @Override
  public void row(MethodEmitter m, int index, int row) {
    CodeBuilder code = m.code();
    LogicEmitter.pushPredicate(m, predicate);
    code.lload(LoopEmitter.TARGET).iload(selected).i2l().loadConstant(4L).lmul().ladd();
    code.iload(row);
    m.call(Descriptors.OFF_HEAP, "putInt", Descriptors.VOID, LONG, INT);
    code.iload(selected).iadd().istore(selected);
  }

  @Override
  public void after(MethodEmitter m) {
    m.code().iload(selected);
  }
}
