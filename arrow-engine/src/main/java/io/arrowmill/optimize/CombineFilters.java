package io.arrowmill.optimize;

import io.arrowmill.plan.Conjunctions;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Filter;
import java.util.ArrayList;
import java.util.List;

/** Makes one filter of two; the lower one's conditions come first. */
final class CombineFilters implements Rule {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.transformUp(node -> {
      if (node instanceof Filter upper && upper.child() instanceof Filter lower) {
        List<Expression> parts = new ArrayList<>(Conjunctions.split(lower.condition()));
        for (Expression part : Conjunctions.split(upper.condition())) {
          if (!parts.contains(part)) {
            parts.add(part);
          }
        }
        return Conjunctions.filter(parts, lower.child());
      }
      return node;
    });
  }
}
