package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.types.DataTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Joins: tells the sides' columns apart, resolves conditions and shared columns. */
final class Joins {
  private Joins() {}

  /** The join resolved; a projection above it for {@code USING}. */
  static LogicalPlan resolve(Join join, AnalysisConf conf) {
    Map<Long, Long> renumbered = clashes(join.left(), join.right());
    Expression condition = join.condition();
    if (join.using().isEmpty()
        && renumbered.isEmpty()
        && (condition == null || isCondition(condition))) {
      return join;
    }
    LogicalPlan right =
        renumbered.isEmpty() ? join.right() : PlanExpressions.renumber(join.right(), renumbered);
    if (!join.using().isEmpty()) {
      return using(join, right, conf);
    }
    if (condition != null) {
      OverCalls.requireNone("Join", condition);
      NameBinder names = new NameBinder(Scope.of(List.of(join.left(), right), conf));
      condition = names.resolve(pointRight(condition, renumbered));
      if (!condition.type().isOneOf(DataTypes.BOOLEAN, DataTypes.NULL)) {
        throw Errors.of(
            "JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE",
            "join condition must be BOOLEAN: expression="
                + condition.sql()
                + ", type="
                + condition.type().sql());
      }
    }
    return new Join(join.left(), right, join.type(), condition, List.of());
  }

  @SuppressWarnings("ReferenceEquality") // an unchanged expression is passed on as it is
  private static boolean isCondition(Expression condition) {
    return condition.resolved()
        && ExpressionResolver.resolve(condition) == condition
        && condition.type().equals(DataTypes.BOOLEAN);
  }

  /** New ids for the columns that both sides have, as in a self-join. */
  private static Map<Long, Long> clashes(LogicalPlan left, LogicalPlan right) {
    Set<Long> shared = PlanExpressions.outputIds(left);
    shared.retainAll(PlanExpressions.outputIds(right));
    Map<Long, Long> ids = new HashMap<>();
    for (Long id : shared) {
      ids.put(id, Expression.newId());
    }
    return ids;
  }

  /**
   * In {@code a.x = b.x} of a self-join both are one column; the second then means the right side.
   */
  private static Expression pointRight(Expression condition, Map<Long, Long> renumbered) {
    if (renumbered.isEmpty()) {
      return condition;
    }
    return condition.transformUp(node -> {
      if (node.children().size() == 2
          && isComparison(node)
          && node.children().get(0) instanceof Attribute first
          && node.children().get(1) instanceof Attribute second
          && first.id() == second.id()) {
        Long id = renumbered.get(second.id());
        if (id != null) {
          Attribute right =
              new Attribute(
                  id,
                  second.name(),
                  second.type(),
                  second.nullable(),
                  second.eventTimeDelayMicros());
          return node.withChildren(List.of(first, right));
        }
      }
      return node;
    });
  }

  private static boolean isComparison(Expression node) {
    String name =
        switch (node) {
          case UnresolvedFunction function -> function.name();
          case Call call -> call.name();
          default -> "";
        };
    return Set.of("=", "==", "<=>").contains(name);
  }

  private static LogicalPlan using(Join join, LogicalPlan right, AnalysisConf conf) {
    Scope leftScope = Scope.of(List.of(join.left()), conf);
    Scope rightScope = Scope.of(List.of(right), conf);
    Expression condition = null;
    List<Expression> keys = new ArrayList<>();
    Set<Long> used = new HashSet<>();
    for (String name : join.using()) {
      Attribute leftKey = key(leftScope, name, "left");
      Attribute rightKey = key(rightScope, name, "right");
      used.add(leftKey.id());
      used.add(rightKey.id());
      Expression equal = ExpressionResolver.resolve(UnresolvedFunction.of("=", leftKey, rightKey));
      condition = and(condition, equal);
      keys.add(
          switch (join.type()) {
            case RIGHT_OUTER -> rightKey;
            case FULL_OUTER ->
                Alias.of(
                    ExpressionResolver.resolve(
                        UnresolvedFunction.of(
                            "coalesce", leftKey.withNullable(true), rightKey.withNullable(true))),
                    leftKey.name());
            default -> leftKey;
          });
    }
    Join resolved = new Join(join.left(), right, join.type(), condition, List.of());
    List<Expression> columns = new ArrayList<>(keys);
    for (Attribute column : resolved.output()) {
      if (!used.contains(column.id())) {
        columns.add(column);
      }
    }
    return new Project(columns, resolved);
  }

  private static Expression and(@Nullable Expression left, Expression right) {
    return left == null
        ? right
        : ExpressionResolver.resolve(UnresolvedFunction.of("and", left, right));
  }

  private static Attribute key(Scope scope, String name, String side) {
    if (scope.resolve(List.of(name)) instanceof Attribute found) {
      return scope.star(List.of()).stream()
          .filter(column -> column.id() == found.id())
          .findFirst()
          .orElse(found);
    }
    throw Errors.of(
        "UNRESOLVED_USING_COLUMN_FOR_JOIN",
        "column of USING must exist on both sides: name="
            + name
            + ", side="
            + side
            + ", columns="
            + scope.names());
  }
}
