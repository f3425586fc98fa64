package io.arrowmill.codegen.compile;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.ir.PhysicalType;
import io.arrowmill.codegen.ir.Traversal;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.TreeMap;

/**
 * A copy of some rows of the columns that a program reads, and room for its outputs. The memory
 * goes with the sample.
 *
 * @param columns address of the columns' descriptors
 * @param columnsWithoutNulls the same columns, all values being valid
 * @param rows a multiple of {@link LaneKernel#BLOCK_ROWS}
 * @param selection room for that many row indices
 */
record LaneSample(
    Arena arena,
    long columns,
    long columnsWithoutNulls,
    int rows,
    long selection,
    KernelOutputs outputs) {

  /** Enough for all paths through a kernel, and little to wait for while vectors are objects. */
  static final int ROWS_MAX = 256;

  /** Rows that precede the sample's, so that it can begin at any bit of a byte. */
  private static final int WORD_BYTES = 8;

  static LaneSample copy(LaneProgram program, long columns, int start, int count) {
    int rows = Math.min(count, ROWS_MAX);
    Arena arena = Arena.ofAuto();
    TreeMap<Integer, PhysicalType> types = new TreeMap<>();
    for (Ir expression : program.expressions()) {
      for (Ir node : Traversal.postorder(expression)) {
        if (node instanceof Ir.Input input) {
          types.put(input.column(), input.type());
        }
      }
    }
    int descriptors = types.isEmpty() ? 1 : types.lastKey() + 1;
    long copies = allocate(arena, (long) descriptors * ColumnDescriptor.BYTES);
    long valid = allocate(arena, (long) descriptors * ColumnDescriptor.BYTES);
    for (Map.Entry<Integer, PhysicalType> each : types.entrySet()) {
      int column = each.getKey();
      PhysicalType type = each.getValue();
      long from = ColumnDescriptor.at(columns, column);
      long data = copyOf(arena, ColumnDescriptor.data(from), type, start, rows);
      long validity = ColumnDescriptor.validity(from);
      long validityCopy =
          validity == 0 ? 0 : copyOf(arena, validity, PhysicalType.BOOL, start, rows);
      ColumnDescriptor.set(ColumnDescriptor.at(copies, column), validityCopy, data, 0);
      ColumnDescriptor.set(ColumnDescriptor.at(valid, column), 0, data, 0);
    }
    return new LaneSample(
        arena, copies, valid, rows, allocate(arena, 4L * rows), outputs(program, arena, rows));
  }

  private static long copyOf(Arena arena, long from, PhysicalType type, int start, int rows) {
    if (type != PhysicalType.BOOL) {
      long copy = allocate(arena, (long) rows * type.width());
      OffHeap.copy(from + (long) start * type.width(), copy, (long) rows * type.width());
      return copy;
    }
    long copy = allocate(arena, rows / Byte.SIZE);
    for (int row = 0; row < rows; row++) {
      OffHeap.putBit(copy, row, OffHeap.getBit(from, (long) start + row));
    }
    return copy;
  }

  /** Room for the outputs once more. */
  KernelOutputs moreOutputs(LaneProgram program) {
    return outputs(program, arena, rows);
  }

  /** Room for a selection once more. */
  long moreSelection() {
    return allocate(arena, 4L * rows);
  }

  private static KernelOutputs outputs(LaneProgram program, Arena arena, int rows) {
    int last = -1;
    for (LaneProgram.Output output : program.outputs()) {
      last = Math.max(last, output.index());
    }
    KernelOutputs outputs = new KernelOutputs(last + 1);
    for (LaneProgram.Output output : program.outputs()) {
      outputs.setFixed(
          output.index(),
          allocate(arena, (long) rows * Long.BYTES),
          allocate(arena, rows / Byte.SIZE));
    }
    return outputs;
  }

  private static long allocate(Arena arena, long bytes) {
    return arena.allocate(bytes + WORD_BYTES, WORD_BYTES).address();
  }
}
