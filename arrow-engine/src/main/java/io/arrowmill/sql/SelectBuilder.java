package io.arrowmill.sql;

import io.arrowmill.analysis.FunctionRegistry;
import io.arrowmill.analysis.Generators;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.Over;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.Expression.UnresolvedAttribute;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.Expression.UnresolvedStar;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.Distinct;
import io.arrowmill.plan.LogicalPlan.DropColumns;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.GroupedBySets;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.Sort;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.sql.grammar.SqlGrammarParser.GroupByContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.LateralViewContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.RelationContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.SelectContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.SortItemContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns one {@code SELECT} with its {@code ORDER BY} into a plan. What {@code HAVING} and {@code
 * ORDER BY} need beyond the selected columns is computed beside them under hidden names and dropped
 * at the end:
 *
 * <pre>
 * SELECT k, sum(v) AS s FROM t GROUP BY k HAVING max(v) > 1 ORDER BY min(v)
 *
 * DropColumns(__having, __order0)
 *   Sort(__order0)
 *     Filter(__having)
 *       Aggregate(k; k, sum(v) AS s, max(v) > 1 AS __having, min(v) AS __order0)
 * </pre>
 */
final class SelectBuilder {
  private final ExpressionBuilder expressions;
  private final RelationBuilder relations;

  SelectBuilder(ExpressionBuilder expressions, RelationBuilder relations) {
    this.expressions = expressions;
    this.relations = relations;
  }

  LogicalPlan select(SelectContext context, List<SortItemContext> orderBy) {
    if (context.namedWindow().isEmpty()) {
      return plan(context, orderBy);
    }
    ExpressionBuilder windowed = new ExpressionBuilder(WindowClauses.of(context.namedWindow()));
    return new SelectBuilder(windowed, relations).plan(context, orderBy);
  }

  private LogicalPlan plan(SelectContext context, List<SortItemContext> orderBy) {
    LogicalPlan input = from(context);
    if (context.where != null) {
      input = new Filter(expressions.expression(context.where), input);
    }
    GroupedWindow window = window(context.groupBy());
    List<Expression> items =
        context.selectItem().stream().map(expressions::named).map(window::column).toList();
    boolean distinct = context.DISTINCT() != null;
    List<Expression> columns = new ArrayList<>(items);
    List<String> hidden = new ArrayList<>();
    if (context.having != null) {
      Expression having = unaliased(window.in(expressions.expression(context.having)), items);
      if (overWindow(having)) {
        throw SyntaxErrors.at(
            context.having,
            "WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE",
            "a condition must not hold functions over windows, select them in a subquery: clause="
                + "HAVING");
      }
      columns.add(hide(having, "__having", hidden));
    }
    List<SortOrder> orders = new ArrayList<>();
    for (SortItemContext item : orderBy) {
      Expression key = byOrdinal(expressions.expression(item.expression()), items, item);
      if (key instanceof Alias alias) {
        key = new UnresolvedAttribute(List.of(alias.name()));
      }
      Generators.requireNone("ORDER BY", key); // hidden, it would make rows all the same
      if (!distinct && !isOutput(key, items) && !overWindow(key)) {
        String name = "__order" + orders.size();
        columns.add(hide(unaliased(window.in(key), items), name, hidden));
        key = new UnresolvedAttribute(List.of(name));
      }
      orders.add(expressions.sortOrder(item, key));
    }
    LogicalPlan plan = selected(context, items, columns, input);
    if (context.having != null) {
      plan = new Filter(new UnresolvedAttribute(List.of("__having")), plan);
    }
    if (distinct) {
      plan = new Distinct(dropped(plan, hidden));
      hidden = List.of();
    }
    return dropped(orders.isEmpty() ? plan : new Sort(orders, plan), hidden);
  }

  /** The event-time window among the groupings. */
  private GroupedWindow window(@Nullable GroupByContext groupBy) {
    if (groupBy != null) {
      for (Expression grouping : Groupings.of(groupBy, expressions, key -> key).keys()) {
        if (grouping instanceof UnresolvedFunction call
            && GroupedWindow.NAMES.contains(call.name())) {
          return new GroupedWindow(call);
        }
      }
    }
    return GroupedWindow.NONE;
  }

