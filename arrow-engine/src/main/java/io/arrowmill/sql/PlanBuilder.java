package io.arrowmill.sql;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Distinct;
import io.arrowmill.plan.LogicalPlan.Limit;
import io.arrowmill.plan.LogicalPlan.Sort;
import io.arrowmill.plan.LogicalPlan.SubqueryAlias;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.plan.LogicalPlan.UnresolvedRelation;
import io.arrowmill.sql.Statement.CreateView;
import io.arrowmill.sql.Statement.Describe;
import io.arrowmill.sql.Statement.DropView;
import io.arrowmill.sql.Statement.Explain;
import io.arrowmill.sql.Statement.Query;
import io.arrowmill.sql.Statement.ShowTables;
import io.arrowmill.sql.grammar.SqlGrammarParser.CreateViewContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.CteContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.DescribeContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.DropViewContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.ExplainStatementContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.ExpressionContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.LimitContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.NestedQueryContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.QueryContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.QueryPrimaryContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.QueryStatementContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.SelectQueryContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.ShowTablesContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.SortItemContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.StatementContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.TableQueryContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.UnionContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.ValuesQueryContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the parse tree of a statement into plans. Used once, by one thread. */
final class PlanBuilder {
  private final ExpressionBuilder expressions = new ExpressionBuilder();
  private final RelationBuilder relations = new RelationBuilder(this, expressions);

  /** The innermost named subquery in sight, or null. */
  private @Nullable Cte scope;

  /**
   * A subquery that {@code WITH} named. Its tree is built anew at each use, so that two uses have
   * columns of their own.
   *
   * @param outer what is in sight in the subquery itself
   */
  private record Cte(String name, QueryContext query, @Nullable Cte outer) {}

  Statement statement(StatementContext context) {
    return switch (context) {
      case QueryStatementContext query -> new Query(query(query.query()));
      case ExplainStatementContext explain ->
          new Explain(query(explain.query()), explain.EXTENDED() != null);
      case ShowTablesContext ignored -> new ShowTables();
      case DescribeContext describe -> new Describe(Names.joined(describe.qualifiedName()));
      case CreateViewContext create ->
          new CreateView(
              Names.joined(create.qualifiedName()),
              create.REPLACE() != null,
              query(create.query()));
      case DropViewContext drop ->
          new DropView(Names.joined(drop.qualifiedName()), drop.IF() != null);
      default -> throw ExpressionBuilder.unknown(context);
    };
  }

  LogicalPlan query(QueryContext context) {
    Cte outer = scope;
    if (context.ctes() != null) {
      for (CteContext cte : context.ctes().cte()) {
        scope = new Cte(Names.of(cte.identifier()), cte.query(), scope);
      }
    }
    List<SortItemContext> orders =
        context.orderBy() == null ? List.of() : context.orderBy().sortItem();
    LogicalPlan plan;
    if (context.union().isEmpty()
        && context.queryPrimary() instanceof SelectQueryContext selectQuery) {
      plan = new SelectBuilder(expressions, relations).select(selectQuery.select(), orders);
    } else {
      plan = unions(context);
      if (!orders.isEmpty()) {
        plan = new Sort(orders.stream().map(this::sortOrder).toList(), plan);
      }
    }
    scope = outer;
    LimitContext limit = context.limit();
    return limit == null || limit.INTEGER_VALUE() == null ? plan : new Limit(count(limit), plan);
  }

  private SortOrder sortOrder(SortItemContext item) {
    return expressions.sortOrder(item, expressions.expression(item.expression()));
  }

  private static long count(LimitContext limit) {
    try {
      return Long.parseLong(limit.INTEGER_VALUE().getText());
    } catch (NumberFormatException e) {
      throw SyntaxErrors.at(limit, "INVALID_LIMIT_LIKE_EXPRESSION", "limit must fit into 64 bits");
    }
  }

  /** Unions bind alike and from the left; those in a row that keep duplicates become one node. */
  private LogicalPlan unions(QueryContext context) {
    List<LogicalPlan> open = new ArrayList<>(List.of(primary(context.queryPrimary())));
    for (UnionContext union : context.union()) {
      open.add(primary(union.queryPrimary()));
      if (union.ALL() == null) {
        LogicalPlan distinct = new Distinct(union(open));
        open.clear();
        open.add(distinct);
      }
    }
    return union(open);
  }

  private static LogicalPlan union(List<LogicalPlan> inputs) {
    return inputs.size() == 1 ? inputs.getFirst() : new Union(inputs, List.of(), false, false);
  }

  private LogicalPlan primary(QueryPrimaryContext context) {
    return switch (context) {
      case SelectQueryContext select ->
          new SelectBuilder(expressions, relations).select(select.select(), List.of());
      case ValuesQueryContext values -> relations.values(values.values(), List.of());
      case TableQueryContext table -> table(Names.joined(table.qualifiedName()));
      case NestedQueryContext nested -> query(nested.query());
      default -> throw ExpressionBuilder.unknown(context);
    };
  }

  /** A table by name: a subquery that {@code WITH} named, or else one that analysis looks up. */
  LogicalPlan table(String name) {
    Cte inSight = scope;
    for (Cte cte = inSight; cte != null; cte = cte.outer()) {
      if (cte.name().equalsIgnoreCase(name)) {
        scope = cte.outer();
        LogicalPlan plan = query(cte.query());
        scope = inSight;
        return new SubqueryAlias(cte.name(), plan);
      }
    }
    return new SubqueryAlias(
        name.substring(name.lastIndexOf('.') + 1), new UnresolvedRelation(name, false));
  }

  /** Expressions of a list, for the relation builder. */
  List<Expression> list(List<ExpressionContext> contexts) {
    return expressions.expressions(contexts);
  }
}
