package io.arrowmill.operator;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds columns in the batches that an operator gives. */
final class Columns {
  private Columns() {}

  /** Position of a column among those that {@code input} gives. */
  static int position(PhysicalPlan input, Expression column) {
    return positions(input, List.of(column))[0];
  }

  /** Positions of columns among those that {@code input} gives. */
  static int[] positions(PhysicalPlan input, List<? extends Expression> columns) {
    Map<Long, Integer> byId = new HashMap<>();
    List<Attribute> given = input.output();
    for (int i = 0; i < given.size(); i++) {
      byId.putIfAbsent(given.get(i).id(), i);
    }
    return columns.stream().mapToInt(column -> position(byId, column, input)).toArray();
  }

  private static int position(Map<Long, Integer> byId, Expression column, PhysicalPlan input) {
    Integer position = column instanceof Attribute attribute ? byId.get(attribute.id()) : null;
    if (position == null) {
      throw new IllegalStateException(
          "operator must take columns of its input: column="
              + column.sql()
              + ", input="
              + input.describe());
    }
    return position;
  }
}
