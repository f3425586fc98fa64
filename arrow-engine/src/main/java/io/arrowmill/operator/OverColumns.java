package io.arrowmill.operator;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.table.AccumulatorPlan;
import io.arrowmill.codegen.table.FrameAggregate;
import io.arrowmill.codegen.table.GroupTableException;
import io.arrowmill.kernel.ColumnDescriptors;
import io.arrowmill.kernel.Concat;
import io.arrowmill.kernel.Gather;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.Over;
import io.arrowmill.plan.WindowFrame;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;

/** Computes the columns of functions over windows, of sorted rows. One thread. */
final class OverColumns implements AutoCloseable {
  private final SortedRows rows;
  private final Map<WindowFrame, Frames> frames = new HashMap<>();

  OverColumns(SortedRows rows) {
    this.rows = rows;
  }

  private Frames frames(Over call) {
    return frames.computeIfAbsent(OverPlan.frame(call), frame -> new Frames(frame, rows));
  }

  /** The column of a call, which the caller owns. */
  FieldVector column(Over over, Attribute result) {
    AggregateCall call = OverPlan.function(over);
    if (OverRanks.has(call.name())) {
      FieldVector column = fixedWidth(result);
      OverRanks.write(call, rows, column.getDataBuffer().memoryAddress());
      return column;
    }
    if (OverPicks.isLead(call)) {
      return lead(call);
    }
    if (OverPicks.has(call)) {
      return picked(over, call);
    }
    return aggregate(over, call, result);
  }

  private FieldVector fixedWidth(Attribute result) {
    FieldVector column =
        ArrowTypes.field(result.name(), result.type(), result.nullable())
            .createVector(rows.context().allocator());
    try {
      column.setInitialCapacity(Math.max(1, rows.count()));
      column.allocateNew();
      column.getValidityBuffer().setOne(0L, (rows.count() + 7L) / 8);
      column.setValueCount(rows.count());
      return column;
    } catch (RuntimeException | Error e) {
      column.close();
      throw e;
    }
  }

  private FieldVector picked(Over over, AggregateCall call) {
    try (IntBlock picks = new IntBlock(rows.count(), rows.context().memory())) {
      OverPicks.fromFrames(call, rows, frames(over), picks);
      return gather(rows.column(call.arguments().getFirst()), picks);
    }
  }

  private FieldVector gather(FieldVector values, IntBlock picks) {
    return Gather.rows(
        values,
        values.getNullCount() > 0,
        picks.address(),
        rows.count(),
        rows.context().allocator());
  }

  private FieldVector lead(AggregateCall call) {
    Expression otherwise = call.arguments().get(2);
    FieldVector values = rows.column(call.arguments().getFirst());
    try (IntBlock picks = new IntBlock(rows.count(), rows.context().memory())) {
      OverPicks.leads(call, rows, picks);
      if (otherwise instanceof Literal) {
        return gather(values, picks);
      }
      OverPicks.otherwise(rows.count(), picks);
      StructType schema = StructType.of(new StructField("value", call.type(), true));
      try (RecordBatch first = borrowed(schema, values);
          RecordBatch second = borrowed(schema, rows.column(otherwise));
          RecordBatch both =
              Concat.batches(schema, List.of(first, second), rows.context().allocator())) {
        return gather(both.column(0), picks);
      }
    }
  }

  private RecordBatch borrowed(StructType schema, FieldVector values) {
    FieldVector shared = RecordBatch.slice(values, 0, rows.count(), rows.context().allocator());
    return new RecordBatch(schema, List.of(shared), rows.count());
  }

  private FieldVector aggregate(Over over, AggregateCall call, Attribute result) {
    AccumulatorPlan plan = AggregateColumns.accumulator(call);
    FieldVector column = fixedWidth(result);
    try (ColumnDescriptors columns = new ColumnDescriptors(2, rows.context().memory());
        FrameAggregate frame = new FrameAggregate(plan, rows.context().memory())) {
      Frames of = frames(over);
      if (!call.arguments().isEmpty()) {
        FieldVector values = rows.column(call.arguments().getFirst());
        columns.set(List.of(values), new int[] {0, -1});
      }
      long output = columns.set(1, column, rows.count());
      frame.compute(columns.address(0), of.starts(), of.ends(), rows.count(), output);
      return column;
    } catch (GroupTableException e) {
      column.close();
      throw AggregateRun.doesNotFit(over.sql(), e);
    } catch (RuntimeException | Error e) {
      column.close();
      throw e;
    }
  }

  @Override
  public void close() {
    frames.values().forEach(Frames::close);
    frames.clear();
  }
}
