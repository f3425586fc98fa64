package io.arrowmill.kernel.interpreted;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowReader;
import org.jspecify.annotations.Nullable;

/**
 * The row of a batch that was last moved to. Borrows the batch. Threading: confined to one thread.
 */
public final class BatchCursor implements RowView {
  private final RowReader reader;
  private int row;

  /** A cursor on the first row of {@code batch}. */
  public BatchCursor(RecordBatch batch) {
    this.reader = new RowReader(batch);
  }

  /** Moves to the row at index {@code row}. */
  public BatchCursor moveTo(int row) {
    this.row = row;
    return this;
  }

  @Override
  public @Nullable Object value(int ordinal) {
    return reader.value(ordinal, row);
  }
}
