package io.arrowmill.operator;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.kernel.Gather;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.state.join.StoredGather;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Makes batches of columns that come from both sides of a join of streams. */
final class StreamJoinOutput {
  private final StructType schema;
  private final BufferAllocator allocator;

  /** For each column its position on the left side, or -1. */
  private final int[] left;

  /** For each column its position on the right side, or -1. */
  private final int[] right;

  StreamJoinOutput(StreamJoinPlan plan, List<Attribute> columns, BufferAllocator allocator) {
    this.schema = PhysicalPlan.schemaOf(columns);
    this.allocator = allocator;
    this.left = columns.stream().mapToInt(plan.left()::position).toArray();
    this.right = columns.stream().mapToInt(plan.right()::position).toArray();
  }

  /**
   * Pairs of stored rows.
   *
   * @param isLeft the side of {@code pairs.own}
   * @param own gives that side's columns
   * @param others gives the other side's columns
   */
  RecordBatch pairs(boolean isLeft, StoredGather own, StoredGather others, StreamJoinPairs pairs) {
    return build(
        pairs.count,
        column -> {
          int position = (isLeft ? left : right)[column];
          return position >= 0
              ? own.column(position, pairs.own, 0, pairs.count)
              : others.column((isLeft ? right : left)[column], pairs.others, 0, pairs.count);
        });
  }

  /** Rows of a batch of one side, the other side's columns null. */
  RecordBatch rows(boolean isLeft, RecordBatch batch, long positions, int count) {
    return build(
        count,
        column -> {
          int position = (isLeft ? left : right)[column];
          if (position < 0) {
            return nulls(column, count);
          }
          FieldVector from = batch.column(position);
          return Gather.rows(from, from.getNullCount() > 0, positions, count, allocator);
        });
  }

  /** Stored rows of one side, the other side's columns null. */
  RecordBatch stored(boolean isLeft, StoredGather own, long[] refs, int count) {
    return build(
        count,
        column -> {
          int position = (isLeft ? left : right)[column];
          return position >= 0 ? own.column(position, refs, 0, count) : nulls(column, count);
        });
  }

  private interface Source {
    FieldVector vector(int column);
  }

  private RecordBatch build(int count, Source source) {
    List<FieldVector> columns = new ArrayList<>();
    try {
      for (int column = 0; column < left.length; column++) {
        columns.add(source.vector(column));
      }
      return new RecordBatch(schema, columns, count);
    } catch (RuntimeException | Error e) {
      columns.forEach(FieldVector::close);
      throw e;
    }
  }

  private FieldVector nulls(int column, int count) {
    StructField field = schema.field(column);
    FieldVector nulls = ArrowTypes.field(field.name(), field.type(), true).createVector(allocator);
    nulls.setInitialCapacity(count);
    nulls.allocateNew();
    nulls.setValueCount(count);
    return nulls;
  }
}
