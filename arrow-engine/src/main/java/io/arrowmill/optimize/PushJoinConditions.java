package io.arrowmill.optimize;

import io.arrowmill.plan.Conjunctions;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.PlanExpressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Turns parts of a join's condition that read one side only into filters of that side, where that
 * loses no row.
 */
final class PushJoinConditions implements Rule {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.transformUp(node -> node instanceof Join join ? push(join) : node);
  }

  private static LogicalPlan push(Join join) {
    Expression condition = join.condition();
    JoinType type = join.type();
    if (condition == null || type == JoinType.FULL_OUTER) {
      return join;
    }
    boolean leftMayShrink = type != JoinType.LEFT_OUTER && type != JoinType.LEFT_ANTI;
    boolean rightMayShrink = type != JoinType.RIGHT_OUTER;
    Set<Long> leftIds = PlanExpressions.outputIds(join.left());
    Set<Long> rightIds = PlanExpressions.outputIds(join.right());
    List<Expression> left = new ArrayList<>();
    List<Expression> right = new ArrayList<>();
    List<Expression> both = new ArrayList<>();
    for (Expression part : Conjunctions.split(condition)) {
      Set<Long> reads = PlanExpressions.references(part);
      if (!reads.isEmpty() && leftMayShrink && leftIds.containsAll(reads)) {
        left.add(part);
      } else if (!reads.isEmpty() && rightMayShrink && rightIds.containsAll(reads)) {
        right.add(part);
      } else {
        both.add(part);
      }
    }
    if (left.isEmpty() && right.isEmpty()) {
      return join;
    }
    return new Join(
        Conjunctions.filter(left, join.left()),
        Conjunctions.filter(right, join.right()),
        type,
        Conjunctions.join(both),
        join.using());
  }
}
