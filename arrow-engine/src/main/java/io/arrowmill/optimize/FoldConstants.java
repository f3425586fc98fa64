package io.arrowmill.optimize;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import org.jspecify.annotations.Nullable;

/**
 * Computes expressions of constants, and what a constant operand decides in {@code AND} and {@code
 * OR}.
 */
final class FoldConstants implements Rule {
  private final ConstantEvaluator evaluator;

  FoldConstants(ConstantEvaluator evaluator) {
    this.evaluator = evaluator;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // an unchanged node is passed on as it is
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.transformUp(node -> {
      boolean[] changed = {false};
      LogicalPlan folded =
          PlanExpressions.map(
              node,
              expression -> {
                Expression result = expression.transformUp(this::fold);
                changed[0] |= result != expression;
                return result;
              });
      LogicalPlan kept = changed[0] ? folded : node;
      return kept instanceof Filter filter && filter.condition().equals(Literal.TRUE)
          ? filter.child()
          : kept;
    });
  }

  private Expression fold(Expression expression) {
    if (expression instanceof Call call && call.arguments().size() == 2) {
      Expression decided = decide(call);
      if (decided != null) {
        return decided;
      }
    }
    boolean computes =
        expression instanceof Call || expression instanceof Cast || expression instanceof CaseWhen;
    if (!computes
        || expression.children().isEmpty()
        || !expression.children().stream().allMatch(Literal.class::isInstance)
        || !isFlat(expression.type())) {
      return expression;
    }
    try {
      return evaluator.evaluate(expression);
    } catch (RuntimeException e) {
      // Not an error yet: the row that needs the value may never come.
      return expression;
    }
  }

  private static boolean isFlat(DataType type) {
    return type instanceof AtomicType || type instanceof DecimalType;
  }

  private static @Nullable Expression decide(Call call) {
    boolean and = call.name().equals("and");
    if (!and && !call.name().equals("or")) {
      return null;
    }
    Literal neutral = and ? Literal.TRUE : Literal.FALSE;
    Literal decisive = and ? Literal.FALSE : Literal.TRUE;
    Expression left = call.arguments().get(0);
    Expression right = call.arguments().get(1);
    if (left.equals(neutral)) {
      return right;
    }
    if (right.equals(neutral)) {
      return left;
    }
    return left.equals(decisive) || right.equals(decisive) ? decisive : null;
  }
}
