package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.GeneratorCall;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.PlanExpressions;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Functions that make several rows of one. */
public final class Generators {
  static final Set<String> NAMES =
      Set.of("explode", "explode_outer", "posexplode", "posexplode_outer");

  private Generators() {}

  static GeneratorCall resolve(String name, List<Expression> arguments) {
    if (arguments.size() != 1) {
      throw Errors.wrongArgumentCount(name, "1", arguments.size());
    }
    boolean outer = name.endsWith("_outer");
    String canonical = outer ? name.substring(0, name.length() - "_outer".length()) : name;
    Expression argument = Param.ARRAY_OR_MAP.coerce(name, 1, arguments.getFirst());
    return new GeneratorCall(canonical, argument, outer);
  }

  /** Refuses an expression with a generator, resolved or not, that is no selection's. */
  public static void requireNone(String clause, Expression expression) {
    if (PlanExpressions.contains(expression, Generators::isOne)) {
      throw Errors.of(
          "UNSUPPORTED_GENERATOR.OUTSIDE_SELECT",
          "a generator must be a column of a selection: clause="
              + clause
              + ", expression="
              + expression.sql()
              + "; select it below, and use its column here");
    }
  }

  private static boolean isOne(Expression expression) {
    return expression instanceof GeneratorCall
        || (expression instanceof UnresolvedFunction function
            && NAMES.contains(function.name().toLowerCase(Locale.ROOT)));
  }
}
