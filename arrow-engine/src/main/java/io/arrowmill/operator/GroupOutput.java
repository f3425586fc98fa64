package io.arrowmill.operator;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.codegen.table.GroupTable;
import io.arrowmill.codegen.table.GroupTableException;
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

  /**
   * Where the first keys of groups are.
   *
   * @param table whose keys are the first ones of the groups
   * @param rows address of int64 addresses of its rows, one a group
   */
  record Keys(GroupTable table, long rows) {}

  /** A batch of the groups at the given addresses; the caller owns it. */
  RecordBatch batch(GroupTable table, long rows, int count, BufferAllocator allocator) {
    return batch(new Keys(table, rows), table, rows, count, allocator);
  }

  /** As the other, of groups whose rows do not have the first keys. */
  RecordBatch batch(Keys first, GroupTable table, long rows, int count, BufferAllocator allocator) {
    int firstKeys = first.table().plan().keys().size();
    List<FieldVector> vectors = new ArrayList<>();
    try {
      for (int i = 0; i < schema.size(); i++) {
        StructField field = schema.field(i);
        FieldVector vector = ArrowTypes.field(field).createVector(allocator);
        vectors.add(vector);
        boolean bytes = AggregateColumns.kind(field.type()) == ValueKind.BYTES;
        if (i < keys) {
          Keys from = i < firstKeys ? first : new Keys(table, rows);
          allocate(vector, count, bytes ? from.table().readKeysBytes(i, from.rows(), count) : 0);
          from.table().readKeys(i, from.rows(), count, column.set(0, vector, count), 0);
        } else {
          allocate(vector, count, bytes ? table.states().finishBytes(i - keys, rows, count) : 0);
          finish(i - keys, table, rows, count, vector);
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

  /** Writes an aggregate's results; one may turn out only now to be beyond its type. */
  private void finish(int aggregate, GroupTable table, long rows, int count, FieldVector vector) {
    try {
      table.states().finish(aggregate, rows, count, column.set(0, vector, count), 0);
    } catch (GroupTableException e) {
      throw AggregateRun.doesNotFit(vector.getName(), e);
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
