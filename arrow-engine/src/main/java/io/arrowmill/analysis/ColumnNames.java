package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.UnresolvedAttribute;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;

/** The names of columns that the query did not name, as Spark makes them. */
final class ColumnNames {
  private ColumnNames() {}

  /**
   * The name of an expression whose names are bound, but whose functions are still as they were
   * called: conversions that analysis puts in take no part in names.
   */
  static String of(Expression original, Expression bound) {
    boolean constant = bound instanceof UnresolvedFunction call && call.arguments().isEmpty();
    if (original instanceof UnresolvedAttribute attribute && !constant) {
      return attribute.parts().getLast();
    }
    if (original instanceof Cast cast && bound instanceof Cast boundCast) {
      if (boundCast.child() instanceof Attribute attribute) {
        return attribute.name();
      }
      if (cast.child() instanceof UnresolvedAttribute attribute) {
        return attribute.parts().getLast();
      }
    }
    if (original instanceof GetField get) {
      return get.sql();
    }
    return text(bound);
  }

  /** The expression as text. */
  static String text(Expression bound) {
    return bound.transformUp(ColumnNames::pretty).sql();
  }

  private static Expression pretty(Expression expression) {
    if (expression instanceof Alias alias) {
      return alias.child();
    }
    if (!(expression instanceof UnresolvedFunction call)) {
      return expression;
    }
    return switch (call.name()) {
      case "==" -> renamed(call, "=");
      case "!" -> renamed(call, "not");
      case "!=", "<>" -> UnresolvedFunction.of("not", renamed(call, "="));
      case "equal_null" -> call;
      case "ceil", "ceiling" -> renamed(call, "CEIL");
      case "floor" -> renamed(call, "FLOOR");
      case "first", "first_value", "last", "last_value", "any_value" ->
          new UnresolvedFunction(
              call.name(), call.arguments().subList(0, 1), call.distinct(), call.filter());
      case "window" -> written("window");
      case "session_window" -> written("session_window");
      case "if" -> {
        String inner = renamed(call, "IF").sql();
        yield written("(" + inner + ")");
      }
      case "getitem" -> {
        Expression from = call.arguments().getFirst();
        yield from.resolved() && from.type() instanceof StructType
            ? written(from.sql() + "." + call.arguments().get(1).sql())
            : call;
      }
      default -> call;
    };
  }

  private static UnresolvedFunction renamed(UnresolvedFunction call, String name) {
    return new UnresolvedFunction(name, call.arguments(), call.distinct(), call.filter());
  }

  /** A constant prints as its text. */
  private static Literal written(String text) {
    return new Literal(text, DataTypes.STRING);
  }
}
