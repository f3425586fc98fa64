package io.arrowmill.operator;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.operator.PhysicalPlan.RangePlan;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;

/** Gives the numbers of a range in batches. */
final class RangeRows {
  private RangeRows() {}

  static void push(RangePlan range, BatchContext context, Operator out) {
    long step = range.step();
    long next = range.start();
    while (step > 0 ? next < range.end() : next > range.end()) {
      context.checkActive();
      BigIntVector vector = new BigIntVector(range.id().name(), context.allocator());
      int rows = 0;
      try {
        vector.allocateNew(RecordBatch.ROWS_MAX);
        boolean more = true;
        while (more && rows < RecordBatch.ROWS_MAX) {
          vector.set(rows++, next);
          long following = next + step;
          // A step over the end of the range of longs ends the range.
          boolean overflow = ((next ^ following) & (step ^ following)) < 0;
          next = overflow ? range.end() : following;
          more = step > 0 ? next < range.end() : next > range.end();
        }
        vector.setValueCount(rows);
        out.process(new RecordBatch(range.schema(), List.of(vector), rows));
      } finally {
        vector.close();
      }
    }
  }
}
