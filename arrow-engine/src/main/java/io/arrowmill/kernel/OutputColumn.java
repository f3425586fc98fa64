package io.arrowmill.kernel;

import io.arrowmill.codegen.kernel.BytesOutput;
import io.arrowmill.codegen.kernel.KernelException;
import io.arrowmill.codegen.kernel.KernelException.Condition;
import io.arrowmill.codegen.kernel.KernelOutputs;
import io.arrowmill.codegen.memory.OffHeap;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** A vector while a compiled kernel writes it; borrows the vector. */
final class OutputColumn implements AutoCloseable {
  private final FieldVector vector;
  private final int kernelColumn;
  private final @Nullable FixedBuffers buffers;

  private OutputColumn(FieldVector vector, int kernelColumn, @Nullable FixedBuffers buffers) {
    this.vector = vector;
    this.kernelColumn = kernelColumn;
    this.buffers = buffers;
  }

  /**
   * Allocates room for {@code rows} rows of the vector, which is empty, and makes it output {@code
   * kernelColumn}. Bits have room in whole 8-byte words, as kernels write them.
   */
  static OutputColumn prepare(
      FieldVector vector, int kernelColumn, int rows, KernelOutputs outputs) {
    if (vector instanceof BaseVariableWidthVector variable) {
      int capacity = Math.max(1, Math.ceilDiv(rows, Long.SIZE)) * Long.SIZE;
      variable.allocateNew(16L * capacity, capacity);
      outputs.setBytes(
          kernelColumn, new VectorBytes(variable), variable.getValidityBuffer().memoryAddress());
      return new OutputColumn(vector, kernelColumn, null);
    }
    int width = ((BaseFixedWidthVector) vector).getTypeWidth();
    FixedBuffers buffers = FixedBuffers.allocate(width, rows, vector.getAllocator());
    outputs.setFixed(kernelColumn, buffers.dataAddress(), buffers.validityAddress());
    return new OutputColumn(vector, kernelColumn, buffers);
  }

  /** The kernel has written {@code rows} rows. */
  void finish(int rows, KernelOutputs outputs) {
    int nulls = outputs.nullCount(kernelColumn);
    if (buffers != null) {
      buffers.moveTo(vector, rows, nulls);
      return;
    }
    if (nulls == 0) {
      ArrowBuf validity = vector.getValidityBuffer();
      validity.setOne(0L, (rows + 7) / 8L);
    }
    ((BaseVariableWidthVector) vector).setLastSet(rows - 1);
    vector.setValueCount(rows);
  }

  /** Gives back what did not become part of the vector. */
  @Override
  public void close() {
    if (buffers != null) {
      buffers.close();
    }
  }

  /** Appends values to a vector of strings or binaries. */
  private static final class VectorBytes implements BytesOutput {
    private final BaseVariableWidthVector vector;
    private final long offsets;
    private long data;
    private long capacity;
    private int index;
    private int end;

    VectorBytes(BaseVariableWidthVector vector) {
      this.vector = vector;
      this.offsets = vector.getOffsetBuffer().memoryAddress();
      locate();
    }

    private void locate() {
      this.data = vector.getDataBuffer().memoryAddress();
      this.capacity = vector.getDataBuffer().capacity();
    }

    @Override
    public void begin(int count) {
      index = 0;
      end = 0;
      OffHeap.putInt(offsets, 0);
    }

    @Override
    public void append(long address, int length) {
      if (length > 0) {
        if (capacity - end < length) {
          grow((long) end + length);
        }
        OffHeap.copy(address, data + end, length);
        end += length;
      }
      index++;
      OffHeap.putInt(offsets + 4L * index, end);
    }

    @Override
    public long appendAsLongAs(long others, int count) {
      int first = OffHeap.getInt(others);
      int begin = end;
      long newEnd = (long) begin + OffHeap.getInt(others + 4L * count) - first;
      if (newEnd > capacity) {
        grow(newEnd);
      }
      for (int i = 1; i <= count; i++) {
        int valueEnd = begin + OffHeap.getInt(others + 4L * i) - first;
        OffHeap.putInt(offsets + 4L * (index + i), valueEnd);
      }
      index += count;
      end = (int) newEnd;
      return data + begin;
    }

    private void grow(long needed) {
      if (needed > Integer.MAX_VALUE) {
        throw new KernelException(
            Condition.OUTPUT_TOO_LARGE,
            "a batch's column must have at most 2^31 - 1 bytes: column="
                + vector.getName()
                + ", bytes="
                + needed
                + "; make smaller batches or shorter values");
      }
      vector.reallocDataBuffer(Math.max(needed, Math.min(2 * capacity, Integer.MAX_VALUE)));
      locate();
    }

    @Override
    public void appendNull() {
      index++;
      OffHeap.putInt(offsets + 4L * index, end);
    }
  }
}
