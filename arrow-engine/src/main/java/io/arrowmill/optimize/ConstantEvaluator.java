package io.arrowmill.optimize;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Literal;

/** Evaluates expressions without columns. */
@FunctionalInterface
public interface ConstantEvaluator {
  /**
   * The value as a literal of the expression's type. May throw any exception: the expression is
   * then left for the query to run, and fail, by itself.
   */
  Literal evaluate(Expression constant);
}
