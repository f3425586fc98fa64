package io.arrowmill.codegen.compile;

import static io.arrowmill.codegen.compile.Descriptors.INT;
import static io.arrowmill.codegen.compile.Descriptors.LONG;
import static io.arrowmill.codegen.compile.Descriptors.OUTPUTS;
import static io.arrowmill.codegen.compile.Descriptors.VOID;

import io.arrowmill.codegen.ir.PhysicalType;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the outputs of a lane loop: vectors at each step, bits word by word.
 *
 * <p>An output has validity bits in the same cases as a scalar kernel writes them: where {@link
 * Facts} says that the expression can be null.
 */
final class LaneOutputs {

  /** An output and its locals; -1 where it needs none. */
  private record Target(
      LaneProgram.Output output,
      boolean nullable,
      int data,
      int validity,
      int valueWord,
      int nullWord,
      int nullCount) {}

  private final LaneCode lanes;
  private final CodeBuilder code;
  private final LaneProgram program;
  private final LaneLoop.Locals locals;
  private final List<Target> targets = new ArrayList<>();

  LaneOutputs(
      LaneCode lanes, LaneProgram program, LaneLoop.Locals locals, boolean columnsHaveNulls) {
    this.lanes = lanes;
    this.code = lanes.code();
    this.program = program;
    this.locals = locals;
    for (LaneProgram.Output output : program.outputs()) {
      boolean nullable =
          new Facts(output.expression()).nullable(output.expression(), columnsHaveNulls);
      boolean isBool = output.expression().type() == PhysicalType.BOOL;
      targets.add(
          new Target(
              output,
              nullable,
              lanes.newLocal(TypeKind.LONG),
              nullable ? lanes.newLocal(TypeKind.LONG) : -1,
              isBool ? lanes.newLocal(TypeKind.LONG) : -1,
              nullable ? lanes.newLocal(TypeKind.LONG) : -1,
              nullable ? lanes.newLocal(TypeKind.INT) : -1));
    }
  }

  void emitBeforeLoop() {
    for (Target target : targets) {
      pushAddress(target, "dataAddress");
      code.lstore(target.data());
      if (target.nullable()) {
        pushAddress(target, "validityAddress");
        code.lstore(target.validity());
        code.iconst_0().istore(target.nullCount());
      }
    }
  }

  private void pushAddress(Target target, String method) {
    code.aload(LaneLoop.OUTPUTS_LOCAL).loadConstant(target.output().index());
    code.invokevirtual(OUTPUTS, method, Descriptors.method(LONG, INT));
  }

  void emitBeforeBlock() {
    for (Target target : targets) {
      if (target.valueWord() >= 0) {
        code.lconst_0().lstore(target.valueWord());
      }
      if (target.nullable()) {
        code.lconst_0().lstore(target.nullWord());
      }
    }
  }

  /**
   * Emits the expressions and writes their values.
   *
   * @param keep the local of the bits of the rows to write, or {@link LaneEmitter#ALL}
   */
  void emitStep(LaneEmitter emitter, int keep) {
    for (Target target : targets) {
      LaneValue value = emitter.emit(target.output().expression(), keep);
      PhysicalType type = value.type();
      if (type == PhysicalType.BOOL) {
        code.lload(value.slot());
        addToWord(target.valueWord());
      } else {
        lanes.load(value);
        if (keep != LaneEmitter.ALL) {
          code.lload(keep);
          lanes.toMask(type);
          lanes.compress(type);
        }
        code.lload(target.data()).iload(LaneLoop.POSITION).i2l();
        code.loadConstant((long) type.width()).lmul().ladd();
        lanes.intoMemory(type);
      }
      if (target.nullable() && value.nullable()) {
        code.lload(value.nulls());
        addToWord(target.nullWord());
      }
    }
  }

  /* word |= (bits & LANE_BITS) << step; */
  private void addToWord(int word) {
    lanes.clean();
    code.iload(locals.step()).lshl().lload(word).lor().lstore(word);
  }

  void emitAfterBlock() {
    for (Target target : targets) {
      if (target.valueWord() >= 0) {
        append(target.data(), target.valueWord(), false);
      }
      if (target.nullable()) {
        append(target.validity(), target.nullWord(), true);
        code.lload(target.nullWord()).lload(locals.keptRows()).land();
        lanes.bitCount();
        code.iload(target.nullCount()).iadd().istore(target.nullCount());
      }
    }
  }

  /*
   * LaneBits.append(bitmap, blockPosition, Long.compress(word, keptRows), Long.bitCount(keptRows));
   */
  private void append(int bitmap, int word, boolean inverted) {
    code.lload(bitmap).iload(locals.blockPosition()).lload(word);
    if (inverted) {
      lanes.not();
    }
    if (program.predicate() != null) {
      code.lload(locals.keptRows());
      lanes.compressBits();
    }
    code.lload(locals.keptRows());
    lanes.bitCount();
    lanes.callBits("append", VOID, LONG, INT, LONG, INT);
  }

  /* outputs.addNullCount(3, nullCount); */
  void emitAfterLoop() {
    for (Target target : targets) {
      if (target.nullable()) {
        code.aload(LaneLoop.OUTPUTS_LOCAL).loadConstant(target.output().index());
        code.iload(target.nullCount());
        code.invokevirtual(OUTPUTS, "addNullCount", Descriptors.method(VOID, INT, INT));
      }
    }
  }
}
