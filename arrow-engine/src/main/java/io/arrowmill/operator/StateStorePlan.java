package io.arrowmill.operator;

import io.arrowmill.codegen.table.GroupTablePlan;
import io.arrowmill.plan.Expression.Attribute;
import java.util.List;

/**
 * One keyed store of a stateful operator.
 *
 * @param name what the store's files call it
 * @param keys the keys, in the order of {@code tables}
 * @param tables how keys and values lie in memory
 */
public record StateStorePlan(String name, List<Attribute> keys, GroupTablePlan tables) {
  public StateStorePlan {
    keys = List.copyOf(keys);
  }
}
