package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.INT;
import static io.arrowmill.codegen.compile.Descriptors.LONG;
import static io.arrowmill.codegen.compile.Descriptors.OFF_HEAP;

import io.arrowmill.codegen.ir.Ir;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;

/**
 * Emits the loop over rows, around one expression.
 *
 * <pre>
 * static int loop(KernelContext context, long columns, long selection, int start, int count,
 *     target, long validity) {
 *   // prologue: addresses of columns into locals
 *   for (int i = 0; i &lt; count; i++) {
 *     int row = start + i;                                // or OffHeap.getInt(selection + i * 4)
 *     // the expression, then what the sink does with it
 *   }
 *   return result;
 * }
 * </pre>
 */
final class LoopEmitter {

  static final int SELECTION = 3;
  static final int START = 5;
  static final int COUNT = 6;
  static final int TARGET = 7;

  /** Which rows a loop visits, and whether columns may have nulls. */
  record Shape(boolean selected, boolean columnsHaveNulls) {
    String suffix() {
      return (selected ? "Selected" : "Dense") + (columnsHaveNulls ? "Nulls" : "");
    }
  }

  /** What becomes of an expression's value. */
  interface Sink {
    /** Emits what comes before the loop. */
    void before(MethodEmitter m);

    /** Emits what is done with a row. */
    void row(MethodEmitter m, int index, int row);

    /** Emits what comes after the loop, and pushes the loop's result. */
    void after(MethodEmitter m);
  }

  private LoopEmitter() {}

  /** The type of a loop method; the target is an address or a BytesOutput. */
  static MethodTypeDesc type(ClassDesc target) {
    return Descriptors.method(INT, Descriptors.CONTEXT, LONG, LONG, INT, INT, target, LONG);
  }

  /** The local of the address of the validity bits, which follows the target. */
  static int validityLocal(boolean targetIsAddress) {
    return TARGET + (targetIsAddress ? 2 : 1);
  }

  static void emit(
      CodeBuilder code, KernelClass owner, Facts facts, Shape shape, Ir root, Sink sink) {
    int firstLocal = TARGET + 4;
    int index = firstLocal;
    int row = firstLocal + 1;
    ExpressionScope scope = new ExpressionScope(facts, shape.columnsHaveNulls());
    MethodEmitter m =
        new MethodEmitter(
            code,
            owner,
            scope,
            firstLocal + 2,
            emitter -> new RowAccess(emitter, row, shape.selected() ? row : index));
    hoistInputs(m, root);
    if (shape.selected()) {
      code.lload(SELECTION).iload(START).i2l().loadConstant(4L).lmul().ladd().lstore(SELECTION);
    }
    sink.before(m);
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(index).labelBinding(top).iload(index).iload(COUNT).if_icmpge(end);
    if (facts.usesScratch()) {
      code.aload(MethodEmitter.CONTEXT)
          .invokevirtual(Descriptors.CONTEXT, "startRow", Descriptors.method(Descriptors.VOID));
    }
    emitRow(m, shape, index, row);
    sink.row(m, index, row);
    code.iinc(index, 1).goto_(top).labelBinding(end);
    sink.after(m);
    code.ireturn();
  }

  private static void emitRow(MethodEmitter m, Shape shape, int index, int row) {
    CodeBuilder code = m.code();
    if (shape.selected()) {
      code.lload(SELECTION).iload(index).i2l().loadConstant(4L).lmul().ladd();
      m.call(OFF_HEAP, "getInt", INT, LONG);
    } else {
      code.iload(START).iload(index).iadd();
    }
    code.istore(row);
  }

  /** Hoists the addresses of the columns that are read in this method. */
  private static void hoistInputs(MethodEmitter m, Ir root) {
    Deque<Ir> open = new ArrayDeque<>();
    IdentityHashMap<Ir, Boolean> seen = new IdentityHashMap<>();
    open.push(root);
    while (!open.isEmpty()) {
      Ir node = open.pop();
      if (seen.put(node, true) != null || m.facts().isMethod(node)) {
        continue;
      }
      if (node instanceof Ir.Input input) {
        m.rows().hoist(input.column(), input.type(), m.nullable(input), START);
      }
      node.children().forEach(open::push);
    }
  }

  /** A local that is set to zero before the loop. */
  static int newCounter(MethodEmitter m, TypeKind kind) {
    int local = m.newLocal(kind);
    if (kind == TypeKind.LONG) {
      m.code().lconst_0().lstore(local);
    } else {
      m.code().iconst_0().istore(local);
    }
    return local;
  }
}
