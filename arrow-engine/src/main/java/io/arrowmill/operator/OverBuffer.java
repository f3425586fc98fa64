package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.table.KeyHash;
import io.arrowmill.kernel.SortKey;
import io.arrowmill.kernel.SortKeyHash;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Takes all rows of a run, then gives them partition by partition with what functions over a window
 * make of them. The sort is stable within one task's rows.
 *
 * <p>Many rows are distributed to buckets, so that several tasks can work: first {@link #begin},
 * then {@link #distribute} for each batch, then {@link #emit} for each bucket.
 */
final class OverBuffer implements AutoCloseable {
  /** At least so many buckets a task, since some have more to do than others. */
  private static final int BUCKETS_A_TASK = 4;

  private final OverPlan plan;
  private final BatchContext context;
  private final BatchCollector collected;
  private @Nullable RowBuckets buckets;

  OverBuffer(OverPlan plan, BatchContext context) {
    this.plan = plan;
    this.context = context;
    this.collected = new BatchCollector(context.allocator());
  }

  /** An operator of one task that adds rows. */
  Operator collector() {
    return collected.operator();
  }

  /** Returns how many batches are to be distributed, once all rows have come. */
  int begin() {
    int worth = RowBuckets.countFor(collected.rows());
    if (worth == 1 || !SortKeyHash.tellsApart(keys(collected.batches().getFirst()))) {
      return 0;
    }
    int count = Math.max(worth, BUCKETS_A_TASK * context.workers().count());
    RowBuckets.Routes routes = (batch, to) -> route(batch, count, to);
    buckets = new RowBuckets(count, routes, collected.take(), context);
    return buckets.batches();
  }

  private void route(RecordBatch batch, int count, IntBlock to) {
    int rows = batch.rowCount();
    try (SortKeyHash hashes = new SortKeyHash(keys(batch), rows, context.memory())) {
      for (int row = 0; row < rows; row++) {
        to.set(row, KeyHash.partition(hashes.get(row), count));
      }
    }
  }

  /** The columns that tell partitions apart. */
  private List<SortKey> keys(RecordBatch batch) {
    return OrderedRows.keys(plan.input(), SortedRows.partitionOrders(plan.window()), batch);
  }

  /** Distributes a batch. */
  void distribute(int batch) {
    if (buckets != null) {
      buckets.distribute(batch);
    }
  }

  /** In how many buckets the rows are. */
  int buckets() {
    return buckets == null ? 1 : buckets.count();
  }

  /** Computes, and gives the rows of a bucket. */
  void emit(int bucket, Operator out) {
    if (buckets == null) {
      emit(collected, out);
      return;
    }
    try (BatchCollector rows = buckets.take(bucket)) {
      emit(rows, out);
    }
  }

  private void emit(BatchCollector unordered, Operator out) {
    List<FieldVector> columns = new ArrayList<>();
    try (RecordBatch sorted = sorted(unordered)) {
      try (SortedRows rows = new SortedRows(plan, sorted, context);
          OverColumns results = new OverColumns(rows)) {
        for (int i = 0; i < plan.calls().size(); i++) {
          context.checkActive();
          columns.add(results.column(plan.calls().get(i), plan.results().get(i)));
        }
      }
      for (int from = 0; from < sorted.rowCount(); from += RecordBatch.ROWS_MAX) {
        emit(sorted, columns, from, out);
      }
    } finally {
      columns.forEach(FieldVector::close);
    }
  }

  private RecordBatch sorted(BatchCollector unordered) {
    try (OrderedRows ordered =
        new OrderedRows(plan.input(), SortedRows.orders(plan.window()), unordered, context)) {
      return ordered.rows(0, ordered.count());
    }
  }

  private void emit(RecordBatch sorted, List<FieldVector> results, int from, Operator out) {
    int count = Math.min(RecordBatch.ROWS_MAX, sorted.rowCount() - from);
    List<FieldVector> columns = new ArrayList<>();
    try {
      for (FieldVector column : sorted.columns()) {
        columns.add(RecordBatch.slice(column, from, count, context.allocator()));
      }
      for (FieldVector column : results) {
        columns.add(RecordBatch.slice(column, from, count, context.allocator()));
      }
      out.process(new RecordBatch(plan.schema(), columns, count));
    } finally {
      columns.forEach(FieldVector::close);
    }
  }

  @Override
  public void close() {
    collected.close();
    if (buckets != null) {
      buckets.close();
    }
  }
}
