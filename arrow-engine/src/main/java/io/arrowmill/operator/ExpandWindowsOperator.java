package io.arrowmill.operator;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.kernel.Gather;
import io.arrowmill.kernel.TransformTask;
import io.arrowmill.kernel.interpreted.TimeWindows;
import io.arrowmill.operator.PhysicalPlan.ExpandWindowsPlan;
import io.arrowmill.plan.Expression.TimeWindow;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.complex.StructVector;

/**
 * Gives each row once for every window its time falls into; a row without a time falls into none.
 *
 * <p>A time t falls into the windows that start at {@code s = startMicros + k * slideMicros} with
 * {@code s <= t < s + lengthMicros}.
 */
final class ExpandWindowsOperator implements Operator {
  private final ExpandWindowsPlan plan;
  private final TransformTask times;
  private final BufferAllocator allocator;
  private final Operator next;
  private final StructType schema;
  private final int[] rows = new int[RecordBatch.ROWS_MAX];
  private final long[] starts = new long[RecordBatch.ROWS_MAX];
  private int count;

  ExpandWindowsOperator(
      ExpandWindowsPlan plan, TransformTask times, BufferAllocator allocator, Operator next) {
    this.plan = plan;
    this.times = times;
    this.allocator = allocator;
    this.next = next;
    this.schema = plan.schema();
  }

  @Override
  public void process(RecordBatch batch) {
    try (RecordBatch evaluated = times.apply(batch)) {
      if (evaluated == null) {
        return;
      }
      TimeWindow window = plan.window();
      TimeStampVector vector = (TimeStampVector) evaluated.column(0);
      count = 0;
      for (int row = 0; row < batch.rowCount(); row++) {
        if (vector.isNull(row)) {
          continue;
        }
        long time = vector.get(row);
        for (long start = TimeWindows.newestStart(window, time);
            start > time - window.lengthMicros();
            start -= window.slideMicros()) {
          if (count == rows.length) {
            flush(batch);
          }
          rows[count] = row;
          starts[count++] = start;
        }
      }
      flush(batch);
    }
  }

  private void flush(RecordBatch batch) {
    if (count == 0) {
      return;
    }
    List<FieldVector> columns = new ArrayList<>();
    try {
      for (FieldVector column : batch.columns()) {
        columns.add(Gather.rows(column, rows, count, allocator));
      }
      FieldVector window =
          ArrowTypes.field(schema.field(schema.size() - 1)).createVector(allocator);
      columns.add(window);
      window.setInitialCapacity(count);
      window.allocateNew();
      if (window instanceof StructVector struct) {
        write((TimeStampVector) struct.getVectorById(0), 0);
        write((TimeStampVector) struct.getVectorById(1), plan.window().lengthMicros());
        for (int i = 0; i < count; i++) {
          struct.setIndexDefined(i);
        }
      } else {
        write((TimeStampVector) window, 0);
      }
      window.setValueCount(count);
      next.process(new RecordBatch(schema, columns, count));
    } finally {
      columns.forEach(FieldVector::close);
      count = 0;
    }
  }

  private void write(TimeStampVector vector, long plusMicros) {
    for (int i = 0; i < count; i++) {
      vector.setSafe(i, starts[i] + plusMicros);
    }
    vector.setValueCount(count);
  }

  @Override
  public void close() {
    times.close();
  }
}
