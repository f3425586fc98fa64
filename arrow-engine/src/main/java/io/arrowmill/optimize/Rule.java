package io.arrowmill.optimize;

import io.arrowmill.plan.LogicalPlan;

/** A rewrite that keeps a plan's rows and the ids, names and types of its columns. Stateless. */
@FunctionalInterface
interface Rule {
  /** The plan rewritten; the same object where the rule does not apply. */
  LogicalPlan apply(LogicalPlan plan);
}
