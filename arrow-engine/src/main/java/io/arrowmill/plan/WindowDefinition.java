package io.arrowmill.plan;

import io.arrowmill.plan.Expression.SortOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What follows {@code OVER}: how rows are parted and sorted, and which of them a function takes.
 *
 * @param frame null where the query leaves it to the function
 */
public record WindowDefinition(
    List<Expression> partitionBy, List<SortOrder> orderBy, @Nullable WindowFrame frame) {
  public WindowDefinition {
    partitionBy = List.copyOf(partitionBy);
    orderBy = List.copyOf(orderBy);
  }

  /** The same window with another frame. */
  public WindowDefinition withFrame(WindowFrame other) {
    return new WindowDefinition(partitionBy, orderBy, other);
  }

  /** What it computes with: partitions, sort keys, distances. */
  List<Expression> children() {
    List<Expression> all = new ArrayList<>(partitionBy);
    all.addAll(orderBy);
    if (frame != null) {
      all.addAll(frame.children());
    }
    return all;
  }

  WindowDefinition withChildren(List<Expression> children) {
    int orders = partitionBy.size();
    int bounds = orders + orderBy.size();
    return new WindowDefinition(
        children.subList(0, orders),
        children.subList(orders, bounds).stream().map(order -> (SortOrder) order).toList(),
        frame == null ? null : frame.withChildren(children.subList(bounds, children.size())));
  }

  /** The window as SQL, in brackets. */
  public String sql() {
    List<String> parts = new ArrayList<>();
    if (!partitionBy.isEmpty()) {
      parts.add("PARTITION BY " + list(partitionBy));
    }
    if (!orderBy.isEmpty()) {
      parts.add("ORDER BY " + list(orderBy));
    }
    if (frame != null) {
      parts.add(frame.sql());
    }
    return "(" + String.join(" ", parts) + ")";
  }

  private static String list(List<? extends Expression> expressions) {
    return expressions.stream().map(Expression::sql).collect(Collectors.joining(", "));
  }
}
