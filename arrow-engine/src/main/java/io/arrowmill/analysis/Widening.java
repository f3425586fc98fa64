package io.arrowmill.analysis;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.PlanExpressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Expressions above a projection or aggregate that read what it does not give: columns it left out,
 * or aggregates it did not compute ({@code HAVING}, {@code ORDER BY}).
 *
 * @param plan the input, giving what the expressions need besides its own columns
 * @param expressions the expressions resolved over {@code plan}
 */
record Widening(LogicalPlan plan, List<Expression> expressions) {

  static Widening of(LogicalPlan input, List<Expression> expressions, AnalysisConf conf) {
    Scope visible = Scope.of(List.of(input), conf);
    boolean aggregates = expressions.stream().anyMatch(Widening::hasAggregate);
    if (!aggregates) {
      try {
        return new Widening(input, resolveAll(expressions, new NameBinder(visible)));
      } catch (AnalysisException e) {
        if (!e.condition().startsWith("UNRESOLVED_COLUMN")
            || !(input instanceof Project || input instanceof Aggregate)) {
          throw e;
        }
      }
    }
    return switch (input) {
      case Aggregate aggregate -> overAggregate(aggregate, List.of(), visible, expressions, conf);
      case Project project when project.child() instanceof Aggregate aggregate ->
          overAggregate(aggregate, project.columns(), visible, expressions, conf);
      case Project project when !aggregates -> overProject(project, visible, expressions, conf);
      default -> new Widening(input, resolveAll(expressions, new NameBinder(visible)));
    };
  }

  /** The plan cut back to the columns that {@code before} gave. */
  static LogicalPlan restore(LogicalPlan plan, LogicalPlan before) {
    List<Attribute> columns = before.output();
    return plan.output().size() == columns.size() ? plan : new Project(List.copyOf(columns), plan);
  }

  private static boolean hasAggregate(Expression expression) {
    return PlanExpressions.contains(
        expression,
        node ->
            node instanceof UnresolvedFunction function
                && FunctionRegistry.isAggregate(function.name().toLowerCase(Locale.ROOT)));
  }

  private static List<Expression> resolveAll(List<Expression> expressions, NameBinder names) {
    return expressions.stream().map(names::resolve).toList();
  }

  private static Widening overProject(
      Project project, Scope visible, List<Expression> expressions, AnalysisConf conf) {
    Scope hidden = Scope.of(List.of(project.child()), conf);
    List<Expression> resolved = resolveAll(expressions, new NameBinder(visible, hidden));
    List<Expression> columns = new ArrayList<>(project.columns());
    addMissing(columns, resolved, project.child());
    return new Widening(new Project(columns, project.child()), resolved);
  }

  private static Widening overAggregate(
      Aggregate aggregate,
      List<Expression> projected,
      Scope visible,
      List<Expression> expressions,
      AnalysisConf conf) {
    Scope hidden = Scope.of(List.of(aggregate.child()), conf);
    List<Expression> resolved = resolveAll(expressions, new NameBinder(visible, hidden));
    AggregateBuilder builder = AggregateBuilder.reopen(aggregate);
    Set<Long> ids = Set.copyOf(visible.columns().stream().map(c -> c.attribute().id()).toList());
    List<Expression> rewritten = new ArrayList<>();
    for (Expression expression : resolved) {
      rewritten.add(builder.rewrite(expression, ids));
    }
    Aggregate widened = builder.aggregate();
    List<Expression> columns =
        new ArrayList<>(projected.isEmpty() ? aggregate.output() : projected);
    addMissing(columns, rewritten, widened);
    return new Widening(new Project(columns, widened), rewritten);
  }

  private static void addMissing(
      List<Expression> columns, List<Expression> expressions, LogicalPlan from) {
    Set<Long> missing = PlanExpressions.references(expressions);
    for (Expression column : columns) {
      missing.remove(LogicalPlan.attributeOf(column).id());
    }
    for (Attribute column : from.output()) {
      if (missing.contains(column.id())) {
        columns.add(column);
      }
    }
  }
}
