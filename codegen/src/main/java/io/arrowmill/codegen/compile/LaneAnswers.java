package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.memory.OffHeap;

/** Compares what lane code writes to what scalar code writes. */
final class LaneAnswers {
  private static final int NO_RESULT = -1;

  private final LaneProgram program;
  private final LaneSample sample;
  private final KernelOutputs lanes;
  private final KernelOutputs scalars;

  private LaneAnswers(LaneProgram program, LaneSample sample) {
    this.program = program;
    this.sample = sample;
    this.lanes = sample.outputs();
    this.scalars = sample.moreOutputs(program);
  }

  /**
   * Whether both give the same for a sample. Lane code may leave a row with an error to scalar
   * code.
   */
  static boolean agree(
      LaneProgram program, LaneKernel lanes, LaneKernel scalar, LaneSample sample) {
    return new LaneAnswers(program, sample).agree(lanes, scalar);
  }

  private boolean agree(LaneKernel laneCode, LaneKernel scalarCode) {
    long selection = sample.selection();
    lanes.clearNullCounts();
    int kept = laneCode.run(sample.columns(), 0, sample.rows(), selection, lanes, 0);
    if (kept < 0) {
      return true;
    }
    long otherSelection = sample.moreSelection();
    if (kept != runScalar(scalarCode, otherSelection)) {
      return false;
    }
    if (program.writesSelection() && !OffHeap.equal(selection, otherSelection, 4L * kept)) {
      return false;
    }
    for (LaneProgram.Output output : program.outputs()) {
      if (!agree(output.index(), output.expression().type(), kept)) {
        return false;
      }
    }
    return true;
  }

  private int runScalar(LaneKernel scalarCode, long selection) {
    scalars.clearNullCounts();
    try {
      return scalarCode.run(sample.columns(), 0, sample.rows(), selection, scalars, 0);
    } catch (KernelException e) {
      return NO_RESULT;
    }
  }

  private boolean agree(int output, PhysicalType type, int kept) {
    int nulls = lanes.nullCount(output);
    if (nulls != scalars.nullCount(output)) {
      return false;
    }
    for (int row = 0; row < kept; row++) {
      boolean isValid = nulls == 0 || OffHeap.getBit(lanes.validityAddress(output), row);
      boolean otherIsValid = nulls == 0 || OffHeap.getBit(scalars.validityAddress(output), row);
      if (isValid != otherIsValid) {
        return false;
      }
      if (isValid && value(lanes, output, type, row) != value(scalars, output, type, row)) {
        return false;
      }
    }
    return true;
  }

  /** The value's bits; any NaN is as good as another. */
  private static long value(KernelOutputs outputs, int output, PhysicalType type, int row) {
    long data = outputs.dataAddress(output);
    return switch (type) {
      case BOOL -> OffHeap.getBit(data, row) ? 1 : 0;
      case I32 -> OffHeap.getInt(data + 4L * row);
      case I64 -> OffHeap.getLong(data + 8L * row);
      case F32 -> Float.floatToIntBits(Float.intBitsToFloat(OffHeap.getInt(data + 4L * row)));
      case F64 ->
          Double.doubleToLongBits(Double.longBitsToDouble(OffHeap.getLong(data + 8L * row)));
      default -> throw new IllegalStateException("output must have lanes: type=" + type);
    };
  }
}
