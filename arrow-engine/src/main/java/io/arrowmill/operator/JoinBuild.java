package io.arrowmill.operator;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.kernel.Concat;
import io.arrowmill.kernel.Gather;
import io.arrowmill.operator.PhysicalPlan.HashJoinPlan;
import io.arrowmill.plan.JoinType;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * The build side of one run of a join: its rows, and which of them found a match. Filled by any
 * task, read by any task after {@link #seal}.
 */
final class JoinBuild implements AutoCloseable {
  private final HashJoinPlan plan;
  private final BatchContext context;
  private final BatchCollector collected;
  private final BitSet matched = new BitSet();
  private @Nullable RecordBatch rows;

  JoinBuild(HashJoinPlan plan, BatchContext context) {
    this.plan = plan;
    this.context = context;
    this.collected = new BatchCollector(context.allocator());
  }

  /** An operator of one task that adds rows. */
  Operator collector() {
    return collected.operator();
  }

  /** All rows are there. */
  void seal() {
    rows = Concat.batches(plan.build().schema(), collected.batches(), context.allocator());
    collected.close();
  }

  /** The rows, borrowed. */
  RecordBatch rows() {
    RecordBatch sealed = rows;
    if (sealed == null) {
      throw new IllegalStateException("build side must be sealed before it is read");
    }
    return sealed;
  }

  /** Whether rows without a match are part of the result. */
  boolean emitsUnmatched() {
    return plan.type() == JoinType.FULL_OUTER;
  }

  /** Notes the rows that a task found matches for. */
  synchronized void addMatched(BitSet rowsMatched) {
    matched.or(rowsMatched);
  }

  /** Gives the rows without a match, the probe side's columns null. */
  void emitUnmatched(Operator out) {
    RecordBatch all = rows();
    int next = matched.nextClearBit(0);
    while (next < all.rowCount()) {
      int[] positions = new int[RecordBatch.ROWS_MAX];
      int count = 0;
      while (next < all.rowCount() && count < positions.length) {
        positions[count++] = next;
        next = matched.nextClearBit(next + 1);
      }
      emit(all, positions, count, out);
    }
  }

  private void emit(RecordBatch all, int[] positions, int count, Operator out) {
    List<FieldVector> columns = new ArrayList<>();
    try {
      if (!plan.buildIsRight()) {
        gather(all, positions, count, columns);
      }
      for (StructField field : plan.probe().schema().fields()) {
        FieldVector nulls =
            ArrowTypes.field(field.name(), field.type(), true).createVector(context.allocator());
        columns.add(nulls);
        nulls.setInitialCapacity(count);
        nulls.allocateNew();
        nulls.setValueCount(count);
      }
      if (plan.buildIsRight()) {
        gather(all, positions, count, columns);
      }
      StructType schema = plan.schema();
      out.process(new RecordBatch(schema, columns, count));
    } finally {
      columns.forEach(FieldVector::close);
    }
  }

  private void gather(RecordBatch all, int[] positions, int count, List<FieldVector> columns) {
    for (FieldVector column : all.columns()) {
      columns.add(Gather.rows(column, positions, count, context.allocator()));
    }
  }

  @Override
  public void close() {
    collected.close();
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }
}
