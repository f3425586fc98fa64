package io.arrowmill.kernel;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.util.VectorBatchAppender;

/** Puts batches one after the other. */
public final class Concat {
  private Concat() {}

  /**
   * One batch of all rows, which may be more than {@link RecordBatch#ROWS_MAX}. The rows of a
   * single batch are not copied.
   *
   * @param batches borrowed
   * @return owned by the caller
   */
  public static RecordBatch batches(
      StructType schema, List<RecordBatch> batches, BufferAllocator allocator) {
    List<RecordBatch> filled = batches.stream().filter(batch -> batch.rowCount() > 0).toList();
    long rows = 0;
    for (RecordBatch batch : filled) {
      rows += batch.rowCount();
    }
    if (rows > Integer.MAX_VALUE - 8) {
      throw tooMany("rows", rows);
    }
    List<FieldVector> columns = new ArrayList<>();
    try {
      for (int c = 0; c < schema.size(); c++) {
        int index = c;
        List<FieldVector> parts = filled.stream().map(batch -> batch.column(index)).toList();
        if (parts.size() == 1) {
          columns.add(RecordBatch.slice(parts.getFirst(), 0, (int) rows, allocator));
        } else {
          columns.add(ArrowTypes.field(schema.field(c)).createVector(allocator));
          append(columns.getLast(), parts, (int) rows);
        }
      }
      return new RecordBatch(schema, columns, (int) rows);
    } catch (RuntimeException | Error e) {
      columns.forEach(FieldVector::close);
      throw e;
    }
  }

  private static void append(FieldVector column, List<FieldVector> parts, int rows) {
    // All room at once: growing by doubling would copy everything twice and hold it twice.
    column.setInitialCapacity(Math.max(1, rows));
    if (column instanceof BaseVariableWidthVector variable) {
      long bytes = 0;
      for (FieldVector part : parts) {
        bytes += ((BaseVariableWidthVector) part).sizeOfValueBuffer();
      }
      if (bytes > Integer.MAX_VALUE) {
        throw tooMany("bytes of column " + column.getName(), bytes);
      }
      variable.allocateNew(Math.max(1, bytes), Math.max(1, rows));
    } else {
      column.allocateNew();
    }
    column.setValueCount(0);
    VectorBatchAppender.batchAppend(column, parts.toArray(FieldVector[]::new));
  }

  private static ArrowmillException tooMany(String what, long number) {
    return new ArrowmillException(
        "TOO_MANY_ROWS",
        "rows that are held together must be fewer than 2^31, and so must be the bytes of a column:"
            + " what="
            + what
            + ", number="
            + number
            + "; filter them or aggregate first");
  }
}