  private LogicalPlan from(SelectContext context) {
    LogicalPlan plan = null;
    for (RelationContext relation : context.relation()) {
      LogicalPlan next = relations.relation(relation);
      plan = plan == null ? next : new Join(plan, next, JoinType.CROSS, null, List.of());
    }
    if (plan == null) {
      return RelationBuilder.oneRow();
    }
    for (LateralViewContext view : context.lateralView()) {
      plan = relations.lateralView(plan, view);
    }
    return plan;
  }

  private LogicalPlan selected(
      SelectContext context, List<Expression> items, List<Expression> columns, LogicalPlan input) {
    GroupByContext groupBy = context.groupBy();
    if (groupBy != null) {
      Groupings.Keys by =
          Groupings.of(
              groupBy,
              expressions,
              key ->
                  byOrdinal(key, items, groupBy) instanceof Alias alias
                      ? alias.child()
                      : byOrdinal(key, items, groupBy));
      return by.analytic()
          ? new GroupedBySets(by.keys(), by.sets(), columns, input)
          : new Aggregate(by.keys(), columns, input);
    }
    boolean global = context.having != null || columns.stream().anyMatch(SelectBuilder::aggregates);
    return global ? new Aggregate(List.of(), columns, input) : new Project(columns, input);
  }

  private static Alias hide(Expression expression, String name, List<String> hidden) {
    hidden.add(name);
    return Alias.of(expression, name);
  }

  private static LogicalPlan dropped(LogicalPlan plan, List<String> hidden) {
    return hidden.isEmpty() ? plan : new DropColumns(hidden, plan);
  }

  /** The select item that a whole number in ORDER BY or GROUP BY counts to, from 1. */
  private static Expression byOrdinal(
      Expression key, List<Expression> items, org.antlr.v4.runtime.ParserRuleContext place) {
    if (!(key instanceof Literal literal && literal.value() instanceof Integer ordinal)) {
      return key;
    }
    if (ordinal < 1
        || ordinal > items.size()
        || items.subList(0, ordinal).stream().anyMatch(UnresolvedStar.class::isInstance)) {
      throw SyntaxErrors.at(
          place,
          "POSITION_OUT_OF_RANGE",
          "position must be that of a select item, with no star up to it: position="
              + ordinal
              + ", items="
              + items.size());
    }
    return items.get(ordinal - 1);
  }

  /** Whether a sort key is the plain name of a selected column. */
  private static boolean isOutput(Expression key, List<Expression> items) {
    if (!(key instanceof UnresolvedAttribute(List<String> parts)) || parts.size() != 1) {
      return false;
    }
    return items.stream()
        .anyMatch(item ->
            item instanceof UnresolvedStar || parts.getFirst().equalsIgnoreCase(name(item)));
  }

  private static @Nullable String name(Expression item) {
    return switch (item) {
      case Alias alias -> alias.name();
      case UnresolvedAttribute attribute -> attribute.parts().getLast();
      default -> null;
    };
  }

  /** Puts, outside of aggregates, in place of the name of a select item what that item computes. */
  private static Expression unaliased(Expression expression, List<Expression> items) {
    if (expression instanceof UnresolvedFunction call
        && FunctionRegistry.isAggregate(call.name())) {
      return expression;
    }
    if (expression instanceof UnresolvedAttribute(List<String> parts) && parts.size() == 1) {
      for (Expression item : items) {
        if (item instanceof Alias alias && alias.name().equalsIgnoreCase(parts.getFirst())) {
          return alias.child();
        }
      }
      return expression;
    }
    List<Expression> children = expression.children();
    return children.isEmpty()
        ? expression
        : expression.withChildren(children.stream().map(child -> unaliased(child, items)).toList());
  }

  private static boolean overWindow(Expression expression) {
    return PlanExpressions.contains(expression, Over.class::isInstance);
  }

  private static boolean aggregates(Expression expression) {
    return (expression instanceof UnresolvedFunction call
            && FunctionRegistry.isAggregate(call.name()))
        || expression.children().stream().anyMatch(SelectBuilder::aggregates);
  }
}
