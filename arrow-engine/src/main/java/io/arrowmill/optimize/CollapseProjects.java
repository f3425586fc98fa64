package io.arrowmill.optimize;

import io.arrowmill.plan.Conjunctions;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Project;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes one projection of two, unless something would be computed twice that was computed once. */
final class CollapseProjects implements Rule {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.transformUp(node ->
        node instanceof Project upper && upper.child() instanceof Project lower
            ? collapse(upper, lower)
            : node);
  }

  private static LogicalPlan collapse(Project upper, Project lower) {
    Map<Long, Expression> definitions = Conjunctions.definitions(lower.columns());
    Map<Long, Integer> uses = new HashMap<>();
    upper.columns().forEach(column -> count(column, uses));
    for (Map.Entry<Long, Expression> definition : definitions.entrySet()) {
      if (uses.getOrDefault(definition.getKey(), 0) > 1 && !Costs.isFree(definition.getValue())) {
        return upper;
      }
    }
    List<Expression> columns = new ArrayList<>();
    for (Expression column : upper.columns()) {
      columns.add(
          switch (column) {
            case Attribute attribute when definitions.containsKey(attribute.id()) ->
                new Alias(
                    definitions.getOrDefault(attribute.id(), attribute),
                    attribute.name(),
                    attribute.id());
            case Attribute attribute -> attribute;
            default -> Conjunctions.inline(column, definitions);
          });
    }
    return new Project(columns, lower.child());
  }

  private static void count(Expression expression, Map<Long, Integer> uses) {
    if (expression instanceof Attribute attribute) {
      uses.merge(attribute.id(), 1, Integer::sum);
    }
    expression.children().forEach(child -> count(child, uses));
  }
}
