package io.arrowmill.operator;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import java.util.List;

/** Finds columns in the batches that an operator gives. */
final class Columns {
  private Columns() {}

  /** Position of a column among those that {@code input} gives. */
  static int position(PhysicalPlan input, Expression column) {
    List<Attribute> columns = input.output();
    for (int i = 0; i < columns.size(); i++) {
      if (column instanceof Attribute attribute && columns.get(i).id() == attribute.id()) {
        return i;
      }
    }
    throw new IllegalStateException(
        "operator must take columns of its input: column="
            + column.sql()
            + ", input="
            + input.describe());
  }
}
