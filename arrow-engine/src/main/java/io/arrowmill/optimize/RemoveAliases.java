package io.arrowmill.optimize;

import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.SubqueryAlias;

/** Leaves out names of tables, which only analysis needs. */
final class RemoveAliases implements Rule {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.transformUp(node -> node instanceof SubqueryAlias alias ? alias.child() : node);
  }
}
