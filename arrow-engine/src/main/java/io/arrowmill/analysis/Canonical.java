package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.types.DataTypes;

/**
 * Forms of expressions that are equal exactly if the expressions mean the same columns and
 * operations.
 */
public final class Canonical {
  private Canonical() {}

  /** The expression without names and aliases; columns by id alone. */
  public static Expression of(Expression expression) {
    return expression.transformUp(node ->
        switch (node) {
          case Attribute attribute ->
              new Attribute(attribute.id(), "", DataTypes.NULL, true, Attribute.NO_EVENT_TIME);
          case Alias alias -> alias.child();
          default -> node;
        });
  }
}
