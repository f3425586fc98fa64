package io.arrowmill.optimize;

import io.arrowmill.plan.Conjunctions;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.PlanExpressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Filters streams by what follows from the conditions above them: of {@code a = b AND b < 3} that
 * {@code a < 3}, and that neither is null.
 *
 * <p>Rows that can't matter need no state. It is also part of what a query means: a condition that
 * passes a watermark keeps rows from moving it, and Spark infers these.
 */
final class InferFilters implements Rule {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.isStreaming() ? infer(plan) : plan;
  }

  /** From the top down: what is inferred for a plan counts for those below it. */
  private static LogicalPlan infer(LogicalPlan plan) {
    LogicalPlan inferred =
        switch (plan) {
          case Filter filter when hasWatermark(filter.child()) -> inferFilter(filter);
          case Join join -> inferJoin(join);
          default -> plan;
        };
    return inferred.withChildren(inferred.children().stream().map(InferFilters::infer).toList());
  }

  private static boolean hasWatermark(LogicalPlan plan) {
    return plan instanceof EventTimeWatermark
        || plan.children().stream().anyMatch(InferFilters::hasWatermark);
  }

  private static Filter inferFilter(Filter filter) {
    ConditionSet known = Constraints.of(filter.child());
    List<Expression> parts = new ArrayList<>(Conjunctions.split(filter.condition()));
    known.addAll(parts);
    for (Expression condition : Constraints.of(filter).list()) {
      if (!known.contains(condition)) {
        parts.add(condition);
      }
    }
    return (Filter) Conjunctions.filter(parts, filter.child());
  }

  private static LogicalPlan inferJoin(Join join) {
    ConditionSet known = Constraints.of(join.left());
    known.addAll(Constraints.of(join.right()).list());
    known.addAll(Constraints.ofCondition(join));
    known.addAll(Constraints.equated(known.list()));
    boolean leftMayShrink =
        switch (join.type()) {
          case INNER, CROSS, LEFT_SEMI, RIGHT_OUTER -> true;
          case LEFT_OUTER, LEFT_ANTI, FULL_OUTER -> false;
        };
    boolean rightMayShrink =
        switch (join.type()) {
          case INNER, CROSS, LEFT_SEMI, LEFT_OUTER, LEFT_ANTI -> true;
          case RIGHT_OUTER, FULL_OUTER -> false;
        };
    boolean keepsRows = join.left().isStreaming() && join.right().isStreaming();
    return join.withChildren(
        List.of(
            leftMayShrink ? filtered(join.left(), known, keepsRows) : join.left(),
            rightMayShrink ? filtered(join.right(), known, keepsRows) : join.right()));
  }

  private static LogicalPlan filtered(LogicalPlan side, ConditionSet known, boolean keepsRows) {
    if (!side.isStreaming()) {
      return side;
    }
    Set<Long> output = PlanExpressions.outputIds(side);
    ConditionSet before = Constraints.of(side);
    ConditionSet candidates = ConditionSet.of(known.list());
    if (keepsRows || hasWatermark(side)) {
      candidates.addAll(Constraints.notNull(known.list()));
    }
    return Conjunctions.filter(
        candidates.list().stream()
            .filter(condition ->
                Constraints.readsOnly(condition, output) && !before.contains(condition))
            .toList(),
        side);
  }

  /** Leaves out tests for null that another condition of the same filter makes needless. */
  static final class DropImplied implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
      return plan.transformUp(node -> node instanceof Filter filter ? drop(filter) : node);
    }

    private static LogicalPlan drop(Filter filter) {
      List<Expression> parts = Conjunctions.split(filter.condition());
      List<Expression> kept = new ArrayList<>();
      for (Expression part : parts) {
        boolean implied =
            part instanceof Call call
                && call.name().equals("isnotnull")
                && call.arguments().getFirst() instanceof Attribute column
                && parts.stream().anyMatch(other -> !other.equals(part) && reads(other, column));
        if (!implied) {
          kept.add(part);
        }
      }
      return kept.size() == parts.size() ? filter : Conjunctions.filter(kept, filter.child());
    }

    private static boolean reads(Expression condition, Attribute column) {
      boolean test = condition instanceof Call call && call.name().equals("isnotnull");
      return !test
          && Constraints.strict(condition).stream().anyMatch(each -> each.id() == column.id());
    }
  }
}
