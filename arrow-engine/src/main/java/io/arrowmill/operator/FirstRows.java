package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.kernel.GatherBatch;
import io.arrowmill.kernel.RowComparison;
import io.arrowmill.kernel.SortKey;
import io.arrowmill.operator.PhysicalPlan.SortPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps those rows of one task that may be among the first of all. Once there are twice as many as
 * are wanted they are sorted, and the last of the first ones bounds what is kept from then on.
 * Confined to one task.
 */
final class FirstRows implements Operator {
  /** Most rows that are worth telling from the others while they come. */
  static final long MAX = 1 << 24;

  /** So many rows are kept without looking at them. */
  private static final int ROWS_MIN = 8192;

  private final SortPlan plan;
  private final BatchContext context;
  private final BatchCollector all;
  private final BatchCollector kept;
  private final Operator keep;
  private final int wanted;
  private long rows;

  /** The wanted number of rows in order; borrowed from those that are kept. */
  private @Nullable RecordBatch first;

  /**
   * Keeps rows of one task.
   *
   * @param all gets the rows at the end
   */
  FirstRows(SortPlan plan, BatchCollector all, BatchContext context) {
    this.plan = plan;
    this.context = context;
    this.all = all;
    this.kept = new BatchCollector(context.allocator());
    this.keep = kept.operator();
    this.wanted = (int) plan.first();
  }

  @Override
  public void process(RecordBatch batch) {
    if (wanted == 0) {
      return;
    }
    if (first == null) {
      keep(batch);
    } else {
      keepBefore(first, batch);
    }
    if (rows >= Math.max(ROWS_MIN, 2L * wanted)) {
      sort();
    }
  }

  private void keep(RecordBatch batch) {
    keep.process(batch);
    rows += batch.rowCount();
  }

  /** Of equal rows the ones that came before are first. */
  private void keepBefore(RecordBatch bound, RecordBatch batch) {
    RowComparison order = comparison(batch, bound);
    int count = batch.rowCount();
    try (IntBlock before = new IntBlock(count, context.memory())) {
      int found = 0;
      for (int row = 0; row < count; row++) {
        before.set(found, row);
        found += order.compare(row, wanted - 1) >>> (Integer.SIZE - 1);
      }
      if (found == count) {
        keep(batch);
      } else if (found > 0) {
        GatherBatch gather = new GatherBatch(batch);
        try (RecordBatch some = gather.rows(before.address(), found, context.allocator())) {
          keep(some);
        }
      }
    }
  }

  private RowComparison comparison(RecordBatch left, RecordBatch right) {
    List<SortKey> leftKeys = OrderedRows.keys(plan.input(), plan.orders(), left);
    List<SortKey> rightKeys = OrderedRows.keys(plan.input(), plan.orders(), right);
    RowComparison all = leftKeys.getFirst().comparison(rightKeys.getFirst());
    for (int i = 1; i < leftKeys.size(); i++) {
      all = all.then(leftKeys.get(i).comparison(rightKeys.get(i)));
    }
    return all;
  }

  private void sort() {
    first = null;
    try (OrderedRows ordered = new OrderedRows(plan.input(), plan.orders(), kept, context);
        RecordBatch least = ordered.rows(0, wanted)) {
      rows = 0;
      keep(least);
      first = kept.batches().getFirst();
    }
  }

  @Override
  public void close() {
    first = null;
    kept.moveTo(all);
  }
}
