package io.arrowmill.optimize;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Project;
import java.util.List;

/** Leaves out projections that give their input's columns as they are. */
final class RemoveNoopProjects implements Rule {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.transformUp(
        node -> node instanceof Project project && isNoop(project) ? project.child() : node);
  }

  private static boolean isNoop(Project project) {
    List<Attribute> input = project.child().output();
    if (input.size() != project.columns().size()) {
      return false;
    }
    for (int i = 0; i < input.size(); i++) {
      Expression column = project.columns().get(i);
      if (!(column instanceof Attribute attribute)
          || attribute.id() != input.get(i).id()
          || !attribute.name().equals(input.get(i).name())) {
        return false;
      }
    }
    return true;
  }
}
