package io.arrowmill.batch;

import io.arrowmill.ArrowmillException;
import io.arrowmill.Row;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Builds record batches from rows of Java values. After {@link #build} the builder is empty and may
 * be used again.
 *
 * <p>Ownership: owns the vectors being built until {@link #build} hands them on. A failed append
 * frees them and drops the rows appended since the last build. Threading: confined to one thread.
 */
public final class BatchBuilder implements AutoCloseable {
  private static final int INITIAL_ROWS = 1_024;

  private final StructType schema;
  private final BufferAllocator allocator;
  private final List<FieldVector> vectors = new ArrayList<>();
  private final VectorWriter[] writers;
  private int rowCount;
  private int capacityRows = INITIAL_ROWS;

  /**
   * A builder of batches of {@code schema}; memory is taken from {@code allocator} on the first
   * append.
   */
  public BatchBuilder(StructType schema, BufferAllocator allocator) {
    this.schema = schema;
    this.allocator = allocator;
    this.writers = new VectorWriter[schema.size()];
  }

  /** One batch of all {@code rows}, at most {@link RecordBatch#ROWS_MAX}. */
  public static RecordBatch batch(StructType schema, List<Row> rows, BufferAllocator allocator) {
    try (BatchBuilder builder = new BatchBuilder(schema, allocator)) {
      rows.forEach(builder::append);
      return builder.build();
    }
  }

  /**
   * Appends a row whose values are in the order of the schema's fields.
   *
   * @throws ArrowmillException if a value does not fit its column; see {@link VectorWriter#write}
   */
  public void append(Row row) {
    appendValues(row.values());
  }

  /** Appends a row of values in the order of the schema's fields. */
  public void appendValues(List<? extends @Nullable Object> values) {
    checkAppend(values.size());
    try {
      allocate();
      for (int i = 0; i < writers.length; i++) {
        writers[i].write(rowCount, values.get(i));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    rowCount++;
  }

  private void checkAppend(int valueCount) {
    if (valueCount != writers.length) {
      close();
      throw new ArrowmillException(
          "ROW_SIZE_MISMATCH",
          "a row must have one value a field: values="
              + valueCount
              + ", fields="
              + writers.length
              + ", schema="
              + schema.toDDL());
    }
    if (isFull()) {
      close();
      throw new ArrowmillException(
          "INTERNAL_ERROR",
          "a batch must not be full to take a row: rowCount="
              + RecordBatch.ROWS_MAX
              + "; build it when isFull says so");
    }
  }

  private void allocate() {
    if (!vectors.isEmpty()) {
      return;
    }
    for (int i = 0; i < writers.length; i++) {
      StructField field = schema.field(i);
      FieldVector vector = ArrowTypes.field(field).createVector(allocator);
      vectors.add(vector);
      vector.setInitialCapacity(capacityRows);
      vector.allocateNew();
      writers[i] = VectorWriter.of(vector, field);
    }
  }

  /** Rows appended since the last build. */
  public int rowCount() {
    return rowCount;
  }

  /** Whether the batch has as many rows as one can hold. */
  public boolean isFull() {
    return rowCount == RecordBatch.ROWS_MAX;
  }

  /** The rows appended since the last build, maybe none, as a batch that the caller owns. */
  public RecordBatch build() {
    try {
      allocate();
      for (FieldVector vector : vectors) {
        vector.setValueCount(rowCount);
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    RecordBatch batch = new RecordBatch(schema, vectors, rowCount);
    capacityRows = Math.max(INITIAL_ROWS, rowCount);
    vectors.clear();
    rowCount = 0;
    return batch;
  }

  /** Frees what was appended and not built. */
  @Override
  public void close() {
    vectors.forEach(FieldVector::close);
    vectors.clear();
    rowCount = 0;
  }
}
