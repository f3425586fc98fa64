package io.arrowmill.connector;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.jspecify.annotations.Nullable;

/**
 * Rows of the rate sources: the numbers of a range, each with a timestamp computed from it.
 *
 * @param columns which of the columns of {@link #SCHEMA} are wanted
 * @param from the first value
 * @param to the value behind the last
 * @param timestampMicros value to timestamp
 */
record CountingSplit(Projection columns, long from, long to, LongUnaryOperator timestampMicros)
    implements InputSplit {
  static final StructType SCHEMA =
      StructType.of(
          DataTypes.field("timestamp", DataTypes.TIMESTAMP),
          DataTypes.field("value", DataTypes.LONG));

  /** The range cut into at most {@code count} splits of about the same size, in order. */
  static List<InputSplit> cut(CountingSplit whole, int count) {
    List<InputSplit> splits = new ArrayList<>();
    long size = whole.to - whole.from;
    long pieces = Math.min(count, size);
    long start = whole.from;
    for (long piece = 0; piece < pieces; piece++) {
      long end = start + size / pieces + (piece < size % pieces ? 1 : 0);
      splits.add(new CountingSplit(whole.columns, start, end, whole.timestampMicros));
      start = end;
    }
    return splits;
  }

  @Override
  public BatchReader open(BufferAllocator allocator) {
    return new Reader(this, allocator);
  }

  @Override
  public String description() {
    return "values from " + from + " to " + (to - 1);
  }

  private RecordBatch batch(long start, int count, BufferAllocator allocator) {
    List<FieldVector> vectors = new ArrayList<>();
    try {
      for (StructField field : columns.schema().fields()) {
        FieldVector vector = ArrowTypes.field(field).createVector(allocator);
        vectors.add(vector);
        ((BaseFixedWidthVector) vector).allocateNew(count);
        fill(vector, start, count);
        vector.setValueCount(count);
      }
      return new RecordBatch(columns.schema(), vectors, count);
    } catch (RuntimeException e) {
      vectors.forEach(FieldVector::close);
      throw e;
    }
  }

  private void fill(FieldVector vector, long start, int count) {
    switch (vector) {
      case BigIntVector values -> {
        for (int i = 0; i < count; i++) {
          values.set(i, start + i);
        }
      }
      case TimeStampMicroTZVector timestamps -> {
        for (int i = 0; i < count; i++) {
          timestamps.set(i, timestampMicros.applyAsLong(start + i));
        }
      }
      default -> throw new IllegalArgumentException(vector.getField().toString());
    }
  }

  private static final class Reader implements BatchReader {
    private final CountingSplit split;
    private final BufferAllocator allocator;
    private long position;

    Reader(CountingSplit split, BufferAllocator allocator) {
      this.split = split;
      this.allocator = allocator;
      this.position = split.from;
    }

    @Override
    public @Nullable RecordBatch next() {
      if (position == split.to) {
        return null;
      }
      int count = (int) Math.min(RecordBatch.ROWS_MAX, split.to - position);
      RecordBatch batch = split.batch(position, count, allocator);
      position += count;
      return batch;
    }

    @Override
    public void close() {}
  }
}
