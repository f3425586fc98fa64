package io.arrowmill.kernel;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.util.VectorBatchAppender;

/** Puts batches one after the other. */
public final class Concat {
  private Concat() {}

  /**
   * One batch of all rows, which may be more than {@link RecordBatch#ROWS_MAX}.
   *
   * @param batches borrowed
   * @return owned by the caller
   */
  public static RecordBatch batches(
      StructType schema, List<RecordBatch> batches, BufferAllocator allocator) {
    long rows = 0;
    for (RecordBatch batch : batches) {
      rows += batch.rowCount();
    }
    if (rows > Integer.MAX_VALUE - 8) {
      throw new ArrowmillException(
          "TOO_MANY_ROWS",
          "rows that are held together must be fewer than 2^31: rows="
              + rows
              + "; filter them or aggregate first");
    }
    List<FieldVector> columns = new ArrayList<>();
    try {
      for (int c = 0; c < schema.size(); c++) {
        StructField field = schema.field(c);
        FieldVector column = ArrowTypes.field(field).createVector(allocator);
        columns.add(column);
        column.allocateNew();
        column.setValueCount(0);
        int index = c;
        VectorBatchAppender.batchAppend(
            column,
            batches.stream()
                .filter(batch -> batch.rowCount() > 0)
                .map(batch -> batch.column(index))
                .toArray(FieldVector[]::new));
      }
      return new RecordBatch(schema, columns, (int) rows);
    } catch (RuntimeException | Error e) {
      columns.forEach(FieldVector::close);
      throw e;
    }
  }
}
