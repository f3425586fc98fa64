package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.INT;
import static io.arrowmill.codegen.compile.Descriptors.LONG;
import static io.arrowmill.codegen.compile.Descriptors.OUTPUTS;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;

/**
 * Emits the loops of a {@link LaneProgram}: blocks of 64 rows, whose validity is a word, and steps
 * of as many rows as there are lanes.
 *
 * <pre>
 * static int run(long columns, int start, int count, long selectionOut, KernelOutputs outputs,
 *     int position) {
 *   // addresses of columns and outputs into locals
 *   long errors = 0;
 *   for (int block = 0; block &lt; count; block += 64) {
 *     // words of validity into locals
 *     long keptRows = 0;
 *     int blockPosition = position;
 *     for (int step = 0; step &lt; 64; step += LANES) {
 *       long keep = predicate;
 *       // outputs: compressed by keep, written at position
 *       keptRows |= keep &lt;&lt; step;
 *       position += Long.bitCount(keep);
 *     }
 *     // words of outputs' bits: compressed by keptRows, appended at blockPosition
 *   }
 *   return errors == 0 ? position : -1;
 * }
 * </pre>
 */
final class LaneLoop {

  static final int COLUMNS = 0;
  static final int START = 2;
  private static final int COUNT = 3;
  static final int SELECTION = 4;
  static final int OUTPUTS_LOCAL = 6;
  static final int POSITION = 7;
  private static final int FIRST_LOCAL = 8;

  /** The type of {@code LaneKernel.run}, and of the static methods behind it. */
  static final MethodTypeDesc TYPE = Descriptors.method(INT, LONG, INT, INT, LONG, OUTPUTS, INT);

  /** The locals that count. */
  record Locals(int block, int step, int blockPosition, int keptRows) {}

  private final LaneProgram program;
  private final LaneCode lanes;
  private final CodeBuilder code;
  private final Locals locals;
  private final int errors;
  private final LaneColumns columns;
  private final LaneOutputs outputs;

  private LaneLoop(CodeBuilder code, LaneProgram program, boolean columnsHaveNulls) {
    this.program = program;
    this.code = code;
    this.lanes = new LaneCode(code, FIRST_LOCAL);
    this.locals =
        new Locals(
            lanes.newLocal(TypeKind.INT),
            lanes.newLocal(TypeKind.INT),
            lanes.newLocal(TypeKind.INT),
            lanes.newLocal(TypeKind.LONG));
    this.errors = LaneEmitter.zero(lanes);
    this.columns = new LaneColumns(lanes, locals, program.expressions(), columnsHaveNulls);
    this.outputs = new LaneOutputs(lanes, program, locals, columnsHaveNulls);
  }

  static void emit(CodeBuilder code, LaneProgram program, boolean columnsHaveNulls) {
    new LaneLoop(code, program, columnsHaveNulls).emit();
  }

  private void emit() {
    columns.emitBeforeLoop();
    outputs.emitBeforeLoop();
    Label nextBlock = code.newLabel();
    Label nextStep = code.newLabel();
    Label blockDone = code.newLabel();
    Label done = code.newLabel();
    code.iconst_0().istore(locals.block());
    code.labelBinding(nextBlock).iload(locals.block()).iload(COUNT).if_icmpge(done);
    columns.emitBeforeBlock();
    outputs.emitBeforeBlock();
    code.iload(POSITION).istore(locals.blockPosition());
    code.loadConstant(program.predicate() == null ? -1L : 0L).lstore(locals.keptRows());
    code.iconst_0().istore(locals.step());
    code.labelBinding(nextStep).iload(locals.step()).loadConstant(LaneKernel.BLOCK_ROWS);
    code.if_icmpge(blockDone);
    emitStep();
    code.iload(locals.step());
    lanes.pushLanes();
    code.iadd().istore(locals.step()).goto_(nextStep);
    code.labelBinding(blockDone);
    outputs.emitAfterBlock();
    code.iload(locals.block()).loadConstant(LaneKernel.BLOCK_ROWS).iadd().istore(locals.block());
    code.goto_(nextBlock).labelBinding(done);
    outputs.emitAfterLoop();
    emitReturn();
  }

  private void emitStep() {
    LaneEmitter emitter = new LaneEmitter(lanes, columns, errors);
    Ir predicate = program.predicate();
    if (predicate == null) {
      outputs.emitStep(emitter, LaneEmitter.ALL);
      code.iload(POSITION);
      lanes.pushLanes();
      code.iadd().istore(POSITION);
      return;
    }
    emitter.pushTrue(emitter.emit(predicate, LaneEmitter.ALL));
    lanes.clean();
    int keep = lanes.storeBits();
    if (program.writesSelection()) {
      emitSelection(keep);
    }
    outputs.emitStep(emitter, keep);
    code.lload(keep).iload(locals.step()).lshl().lload(locals.keptRows()).lor();
    code.lstore(locals.keptRows());
    code.iload(POSITION).lload(keep);
    lanes.bitCount();
    code.iadd().istore(POSITION);
  }

  private void emitSelection(int keep) {
    lanes.pushRowIndices(
        () -> code.iload(START).iload(locals.block()).iadd().iload(locals.step()).iadd());
    code.lload(keep);
    lanes.toMask(PhysicalType.I32);
    lanes.compress(PhysicalType.I32);
    code.lload(SELECTION).iload(POSITION).i2l().loadConstant(4L).lmul().ladd();
    lanes.intoMemory(PhysicalType.I32);
  }

  /* return (errors & LANE_BITS) == 0 ? position : -1; */
  private void emitReturn() {
    Label failed = code.newLabel();
    code.lload(errors);
    lanes.clean();
    code.lconst_0().lcmp().ifne(failed).iload(POSITION).ireturn();
    code.labelBinding(failed).iconst_m1().ireturn();
  }
}
