package io.arrowmill.operator;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.ValueKind;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/**
 * Makes batches of groups: the key columns, then one column for each aggregate. Confined to one
 * task.
 */
final class GroupOutput implements AutoCloseable {
  private final StructType schema;
  private final int keys;
  private final ColumnDescriptors column;

  /**
   * Batches with a schema.
   *
   * @param keys so many of the columns are keys; those behind them are aggregates, in order
   */
  GroupOutput(StructType schema, int keys, MemorySource memory) {
    this.schema = schema;
    this.keys = keys;
    this.column = new ColumnDescriptors(1, memory);
  }

  /** A batch of the groups at the given addresses; the caller owns it. */
  RecordBatch batch(GroupTable table, long rows, int count, BufferAllocator allocator) {
    List<FieldVector> vectors = new ArrayList<>();
    try {
      for (int i = 0; i < schema.size(); i++) {
        StructField field = schema.field(i);
        FieldVector vector = ArrowTypes.field(field).createVector(allocator);
        vectors.add(vector);
        boolean bytes = AggregateColumns.kind(field.type()) == ValueKind.BYTES;
        if (i < keys) {
          allocate(vector, count, bytes ? table.readKeysBytes(i, rows, count) : 0);
          table.readKeys(i, rows, count, column.set(0, vector, count), 0);
        } else {
          allocate(vector, count, bytes ? table.finishBytes(i - keys, rows, count) : 0);
          table.finish(i - keys, rows, count, column.set(0, vector, count), 0);
        }
        if (vector instanceof BaseVariableWidthVector variable) {
          variable.setLastSet(count - 1);
        }
        vector.setValueCount(count);
      }
      return new RecordBatch(schema, vectors, count);
    } catch (RuntimeException | Error e) {
      vectors.forEach(FieldVector::close);
      throw e;
    }
  }

  private static void allocate(FieldVector vector, int count, long bytes) {
    if (vector instanceof BaseVariableWidthVector variable) {
      variable.allocateNew(Math.max(1, bytes), count);
    } else {
      vector.setInitialCapacity(count);
      vector.allocateNew();
    }
  }

  @Override
  public void close() {
    column.close();
  }
}
