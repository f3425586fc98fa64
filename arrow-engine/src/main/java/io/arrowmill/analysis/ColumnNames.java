package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.Over;
import io.arrowmill.plan.Expression.UnresolvedAttribute;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.WindowDefinition;
import io.arrowmill.plan.WindowFrame;
import io.arrowmill.plan.WindowFrame.Offset;
import io.arrowmill.plan.WindowFrame.Unit;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
    if (expression instanceof Over over && over.function() instanceof UnresolvedFunction function) {
      return over(function, over.window());
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
      case "plus_days" -> renamed(call, "+");
      case "minus_days" -> renamed(call, "-");
      default -> call;
    };
  }

  private static Expression over(UnresolvedFunction function, WindowDefinition window) {
    String name = function.name().toLowerCase(Locale.ROOT);
    WindowFrame frame = window.frame();
    List<Expression> arguments = new ArrayList<>(function.arguments());
    if (WindowFunctions.OFFSETS.contains(name)) {
      if (arguments.size() < 2) {
        arguments.add(new Literal(1, DataTypes.INTEGER));
      }
      if (arguments.size() < 3) {
        arguments.add(Literal.NULL);
      }
      Expression rows = arguments.get(1);
      boolean negates = name.equals(WindowFunctions.LAG) && rows instanceof Literal;
      Offset at = new Offset(negates ? WindowFrames.negated((Literal) rows) : rows, false);
      frame = new WindowFrame(Unit.ROWS, at, at);
      arguments = arguments.subList(0, 3);
    } else if (name.equals("ntile") && arguments.isEmpty()) {
      arguments.add(new Literal(1, DataTypes.INTEGER));
    }
    boolean flagged = name.equals(WindowFunctions.NTH_VALUE) && arguments.size() > 2;
    String behind = flagged && arguments.get(2).equals(Literal.TRUE) ? " ignore nulls" : "";
    arguments = flagged ? arguments.subList(0, 2) : arguments;
    boolean upper = name.equals("rank") || name.equals("dense_rank") || name.equals("percent_rank");
    UnresolvedFunction shown =
        new UnresolvedFunction(
            upper ? name.toUpperCase(Locale.ROOT) : function.name(),
            upper ? List.of() : arguments,
            function.distinct(),
            function.filter());
    WindowFrame usual = WindowFunctions.frame(name, !window.orderBy().isEmpty());
    return new Over(
        written(pretty(shown).sql() + behind), window.withFrame(frame == null ? usual : frame));
  }

  private static UnresolvedFunction renamed(UnresolvedFunction call, String name) {
    return new UnresolvedFunction(name, call.arguments(), call.distinct(), call.filter());
  }

  /** A constant prints as its text. */
  private static Literal written(String text) {
    return new Literal(text, DataTypes.STRING);
  }
}
