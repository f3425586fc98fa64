package io.arrowmill.kernel.interpreted;

import io.arrowmill.Row;
import org.jspecify.annotations.Nullable;

/** One input row: its values by position, as in a {@link Row}. */
@FunctionalInterface
public interface RowView {
  /** The value of the column at {@code ordinal}; null for SQL NULL. */
  @Nullable Object value(int ordinal);

  /** The view of {@code row}. */
  static RowView of(Row row) {
    return row::get;
  }
}
