package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.BYTES_OUTPUT;
import static io.arrowmill.codegen.compile.Descriptors.CONTEXT;
import static io.arrowmill.codegen.compile.Descriptors.INT;
import static io.arrowmill.codegen.compile.Descriptors.LONG;
import static io.arrowmill.codegen.compile.Descriptors.OUTPUTS;
import static io.arrowmill.codegen.compile.Descriptors.VOID;

import io.arrowmill.codegen.compile.LoopEmitter.Shape;
import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.kernel.ProjectKernel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/**
 * Builds a class that computes some outputs of a projection: each output has its own loops, and one
 * method that picks among them.
 *
 * <pre>
 * public void project(long columns, long selection, int start, int count, KernelOutputs outputs) {
 *   KernelContext context = KernelContext.current();
 *   output0(context, columns, selection, start, count, outputs);
 *   ...
 * }
 * </pre>
 */
final class ProjectCompiler {

  private static final MethodTypeDesc OUTPUT_TYPE =
      Descriptors.method(VOID, CONTEXT, LONG, LONG, INT, INT, OUTPUTS);

  /** The local of the KernelOutputs in an output's method. */
  private static final int OUTPUTS_LOCAL = 7;

  private final KernelClass owner = new KernelClass("GeneratedProjection", Descriptors.PROJECT);

  private ProjectCompiler() {}

  static ProjectKernel compile(List<LaneProgram.Output> outputs) {
    return new ProjectCompiler().build(outputs);
  }

  private ProjectKernel build(List<LaneProgram.Output> outputs) {
    for (LaneProgram.Output output : outputs) {
      addOutput(output.expression(), output.index());
    }
    owner.addPublic(
        "project",
        Descriptors.method(VOID, LONG, LONG, INT, INT, OUTPUTS),
        code -> {
          code.invokestatic(CONTEXT, "current", Descriptors.method(CONTEXT)).astore(8);
          for (LaneProgram.Output output : outputs) {
            code.aload(8).lload(1).lload(3).iload(5).iload(6).aload(7);
            code.invokestatic(owner.name(), "output" + output.index(), OUTPUT_TYPE);
          }
          code.return_();
        });
    return (ProjectKernel) owner.instantiate();
  }

  private void addOutput(Ir expression, int output) {
    Facts facts = new Facts(expression);
    for (boolean selected : new boolean[] {false, true}) {
      addLoop(expression, facts, output, new Shape(selected, false));
      if (!facts.nullableColumns().isEmpty()) {
        addLoop(expression, facts, output, new Shape(selected, true));
      }
    }
    owner.addStatic(
        "output" + output, OUTPUT_TYPE, code -> emitOutput(code, expression, facts, output));
  }

  private void addLoop(Ir expression, Facts facts, int output, Shape shape) {
    boolean nullable = facts.nullable(expression, shape.columnsHaveNulls());
    owner.addStatic(
        "output" + output + shape.suffix(),
        LoopEmitter.type(target(expression)),
        code ->
            LoopEmitter.emit(
                code, owner, facts, shape, expression, new OutputSink(expression, nullable)));
  }

  private static ClassDesc target(Ir expression) {
    return expression.type() == PhysicalType.BYTES ? BYTES_OUTPUT : LONG;
  }

  /*
   * outputs.bytes(3).begin(count);     // BYTES only
   * if (Nullness.any(columns, NULLABLE)) {
   *   outputs.setNullCount(3, selection != 0 ? output3SelectedNulls(...) : output3DenseNulls(...));
   * } else { ... }
   */
  private void emitOutput(CodeBuilder code, Ir expression, Facts facts, int output) {
    if (expression.type() == PhysicalType.BYTES) {
      pushTarget(code, expression, output);
      code.iload(LoopEmitter.COUNT);
      code.invokeinterface(BYTES_OUTPUT, "begin", Descriptors.method(VOID, INT));
    }
    if (!facts.nullableColumns().isEmpty()) {
      Label noNulls = code.newLabel();
      NullDispatch.pushAny(code, owner, facts, MethodEmitter.COLUMNS);
      code.ifeq(noNulls);
      emitPick(code, expression, output, true);
      code.labelBinding(noNulls);
    }
    emitPick(code, expression, output, false);
  }

  private void emitPick(CodeBuilder code, Ir expression, int output, boolean columnsHaveNulls) {
    Label dense = code.newLabel();
    code.lload(LoopEmitter.SELECTION).lconst_0().lcmp().ifeq(dense);
    emitRun(code, expression, output, new Shape(true, columnsHaveNulls));
    code.labelBinding(dense);
    emitRun(code, expression, output, new Shape(false, columnsHaveNulls));
  }

  private void emitRun(CodeBuilder code, Ir expression, int output, Shape shape) {
    code.aload(OUTPUTS_LOCAL).loadConstant(output);
    code.aload(MethodEmitter.CONTEXT).lload(MethodEmitter.COLUMNS).lload(LoopEmitter.SELECTION);
    code.iload(LoopEmitter.START).iload(LoopEmitter.COUNT);
    pushTarget(code, expression, output);
    code.aload(OUTPUTS_LOCAL).loadConstant(output);
    code.invokevirtual(OUTPUTS, "validityAddress", Descriptors.method(LONG, INT));
    code.invokestatic(
        owner.name(), "output" + output + shape.suffix(), LoopEmitter.type(target(expression)));
    code.invokevirtual(OUTPUTS, "setNullCount", Descriptors.method(VOID, INT, INT));
    code.return_();
  }

  private static void pushTarget(CodeBuilder code, Ir expression, int output) {
    code.aload(OUTPUTS_LOCAL).loadConstant(output);
    if (expression.type() == PhysicalType.BYTES) {
      code.invokevirtual(OUTPUTS, "bytes", Descriptors.method(BYTES_OUTPUT, INT));
    } else {
      code.invokevirtual(OUTPUTS, "dataAddress", Descriptors.method(LONG, INT));
    }
  }
}
