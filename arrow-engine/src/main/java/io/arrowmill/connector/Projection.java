package io.arrowmill.connector;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowCodes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Columns picked from a schema by name, in the wanted order.
 *
 * @param schema the wanted columns
 * @param ordinals their positions in the whole schema
 */
record Projection(StructType schema, List<Integer> ordinals) {

  /** The columns of {@code whole} called {@code columns}. */
  static Projection of(StructType whole, List<String> columns) {
    List<Integer> ordinals = columns.stream().map(name -> ordinal(whole, name)).toList();
    List<StructField> fields = ordinals.stream().map(whole::field).toList();
    return new Projection(StructType.of(fields), ordinals);
  }

  /** An owner of the wanted columns of {@code batch}; the buffers are shared. */
  RecordBatch retain(RecordBatch batch, BufferAllocator target) {
    return slice(batch, 0, batch.rowCount(), target);
  }

  /** An owner of some rows of the wanted columns; the buffers are shared where Arrow allows. */
  RecordBatch slice(RecordBatch batch, int start, int count, BufferAllocator target) {
    List<FieldVector> columns = ordinals.stream().map(batch::column).toList();
    @Nullable RowCodes[] codes =
        ordinals.stream().map(batch::codes).toArray(length -> new @Nullable RowCodes[length]);
    return new RecordBatch(schema, columns, codes, batch.rowCount()).slice(start, count, target);
  }

  private static int ordinal(StructType schema, String name) {
    return schema
        .indexOf(name)
        .orElseThrow(() ->
            new ArrowmillException(
                "INTERNAL_ERROR",
                "a wanted column must be one of the source's: column="
                    + name
                    + ", schema="
                    + schema.toDDL()));
  }
}
