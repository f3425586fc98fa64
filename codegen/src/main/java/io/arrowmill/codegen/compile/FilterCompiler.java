package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.CONTEXT;
import static io.arrowmill.codegen.compile.Descriptors.INT;
import static io.arrowmill.codegen.compile.Descriptors.LONG;

import io.arrowmill.codegen.compile.LoopEmitter.Shape;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.kernel.FilterKernel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;

/**
 * Builds the class of a filter.
 *
 * <pre>
 * public int filter(long columns, int start, int count, long out) {
 *   KernelContext context = KernelContext.current();
 *   return Nullness.any(columns, NULLABLE)
 *       ? filterDenseNulls(context, columns, 0, start, count, out, 0)
 *       : filterDense(context, columns, 0, start, count, out, 0);
 * }
 * </pre>
 */
final class FilterCompiler {

  private final KernelClass owner = new KernelClass("GeneratedFilter", Descriptors.FILTER);
  private final Facts facts;
  private final Ir predicate;

  private FilterCompiler(Ir predicate) {
    this.predicate = predicate;
    this.facts = new Facts(predicate);
  }

  static FilterKernel compile(Ir predicate) {
    return new FilterCompiler(predicate).compile();
  }

  private FilterKernel compile() {
    for (boolean selected : new boolean[] {false, true}) {
      addLoop(new Shape(selected, false));
      if (!facts.nullableColumns().isEmpty()) {
        addLoop(new Shape(selected, true));
      }
    }
    owner.addPublic(
        "filter",
        Descriptors.method(INT, LONG, INT, INT, LONG),
        code -> {
          code.invokestatic(CONTEXT, "current", Descriptors.method(CONTEXT)).astore(7);
          dispatch(code, false);
        });
    owner.addPublic(
        "filter",
        Descriptors.method(INT, LONG, LONG, INT, INT, LONG),
        code -> {
          code.invokestatic(CONTEXT, "current", Descriptors.method(CONTEXT)).astore(9);
          dispatch(code, true);
        });
    return (FilterKernel) owner.instantiate();
  }

  private void addLoop(Shape shape) {
    owner.addStatic(
        "filter" + shape.suffix(),
        LoopEmitter.type(LONG),
        code ->
            LoopEmitter.emit(code, owner, facts, shape, predicate, new SelectionSink(predicate)));
  }

  private void dispatch(CodeBuilder code, boolean selected) {
    if (!facts.nullableColumns().isEmpty()) {
      Label noNulls = code.newLabel();
      NullDispatch.pushAny(code, owner, facts, 1);
      code.ifeq(noNulls);
      pushArguments(code, selected);
      invoke(code, new Shape(selected, true));
      code.ireturn().labelBinding(noNulls);
    }
    pushArguments(code, selected);
    invoke(code, new Shape(selected, false));
    code.ireturn();
  }

  private static void pushArguments(CodeBuilder code, boolean selected) {
    if (selected) {
      code.aload(9).lload(1).lload(3).iload(5).iload(6).lload(7);
    } else {
      code.aload(7).lload(1).lconst_0().iload(3).iload(4).lload(5);
    }
    code.lconst_0();
  }

  private void invoke(CodeBuilder code, Shape shape) {
    code.invokestatic(owner.name(), "filter" + shape.suffix(), LoopEmitter.type(LONG));
  }
}
