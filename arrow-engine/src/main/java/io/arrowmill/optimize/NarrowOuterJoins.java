package io.arrowmill.optimize;

import io.arrowmill.plan.Conjunctions;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.PlanExpressions;
import java.util.Set;

/**
 * Makes an outer join an inner one where a filter above drops the rows without partner: a condition
 * on one side's columns that is not true if all of them are null.
 */
final class NarrowOuterJoins implements Rule {
  private final ConstantEvaluator evaluator;

  NarrowOuterJoins(ConstantEvaluator evaluator) {
    this.evaluator = evaluator;
  }

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.transformUp(node ->
        node instanceof Filter filter && filter.child() instanceof Join join
            ? narrow(filter, join)
            : node);
  }

  private LogicalPlan narrow(Filter filter, Join join) {
    boolean leftWanted = dropsNulls(filter, join.left());
    boolean rightWanted = dropsNulls(filter, join.right());
    JoinType type =
        switch (join.type()) {
          case LEFT_OUTER -> rightWanted ? JoinType.INNER : JoinType.LEFT_OUTER;
          case RIGHT_OUTER -> leftWanted ? JoinType.INNER : JoinType.RIGHT_OUTER;
          case FULL_OUTER -> ofFull(leftWanted, rightWanted);
          default -> join.type();
        };
    return type == join.type()
        ? filter
        : new Filter(
            filter.condition(),
            new Join(join.left(), join.right(), type, join.condition(), join.using()));
  }

  private static JoinType ofFull(boolean leftWanted, boolean rightWanted) {
    if (leftWanted) {
      return rightWanted ? JoinType.INNER : JoinType.LEFT_OUTER;
    }
    return rightWanted ? JoinType.RIGHT_OUTER : JoinType.FULL_OUTER;
  }

  private boolean dropsNulls(Filter filter, LogicalPlan side) {
    Set<Long> columns = PlanExpressions.outputIds(side);
    return Conjunctions.split(filter.condition()).stream()
        .filter(part -> Constraints.readsOnly(part, columns))
        .anyMatch(this::isNotTrueOfNulls);
  }

  private boolean isNotTrueOfNulls(Expression condition) {
    Expression ofNulls =
        condition.transformUp(
            node -> node instanceof Attribute column ? new Literal(null, column.type()) : node);
    try {
      Object value = evaluator.evaluate(ofNulls).value();
      return value == null || value.equals(false);
    } catch (RuntimeException e) {
      // It fails on nulls: nothing is known of it.
      return false;
    }
  }
}
