package io.arrowmill.kernel;

import io.arrowmill.codegen.kernel.BytesOutput;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.memory.OffHeap;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/** A vector while a compiled kernel writes it; borrows the vector. */
final class OutputColumn {
  private final FieldVector vector;
  private final int kernelColumn;

  private OutputColumn(FieldVector vector, int kernelColumn) {
    this.vector = vector;
    this.kernelColumn = kernelColumn;
  }

  /** Allocates the vector for {@code rows} rows and makes it output {@code kernelColumn}. */
  static OutputColumn prepare(
      FieldVector vector, int kernelColumn, int rows, KernelOutputs outputs) {
    if (vector instanceof BaseVariableWidthVector variable) {
      variable.allocateNew(16L * rows, rows);
      outputs.setBytes(
          kernelColumn, new VectorBytes(variable), variable.getValidityBuffer().memoryAddress());
    } else {
      vector.setInitialCapacity(rows);
      vector.allocateNew();
      outputs.setFixed(
          kernelColumn,
          vector.getDataBuffer().memoryAddress(),
          vector.getValidityBuffer().memoryAddress());
    }
    return new OutputColumn(vector, kernelColumn);
  }

  /** The kernel has written {@code rows} rows. */
  void finish(int rows, KernelOutputs outputs) {
    if (outputs.nullCount(kernelColumn) == 0) {
      ArrowBuf validity = vector.getValidityBuffer();
      validity.setOne(0L, (rows + 7) / 8L);
    }
    if (vector instanceof BaseVariableWidthVector variable) {
      variable.setLastSet(rows - 1);
    }
    vector.setValueCount(rows);
  }

  /** Appends values to a vector of strings or binaries. */
  private static final class VectorBytes implements BytesOutput {
    private final BaseVariableWidthVector vector;
    private int index;
    private int end;

    VectorBytes(BaseVariableWidthVector vector) {
      this.vector = vector;
    }

    @Override
    public void begin(int count) {
      index = 0;
      end = 0;
      vector.getOffsetBuffer().setInt(0, 0);
    }

    @Override
    public void append(long address, int length) {
      if (length > 0) {
        while (vector.getDataBuffer().capacity() - end < length) {
          vector.reallocDataBuffer();
        }
        OffHeap.copy(address, vector.getDataBuffer().memoryAddress() + end, length);
        end += length;
      }
      index++;
      vector.getOffsetBuffer().setInt(4L * index, end);
    }

    @Override
    public void appendNull() {
      index++;
      vector.getOffsetBuffer().setInt(4L * index, end);
    }
  }
}
