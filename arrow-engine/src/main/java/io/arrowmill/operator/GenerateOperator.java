package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.kernel.Gather;
import io.arrowmill.kernel.TransformTask;
import io.arrowmill.operator.PhysicalPlan.GeneratePlan;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.util.TransferPair;

/** Gives one row for each element of a collection, the kept input columns repeated beside it. */
final class GenerateOperator implements Operator {
  private final GeneratePlan plan;
  private final TransformTask collections;
  private final BufferAllocator allocator;
  private final Operator next;
  private final StructType schema;
  private final int[] keptColumns;
  private final int[] rows = new int[RecordBatch.ROWS_MAX];
  private final int[] elements = new int[RecordBatch.ROWS_MAX];
  private final int[] ordinals = new int[RecordBatch.ROWS_MAX];
  private int count;

  GenerateOperator(
      GeneratePlan plan, TransformTask collections, BufferAllocator allocator, Operator next) {
    this.plan = plan;
    this.collections = collections;
    this.allocator = allocator;
    this.next = next;
    this.schema = plan.schema();
    List<Long> input = plan.input().output().stream().map(Attribute::id).toList();
    this.keptColumns = plan.kept().stream().mapToInt(kept -> input.indexOf(kept.id())).toArray();
  }

  @Override
  public void process(RecordBatch batch) {
    try (RecordBatch evaluated = collections.apply(batch)) {
      if (evaluated == null) {
        return;
      }
      ListVector lists = (ListVector) evaluated.column(0);
      count = 0;
      for (int row = 0; row < batch.rowCount(); row++) {
        int start = lists.isNull(row) ? 0 : lists.getElementStartIndex(row);
        int end = lists.isNull(row) ? 0 : lists.getElementEndIndex(row);
        if (start == end && plan.generator().outer()) {
          add(row, Gather.NULL_ROW, Gather.NULL_ROW, batch, lists);
        }
        for (int element = start; element < end; element++) {
          add(row, element, element - start, batch, lists);
        }
      }
      flush(batch, lists);
    }
  }

  private void add(int row, int element, int ordinal, RecordBatch batch, ListVector lists) {
    if (count == rows.length) {
      flush(batch, lists);
    }
    rows[count] = row;
    elements[count] = element;
    ordinals[count] = ordinal;
    count++;
  }

  private void flush(RecordBatch batch, ListVector lists) {
    if (count == 0) {
      return;
    }
    List<FieldVector> columns = new ArrayList<>();
    try {
      for (int column : keptColumns) {
        columns.add(Gather.rows(batch.column(column), rows, count, allocator));
      }
      if (plan.generator().name().equals("posexplode")) {
        columns.add(positions());
      }
      FieldVector data = lists.getDataVector();
      if (plan.generator().argument().type() instanceof MapType) {
        StructVector entries = (StructVector) data;
        columns.add(elementsOf((FieldVector) entries.getVectorById(0)));
        columns.add(elementsOf((FieldVector) entries.getVectorById(1)));
      } else {
        columns.add(elementsOf(data));
      }
      next.process(new RecordBatch(schema, columns, count));
    } finally {
      columns.forEach(FieldVector::close);
      count = 0;
    }
  }

  /** The elements of the pending rows; those that follow one another share their buffers. */
  private FieldVector elementsOf(FieldVector data) {
    int first = elements[0];
    boolean consecutive = first >= 0;
    for (int i = 1; i < count && consecutive; i++) {
      consecutive = elements[i] == first + i;
    }
    if (!consecutive) {
      return Gather.rows(data, elements, count, allocator);
    }
    TransferPair pair = data.getTransferPair(allocator);
    pair.splitAndTransfer(first, count);
    return (FieldVector) pair.getTo();
  }

  private FieldVector positions() {
    IntVector vector = new IntVector("pos", allocator);
    vector.allocateNew(count);
    for (int i = 0; i < count; i++) {
      if (ordinals[i] == Gather.NULL_ROW) {
        vector.setNull(i);
      } else {
        vector.set(i, ordinals[i]);
      }
    }
    vector.setValueCount(count);
    return vector;
  }

  @Override
  public void close() {
    collections.close();
  }
}
