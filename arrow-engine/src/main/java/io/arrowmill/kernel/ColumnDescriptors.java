package io.arrowmill.kernel;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.ColumnDescriptor;
import io.arrowmill.codegen.memory.MemorySource;
import java.util.List;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/**
 * A block of {@link ColumnDescriptor}s that point at the buffers of Arrow vectors. Owns the block,
 * borrows the buffers. Confined to one task.
 */
public final class ColumnDescriptors implements AutoCloseable {
  private final MemorySource memory;
  private final int count;
  private final long block;
  private boolean closed;

  /** A block of {@code count} descriptors, none of them set. */
  public ColumnDescriptors(int count, MemorySource memory) {
    this.memory = memory;
    this.count = count;
    this.block = memory.allocate(bytes());
  }

  private long bytes() {
    return Math.max(1, (long) count * ColumnDescriptor.BYTES);
  }

  /** Address of the block. */
  public long address() {
    return block;
  }

  /** Address of one descriptor. */
  public long address(int index) {
    return ColumnDescriptor.at(block, index);
  }

  /**
   * Points the descriptors at columns of a batch.
   *
   * @param columns positions in the batch; a negative one, and a column that is not flat, leaves
   *     its descriptor empty
   */
  public void set(RecordBatch batch, int[] columns) {
    set(batch.columns(), columns);
  }

  /** As {@link #set(RecordBatch, int[])}, of vectors that are in no batch. */
  public void set(List<FieldVector> vectors, int[] columns) {
    for (int i = 0; i < columns.length; i++) {
      boolean isFlat =
          columns[i] >= 0
              && (vectors.get(columns[i]) instanceof BaseFixedWidthVector
                  || vectors.get(columns[i]) instanceof BaseVariableWidthVector);
      if (!isFlat) {
        ColumnDescriptor.set(address(i), 0, 0, 0);
      } else {
        FieldVector vector = vectors.get(columns[i]);
        set(i, vector);
        if (vector.getNullCount() == 0) {
          ColumnDescriptor.set(address(i), 0, ColumnDescriptor.data(address(i)), offsets(vector));
        }
      }
    }
  }

  /** Points one descriptor at a vector that is to be written, and returns its address. */
  public long set(int index, FieldVector vector, int rows) {
    if (vector.getValueCapacity() < rows) {
      throw new IllegalArgumentException(
          "vector must have room: capacity=" + vector.getValueCapacity() + ", rows=" + rows);
    }
    set(index, vector);
    return address(index);
  }

  private void set(int index, FieldVector vector) {
    ColumnDescriptor.set(
        address(index),
        vector.getValidityBuffer().memoryAddress(),
        vector.getDataBuffer().memoryAddress(),
        offsets(vector));
  }

  private static long offsets(FieldVector vector) {
    return vector instanceof BaseVariableWidthVector variable
        ? variable.getOffsetBuffer().memoryAddress()
        : 0;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      memory.free(block, bytes());
    }
  }
}
