package io.arrowmill.operator;

import static io.arrowmill.codegen.memory.OffHeap.getInt;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.ValueFilter;
import io.arrowmill.kernel.TransformTask;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** A filter of a scan, compiled. Owns working memory; confined to one task. */
final class ScanFilter implements ValueFilter, AutoCloseable {
  private final Attribute column;
  private final StructType schema;
  private final TransformTask test;

  /**
   * A filter.
   *
   * @param test of batches with that column alone; closed with this
   */
  ScanFilter(Attribute column, TransformTask test) {
    this.column = column;
    this.schema = StructType.of(DataTypes.field(column.name(), column.type()));
    this.test = test;
  }

  @Override
  public String column() {
    return column.name();
  }

  @Override
  public boolean @Nullable [] passes(FieldVector values) {
    boolean[] passes = new boolean[values.getValueCount()];
    int passed;
    try {
      passed = test.select(new RecordBatch(schema, List.of(values), passes.length));
    } catch (ArrowmillException e) {
      return null; // no row may have the value that it failed for
    }
    long rows = test.selected();
    for (int i = 0; i < passed; i++) {
      passes[getInt(rows + 4L * i)] = true;
    }
    return passes;
  }

  @Override
  public void close() {
    test.close();
  }
}
