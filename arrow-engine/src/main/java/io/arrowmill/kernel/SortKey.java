package io.arrowmill.kernel;

import io.arrowmill.types.DataType;
import org.apache.arrow.vector.FieldVector;

/**
 * A column by which rows are put in order. Borrows the values, which must stay as they are.
 *
 * @param values of type {@code type}, as Arrow holds it
 */
public record SortKey(FieldVector values, DataType type, boolean ascending, boolean nullsFirst) {
  /** Compares rows by this key alone. */
  public RowComparison comparison() {
    return comparison(this);
  }

  /** Compares rows by this key with rows by the same key of other rows. */
  public RowComparison comparison(SortKey others) {
    return RowComparison.of(values, others.values, type, ascending, nullsFirst);
  }
}
