package io.arrowmill.analysis;

import io.arrowmill.analysis.Definition.Kind;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Over;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.plan.WindowDefinition;
import io.arrowmill.plan.WindowFrame;
import java.util.Locale;

/** Gives functions over windows their types and frames, and refuses those that mean nothing. */
final class OverCalls {
  private OverCalls() {}

  /** The call resolved; its operands are. */
  static Expression resolve(Over over) {
    if (over.function() instanceof AggregateCall) {
      return over;
    }
    if (!(over.function() instanceof UnresolvedFunction function)) {
      throw notForWindows(over.function());
    }
    String name = function.name().toLowerCase(Locale.ROOT);
    Projections.requireNoGenerator(over);
    Definition definition = FunctionRegistry.find(name);
    if (definition == null) {
      throw FunctionRegistry.names().contains(name)
          ? notForWindows(function)
          : FunctionRegistry.unknown(name);
    }
    AggregateCall call = call(function, definition);
    WindowDefinition window = over.window();
    for (Expression key : window.partitionBy()) {
      if (!Types.isOrderable(key.type())) {
        throw Errors.of(
            "EXPRESSION_TYPE_IS_NOT_ORDERABLE",
            "partitions must be by types that can be compared: expression="
                + key.sql()
                + ", type="
                + key.type().sql());
      }
    }
    if (definition.kind() == Kind.WINDOW && window.orderBy().isEmpty()) {
      throw Errors.of(
          "WINDOW_FUNCTION_FRAME_NOT_ORDERED",
          "function needs a window with an order: function="
              + name
              + "; write OVER (PARTITION BY ... ORDER BY ...)");
    }
    return new Over(call, window.withFrame(frame(name, window)));
  }

  private static AggregateCall call(UnresolvedFunction function, Definition definition) {
    if (definition.kind() == Kind.AGGREGATE) {
      if (function.distinct()) {
        throw Errors.of(
            "DISTINCT_WINDOW_FUNCTION_UNSUPPORTED",
            "a function over a window can't be DISTINCT: expression="
                + function.sql()
                + "; aggregate in a subquery and join, or collect and count the different ones");
      }
      return ExpressionResolver.overWindow(function);
    }
    if (definition.kind() != Kind.WINDOW) {
      throw notForWindows(function);
    }
    if (function.distinct() || function.filter() != null) {
      throw Errors.of(
          "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
          "DISTINCT and FILTER belong to aggregate functions only: function=" + function.name());
    }
    return ExpressionResolver.overWindow(function);
  }

  private static RuntimeException notForWindows(Expression function) {
    return Errors.of(
        "UNSUPPORTED_EXPR_FOR_WINDOW",
        "what is over a window must be an aggregate or window function: expression="
            + function.sql());
  }

  private static WindowFrame frame(String name, WindowDefinition window) {
    WindowFrame usual = WindowFunctions.frame(name, !window.orderBy().isEmpty());
    WindowFrame given = window.frame();
    if (given == null) {
      return usual;
    }
    WindowFrame checked = WindowFrames.check(given, window);
    if (WindowFunctions.OFFSETS.contains(name)) {
      throw Errors.of(
          "_LEGACY_ERROR_TEMP_1035",
          "function has no frame but its offset: function=" + name + ", frame=" + given.sql());
    }
    boolean fixed = WindowFunctions.is(name) && !name.equals(WindowFunctions.NTH_VALUE);
    if (fixed && !checked.equals(usual)) {
      throw Errors.of(
          "_LEGACY_ERROR_TEMP_1036",
          "function has a frame of its own: function="
              + name
              + ", frame="
              + given.sql()
              + ", own="
              + usual.sql()
              + "; leave the frame out");
    }
    return checked;
  }

  /** Refuses functions over windows where rows are not yet what windows are of. */
  static void requireNoneIn(String clause, Expression expression) {
    if (isIn(expression)) {
      throw Errors.of(
          "WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE",
          "a condition on rows must not hold functions over windows: clause="
              + clause
              + ", expression="
              + expression.sql()
              + "; select them in a subquery, then filter");
    }
  }

  /** Refuses functions over windows outside of selections. */
  static void requireNone(String operator, Expression expression) {
    if (isIn(expression)) {
      throw Errors.of(
          "UNSUPPORTED_EXPR_FOR_OPERATOR",
          "functions over windows must stand in a selection: operator="
              + operator
              + ", expression="
              + expression.sql()
              + "; select them in a subquery first");
    }
  }

  /** Whether there is a function over a window in an expression. */
  static boolean isIn(Expression expression) {
    return PlanExpressions.contains(expression, Over.class::isInstance);
  }
}
