package io.arrowmill.optimize;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.PlanExpressions;

/** Takes a field of a struct that is made on the spot from what it was made of. */
final class TakeStructFields implements Rule {
  @Override
  @SuppressWarnings("ReferenceEquality") // an unchanged node is passed on as it is
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.transformUp(node -> {
      boolean[] changed = {false};
      LogicalPlan taken =
          PlanExpressions.map(
              node,
              expression -> {
                Expression result = expression.transformUp(TakeStructFields::take);
                changed[0] |= result != expression;
                return result;
              });
      return changed[0] ? taken : node;
    });
  }

  private static Expression take(Expression expression) {
    if (expression instanceof GetField field
        && field.child() instanceof Call call
        && call.name().equals("named_struct")) {
      Expression value = call.arguments().get(2 * field.ordinal() + 1);
      return value.type().equals(field.type()) ? value : expression;
    }
    return expression;
  }
}
