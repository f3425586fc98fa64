package io.arrowmill.kernel;

import io.arrowmill.batch.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Copies chosen rows of a batch into new batches. Borrows the batch. */
public final class GatherBatch {
  private final RecordBatch from;
  private final boolean[] hasNulls;

  /** Of the rows of {@code from}. */
  public GatherBatch(RecordBatch from) {
    this.from = from;
    this.hasNulls = new boolean[from.columns().size()];
    for (int i = 0; i < hasNulls.length; i++) {
      hasNulls[i] = from.column(i).getNullCount() > 0;
    }
  }

  /**
   * A new batch of the rows at the given positions, in that order.
   *
   * @param positions address of the positions, int32
   * @return owned by the caller
   */
  public RecordBatch rows(long positions, int count, BufferAllocator allocator) {
    List<FieldVector> columns = new ArrayList<>();
    try {
      for (int i = 0; i < hasNulls.length; i++) {
        columns.add(Gather.rows(from.column(i), hasNulls[i], positions, count, allocator));
      }
      return new RecordBatch(from.schema(), columns, count);
    } catch (RuntimeException | Error e) {
      columns.forEach(FieldVector::close);
      throw e;
    }
  }
}
