package io.arrowmill.batch;

import io.arrowmill.Row;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a batch as {@link Row}s with the batch's schema. Borrows the batch; rows are
 * copies.
 */
public final class RowReader {
  private final RecordBatch batch;
  private final VectorReader[] columns;

  /** A reader of {@code batch}, which must stay open while this is used. */
  public RowReader(RecordBatch batch) {
    this.batch = batch;
    this.columns = new VectorReader[batch.schema().size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = VectorReader.of(batch.column(i), batch.schema().field(i).type());
    }
  }

  /** All rows of {@code batch}. */
  public static List<Row> rows(RecordBatch batch) {
    RowReader reader = new RowReader(batch);
    List<Row> rows = new ArrayList<>(batch.rowCount());
    for (int row = 0; row < batch.rowCount(); row++) {
      rows.add(reader.read(row));
    }
    return rows;
  }

  /** The row at index {@code row}. */
  public Row read(int row) {
    List<@Nullable Object> values = new ArrayList<>(columns.length);
    for (VectorReader column : columns) {
      values.add(column.read(row));
    }
    return Row.withSchema(batch.schema(), values);
  }

  /** The value of the column at {@code ordinal} in the row at index {@code row}. */
  public @Nullable Object value(int ordinal, int row) {
    return columns[ordinal].read(row);
  }
}
