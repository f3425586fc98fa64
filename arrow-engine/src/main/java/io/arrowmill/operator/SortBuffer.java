package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowReader;
import io.arrowmill.kernel.Concat;
import io.arrowmill.kernel.Gather;
import io.arrowmill.kernel.interpreted.Ordering;
import io.arrowmill.operator.PhysicalPlan.SortPlan;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.SortOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** Takes all rows of a run, then gives them in order. The sort is stable within one task's rows. */
final class SortBuffer implements AutoCloseable {
  private final SortPlan plan;
  private final BatchContext context;
  private final BatchCollector collected;

  SortBuffer(SortPlan plan, BatchContext context) {
    this.plan = plan;
    this.context = context;
    this.collected = new BatchCollector(context.allocator());
  }

  /** An operator of one task that adds rows. */
  Operator collector() {
    return collected.operator();
  }

  /** Sorts, and gives the rows. */
  void emit(Operator out) {
    try (RecordBatch all =
        Concat.batches(plan.schema(), collected.batches(), context.allocator())) {
      Integer[] order = new Integer[all.rowCount()];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, comparator(all));
      for (int start = 0; start < order.length; start += RecordBatch.ROWS_MAX) {
        int count = Math.min(RecordBatch.ROWS_MAX, order.length - start);
        int[] positions = new int[count];
        for (int i = 0; i < count; i++) {
          positions[i] = order[start + i];
        }
        emit(all, positions, count, out);
      }
    }
  }

  private void emit(RecordBatch all, int[] positions, int count, Operator out) {
    List<FieldVector> columns = new ArrayList<>();
    try {
      for (FieldVector column : all.columns()) {
        columns.add(Gather.rows(column, positions, count, context.allocator()));
      }
      out.process(new RecordBatch(plan.schema(), columns, count));
    } finally {
      columns.forEach(FieldVector::close);
    }
  }

  private Comparator<Integer> comparator(RecordBatch all) {
    RowReader reader = new RowReader(all);
    List<Comparator<Integer>> comparators = new ArrayList<>();
    for (SortOrder order : plan.orders()) {
      int column = position(order);
      @Nullable Object[] keys = new Object[all.rowCount()];
      for (int row = 0; row < keys.length; row++) {
        keys[row] = reader.value(column, row);
      }
      comparators.add((a, b) -> compare(keys[a], keys[b], order));
    }
    return comparators.stream().reduce(Comparator::thenComparing).orElseThrow();
  }

  private static int compare(@Nullable Object a, @Nullable Object b, SortOrder order) {
    if (a == null || b == null) {
      int nullsFirst = Boolean.compare(b == null, a == null);
      return order.nullsFirst() ? nullsFirst : -nullsFirst;
    }
    int compared = Ordering.compare(a, b);
    return order.ascending() ? compared : -compared;
  }

  private int position(SortOrder order) {
    for (int i = 0; i < plan.output().size(); i++) {
      if (order.child() instanceof Attribute column && plan.output().get(i).id() == column.id()) {
        return i;
      }
    }
    throw new IllegalStateException("sort must be by input columns: " + order.sql());
  }

  @Override
  public void close() {
    collected.close();
  }
}
