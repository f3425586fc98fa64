package io.arrowmill.connector;

import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * A condition on one column that an operator above a scan puts to every row: a reader may leave out
 * rows that do not meet it, and so need not read their other columns. Confined to one task.
 */
public interface ValueFilter {

  /** Name of the column. */
  String column();

  /**
   * Which of some values pass.
   *
   * @param values in the column's type, nulls included; borrowed
   * @return one for each value; null if that can't be said, and every row is to be given
   */
  boolean @Nullable [] passes(FieldVector values);
}
