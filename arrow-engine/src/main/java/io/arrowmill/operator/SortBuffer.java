package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.kernel.SortKey;
import io.arrowmill.kernel.SortRanges;
import io.arrowmill.operator.PhysicalPlan.SortPlan;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.StructType;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes all rows of a run, then gives them in order, or the first of them. The sort is stable
 * within one task's rows.
 *
 * <p>Many rows are distributed to buckets, a range of the first key in each, so that several tasks
 * can work: first {@link #begin}, then {@link #distribute} for each batch, {@link #sort} for each
 * bucket, and {@link #emit}.
 */
final class SortBuffer implements AutoCloseable {
  private final SortPlan plan;
  private final BatchContext context;
  private final BatchCollector collected;
  private @Nullable RowBuckets buckets;
  private @Nullable RecordBatch[] sorted = {};

  SortBuffer(SortPlan plan, BatchContext context) {
    this.plan = plan;
    this.context = context;
    this.collected = new BatchCollector(context.allocator());
  }

  /** An operator of one task that adds rows. */
  Operator collector() {
    return plan.first() <= FirstRows.MAX
        ? new FirstRows(plan, collected, context)
        : collected.operator();
  }

  /** Returns how many batches are to be distributed, once all rows have come. */
  int begin() {
    int most = RowBuckets.countFor(collected.rows());
    if (most == 1 || hasNested() || !SortRanges.has(key(collected.batches().getFirst()))) {
      return 0;
    }
    List<RecordBatch> batches = collected.batches();
    int[] rows = batches.stream().mapToInt(RecordBatch::rowCount).toArray();
    List<SortKey> keys = batches.stream().map(this::key).toList();
    SortRanges ranges = SortRanges.of(keys, rows, most, context.memory());
    if (ranges.count() == 1) {
      return 0;
    }
    RowBuckets.Routes routes =
        (batch, to) -> ranges.find(key(batch), batch.rowCount(), to.address(), context.memory());
    buckets = new RowBuckets(ranges.count(), routes, collected.take(), context);
    sorted = new RecordBatch[buckets.count()];
    return buckets.batches();
  }

  /** Nested values are copied one by one: once is enough. */
  private boolean hasNested() {
    return plan.schema().fields().stream()
        .map(field -> field.type())
        .anyMatch(type ->
            type instanceof ArrayType || type instanceof StructType || type instanceof MapType);
  }

  private SortKey key(RecordBatch batch) {
    return OrderedRows.keys(plan.input(), plan.orders(), batch).getFirst();
  }

  /** Distributes a batch. */
  void distribute(int batch) {
    if (buckets != null) {
      buckets.distribute(batch);
    }
  }

  /** How many buckets are to be sorted. */
  int buckets() {
    return sorted.length;
  }

  /** Sorts the rows of a bucket. */
  void sort(int bucket) {
    if (buckets != null) {
      try (BatchCollector rows = buckets.take(bucket);
          OrderedRows ordered = new OrderedRows(plan.input(), plan.orders(), rows, context)) {
        sorted[bucket] = ordered.rows(0, ordered.count());
      }
    }
  }

  /** Gives the rows. */
  void emit(Operator out) {
    if (buckets != null) {
      emitSorted(out);
      return;
    }
    try (OrderedRows ordered = new OrderedRows(plan.input(), plan.orders(), collected, context)) {
      int count = (int) Math.min(plan.first(), ordered.count());
      for (int from = 0; from < count; from += RecordBatch.ROWS_MAX) {
        context.checkActive();
        try (RecordBatch rows = ordered.rows(from, Math.min(RecordBatch.ROWS_MAX, count - from))) {
          out.process(rows);
        }
      }
    }
  }

  private void emitSorted(Operator out) {
    long left = plan.first();
    for (int bucket = 0; bucket < sorted.length; bucket++) {
      RecordBatch rows = Objects.requireNonNull(sorted[bucket]);
      sorted[bucket] = null; // closed here, once
      try (rows) {
        int count = (int) Math.min(left, rows.rowCount());
        left -= count;
        for (int from = 0; from < count; from += RecordBatch.ROWS_MAX) {
          context.checkActive();
          int some = Math.min(RecordBatch.ROWS_MAX, count - from);
          try (RecordBatch slice = rows.slice(from, some, context.allocator())) {
            out.process(slice);
          }
        }
      }
    }
  }

  @Override
  public void close() {
    collected.close();
    if (buckets != null) {
      buckets.close();
    }
    RowBuckets.close(sorted);
  }
}
