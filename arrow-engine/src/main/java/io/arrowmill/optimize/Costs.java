package io.arrowmill.optimize;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataTypes;
import java.util.Set;

/** What it costs to compute an expression twice. */
final class Costs {
  private static final int CHEAP_NODES_MAX = 8;
  private static final Set<String> CHEAP_CALLS =
      Set.of(
          "+",
          "-",
          "*",
          "=",
          "!=",
          "<",
          "<=",
          ">",
          ">=",
          "<=>",
          "and",
          "or",
          "not",
          "isnull",
          "isnotnull",
          "&",
          "|",
          "^",
          "negative");

  private Costs() {}

  /** Whether it is a column or constant: nothing is computed. */
  static boolean isFree(Expression expression) {
    return expression instanceof Attribute || expression instanceof Literal;
  }

  /** Whether it is a few operations on values of fixed width. */
  static boolean isCheap(Expression expression) {
    return isFree(expression) || (isSimple(expression) && nodes(expression) <= CHEAP_NODES_MAX);
  }

  private static boolean isSimple(Expression expression) {
    boolean simple =
        switch (expression) {
          case Attribute ignored -> true;
          case Literal ignored -> true;
          case GetField ignored -> true;
          case Cast cast -> isFixedWidth(cast.type()) && isFixedWidth(cast.child().type());
          case Call call ->
              CHEAP_CALLS.contains(call.name())
                  && call.arguments().stream().allMatch(a -> isFixedWidth(a.type()));
          default -> false;
        };
    return simple && expression.children().stream().allMatch(Costs::isSimple);
  }

  private static boolean isFixedWidth(DataType type) {
    return type instanceof AtomicType && !type.isOneOf(DataTypes.STRING, DataTypes.BINARY);
  }

  private static int nodes(Expression expression) {
    return 1 + expression.children().stream().mapToInt(Costs::nodes).sum();
  }
}
