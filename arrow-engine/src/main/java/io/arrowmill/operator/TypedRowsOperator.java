package io.arrowmill.operator;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.record.RecordReader;
import io.arrowmill.batch.record.RecordWriter;
import io.arrowmill.kernel.Gather;
import io.arrowmill.plan.TypedFunction;
import io.arrowmill.plan.TypedFunction.AppendKey;
import io.arrowmill.plan.TypedFunction.AppendValue;
import io.arrowmill.plan.TypedFunction.FilterRows;
import io.arrowmill.plan.TypedFunction.FlatMapRows;
import io.arrowmill.plan.TypedFunction.MapRows;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** Calls a function of the program for each row of one task's batches. */
final class TypedRowsOperator implements Operator {
  private final TypedRowsPlan plan;
  private final BufferAllocator allocator;
  private final Operator next;
  private final RecordReader reader;
  private final @Nullable RecordWriter writer;
  private final int[] columns;
  private final StructType schema;

  TypedRowsOperator(
      TypedRowsPlan plan, TypedCodec codec, BufferAllocator allocator, Operator next) {
    this.plan = plan;
    this.allocator = allocator;
    this.next = next;
    this.reader = codec.input().reader();
    RecordWriter.Plan result = codec.result();
    this.writer =
        result == null ? null : result.writer(PhysicalPlan.schemaOf(plan.generated()), allocator);
    this.columns = Columns.positions(plan.input(), plan.reads());
    this.schema = plan.schema();
  }

  @Override
  public void process(RecordBatch batch) {
    List<FieldVector> vectors = new ArrayList<>(columns.length);
    for (int column : columns) {
      vectors.add(batch.column(column));
    }
    reader.bind(vectors);
    switch (plan.function()) {
      case MapRows ignored -> map(batch.rowCount());
      case FlatMapRows ignored -> flatMap(batch.rowCount());
      case FilterRows ignored -> filter(batch);
      case AppendKey ignored -> append(batch);
      case AppendValue ignored -> append(batch);
    }
  }

  private @Nullable Object call(int row) {
    Object value = reader.read(row);
    try {
      return plan.function().body().call(value);
    } catch (Exception e) {
      throw failed(plan.function(), value, e);
    }
  }

  private static ArrowmillException failed(
      TypedFunction function, @Nullable Object value, Exception e) {
    return new ArrowmillException(
        "USER_FUNCTION_ERROR",
        "a function of the program must return: operator="
            + function.name()
            + ", value="
            + value
            + ", error="
            + e
            + "; mend the function, or filter such rows away",
        e);
  }

  private RecordWriter writer() {
    RecordWriter open = writer;
    if (open == null) {
      throw new IllegalStateException("function must give columns: " + plan.describe());
    }
    return open;
  }

  private void map(int rows) {
    RecordWriter out = writer();
    for (int row = 0; row < rows; row++) {
      out.append(call(row));
    }
    flush(out);
  }

  private void flatMap(int rows) {
    RecordWriter out = writer();
    for (int row = 0; row < rows; row++) {
      if (!(call(row) instanceof Iterator<?> values)) {
        throw new ArrowmillException(
            "USER_FUNCTION_ERROR",
            "a function given to flatMap must return an iterator: found=null; return an empty one");
      }
      while (hasNext(values)) {
        out.append(next(values));
        if (out.isFull()) {
          flush(out);
        }
      }
    }
    flush(out);
  }

  private boolean hasNext(Iterator<?> values) {
    try {
      return values.hasNext();
    } catch (RuntimeException e) {
      throw failed(plan.function(), null, e);
    }
  }

  private @Nullable Object next(Iterator<?> values) {
    try {
      return values.next();
    } catch (RuntimeException e) {
      throw failed(plan.function(), null, e);
    }
  }

  private void flush(RecordWriter out) {
    if (out.rowCount() > 0) {
      try (RecordBatch batch = out.build()) {
        next.process(batch);
      }
    }
  }

  private void filter(RecordBatch batch) {
    int[] kept = new int[batch.rowCount()];
    int count = 0;
    for (int row = 0; row < batch.rowCount(); row++) {
      if (Boolean.TRUE.equals(call(row))) {
        kept[count++] = row;
      }
    }
    if (count == batch.rowCount()) {
      next.process(batch);
    } else if (count > 0) {
      try (RecordBatch some = gather(batch, kept, count)) {
        next.process(some);
      }
    }
  }

  private RecordBatch gather(RecordBatch batch, int[] rows, int count) {
    List<FieldVector> vectors = new ArrayList<>();
    try {
      for (FieldVector column : batch.columns()) {
        vectors.add(Gather.rows(column, rows, count, allocator));
      }
      return new RecordBatch(batch.schema(), vectors, count);
    } catch (RuntimeException | Error e) {
      vectors.forEach(FieldVector::close);
      throw e;
    }
  }

  private void append(RecordBatch batch) {
    RecordWriter out = writer();
    int rows = batch.rowCount();
    for (int row = 0; row < rows; row++) {
      out.append(call(row));
    }
    List<FieldVector> vectors = new ArrayList<>();
    try {
      for (FieldVector column : batch.columns()) {
        vectors.add(RecordBatch.slice(column, 0, rows, allocator));
      }
      RecordBatch keys = out.build();
      vectors.addAll(keys.columns());
    } catch (RuntimeException | Error e) {
      vectors.forEach(FieldVector::close);
      throw e;
    }
    try (RecordBatch keyed = new RecordBatch(schema, vectors, rows)) {
      next.process(keyed);
    }
  }

  @Override
  public void close() {
    RecordWriter open = writer;
    if (open != null) {
      open.close();
    }
  }
}
