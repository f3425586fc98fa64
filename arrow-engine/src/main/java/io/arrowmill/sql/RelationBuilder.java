package io.arrowmill.sql;

import io.arrowmill.Row;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.NamedColumns;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.Expression.UnresolvedStar;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.LocalRelation;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.RangeRelation;
import io.arrowmill.plan.LogicalPlan.SubqueryAlias;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.plan.LogicalPlan.UnresolvedRelation;
import io.arrowmill.plan.TimeSpans;
import io.arrowmill.sql.grammar.SqlGrammarParser.CrossJoinContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.ExpressionContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.InlineTableContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.JoinContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.JoinOnContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.JoinUsingContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.KindJoinContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.LateralViewContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.NamedTableContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.NaturalJoinContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.NestedRelationContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.RelationContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.RelationPrimaryContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.StreamTableContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.SubqueryContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.TableAliasContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.TableFunctionContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.ValuesContext;
import io.arrowmill.sql.grammar.SqlGrammarParser.WatermarkContext;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataTypes;
import java.time.Duration;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.jspecify.annotations.Nullable;

/** Turns what stands in {@code FROM} into plans. */
final class RelationBuilder {
  private final PlanBuilder queries;
  private final ExpressionBuilder expressions;

  RelationBuilder(PlanBuilder queries, ExpressionBuilder expressions) {
    this.queries = queries;
    this.expressions = expressions;
  }

  /** One row without columns: what {@code SELECT} without {@code FROM} reads. */
  static LogicalPlan oneRow() {
    return new LocalRelation(List.of(), List.of(Row.of()));
  }

  LogicalPlan relation(RelationContext context) {
    LogicalPlan plan = primary(context.relationPrimary());
    for (JoinContext join : context.join()) {
      plan =
          switch (join) {
            case CrossJoinContext cross ->
                new Join(plan, primary(cross.relationPrimary()), JoinType.CROSS, null, List.of());
            case KindJoinContext kind -> join(plan, kind);
            case NaturalJoinContext natural ->
                throw SyntaxErrors.at(
                    natural,
                    "UNSUPPORTED_FEATURE.NATURAL_JOIN",
                    "a join must name its columns; write JOIN ... USING (column, ...)");
            default -> throw ExpressionBuilder.unknown(join);
          };
    }
    return plan;
  }

  private LogicalPlan join(LogicalPlan left, KindJoinContext context) {
    JoinType type =
        context.joinKind() == null
            ? JoinType.INNER
            : JoinType.parse(String.join(" ", words(context.joinKind())));
    Expression condition = null;
    List<String> using = List.of();
    switch (context.joinCriteria()) {
      case null -> {}
      case JoinOnContext on -> condition = expressions.expression(on.expression());
      case JoinUsingContext names -> using = names.identifier().stream().map(Names::of).toList();
      default -> throw ExpressionBuilder.unknown(context.joinCriteria());
    }
    return new Join(left, primary(context.relationPrimary()), type, condition, using);
  }

  private static List<String> words(ParserRuleContext context) {
    return context.children.stream().map(child -> child.getText()).toList();
  }

  private LogicalPlan primary(RelationPrimaryContext context) {
    return switch (context) {
      case NamedTableContext named ->
          aliased(
              watermarked(queries.table(Names.joined(named.qualifiedName())), named.watermark()),
              named.tableAlias());
      case StreamTableContext stream -> {
        String name = Names.joined(stream.qualifiedName());
        LogicalPlan plan =
            new SubqueryAlias(
                name.substring(name.lastIndexOf('.') + 1), new UnresolvedRelation(name, true));
        yield aliased(watermarked(plan, stream.watermark()), stream.tableAlias());
      }
      case TableFunctionContext function -> aliased(range(function), function.tableAlias());
      case SubqueryContext subquery ->
          aliased(
              watermarked(queries.query(subquery.query()), subquery.watermark()),
              subquery.tableAlias());
      case NestedRelationContext nested -> relation(nested.relation());
      case InlineTableContext inline -> {
        TableAliasContext alias = inline.tableAlias();
        List<String> names =
            alias == null ? List.of() : alias.identifier().stream().skip(1).map(Names::of).toList();
        LogicalPlan plan = values(inline.values(), names);
        yield alias == null ? plan : new SubqueryAlias(Names.of(alias.identifier(0)), plan);
      }
      default -> throw ExpressionBuilder.unknown(context);
    };
  }

  private static LogicalPlan aliased(LogicalPlan plan, @Nullable TableAliasContext alias) {
    if (alias == null) {
      return plan;
    }
    if (alias.identifier().size() > 1) {
      throw SyntaxErrors.at(
          alias,
          "UNSUPPORTED_FEATURE.COLUMN_ALIASES",
          "columns can only be named here for VALUES; name them in the SELECT list of a subquery");
    }
    return new SubqueryAlias(Names.of(alias.identifier(0)), plan);
  }

  private LogicalPlan watermarked(LogicalPlan plan, @Nullable WatermarkContext watermark) {
    if (watermark == null) {
      return plan;
    }
    TimeSpans.Span delay =
        switch (IntervalLiterals.of(watermark.interval()).value()) {
          case Period months -> new TimeSpans.Span(Math.toIntExact(months.toTotalMonths()), 0);
          case Duration time ->
              new TimeSpans.Span(0, time.dividedBy(ChronoUnit.MICROS.getDuration()));
          case null, default -> throw ExpressionBuilder.unknown(watermark.interval());
        };
    return new EventTimeWatermark(
        expressions.expression(watermark.expression()),
        TimeSpans.delay(delay, watermark.interval().getText()),
        plan);
  }

  private LogicalPlan range(TableFunctionContext context) {
    String name = Names.joined(context.qualifiedName());
    if (!name.equalsIgnoreCase("range")) {
      throw SyntaxErrors.at(
          context,
          "UNRESOLVABLE_TABLE_VALUED_FUNCTION",
          "table function must be known: name=" + name + "; known=range");
    }
    List<Long> bounds = new ArrayList<>();
    for (Expression argument : queries.list(context.expression())) {
      if (argument instanceof Literal(Number number, DataType type) && type.isIntegral()) {
        bounds.add(number.longValue());
      }
    }
    int count = context.expression().size();
    boolean zeroStep = bounds.size() > 2 && bounds.get(2) == 0;
    if (bounds.size() != count || count < 1 || count > 3 || zeroStep) {
      throw SyntaxErrors.at(
          context,
          "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
          "range takes whole numbers: (end), (start, end) or (start, end, step), step not zero");
    }
    return new RangeRelation(
        count == 1 ? 0 : bounds.get(0),
        count == 1 ? bounds.get(0) : bounds.get(1),
        count == 3 ? bounds.get(2) : 1,
        Attribute.of("id", AtomicType.LONG, false));
  }

  /**
   * {@code VALUES}: rows of the program if all is constant and each column of one type, else a
   * union of one-row projections, whose types analysis reconciles.
   *
   * @param given names of the columns, or none for {@code col1}, {@code col2}, ...
   */
  LogicalPlan values(ValuesContext context, List<String> given) {
    List<List<Expression>> rows = new ArrayList<>();
    for (ExpressionContext row : context.expression()) {
      rows.add(cells(expressions.expression(row)));
    }
    int width = rows.getFirst().size();
    if (rows.stream().anyMatch(row -> row.size() != width)
        || (!given.isEmpty() && given.size() != width)) {
      throw SyntaxErrors.at(
          context,
          "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
          "rows must have one value a column: columns="
              + (given.isEmpty() ? width : given.size())
              + ", values="
              + rows.stream().map(List::size).toList());
    }
    List<String> names = new ArrayList<>(given);
    for (int i = names.size(); i < width; i++) {
      names.add("col" + (i + 1));
    }
    LocalRelation constant = constant(rows, names);
    return constant == null ? projections(rows, names) : constant;
  }

  private static List<Expression> cells(Expression row) {
    return row
                instanceof
                UnresolvedFunction(
                    String name,
                    List<Expression> cells,
                    boolean distinct,
                    Expression filter)
            && name.equals("struct")
            && !distinct
            && filter == null
        ? cells
        : List.of(row);
  }

  private static @Nullable LocalRelation constant(List<List<Expression>> rows, List<String> names) {
    List<Attribute> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      DataType type = DataTypes.NULL;
      boolean nullable = false;
      for (List<Expression> row : rows) {
        if (!(row.get(i) instanceof Literal cell)) {
          return null;
        }
        nullable |= cell.value() == null;
        if (cell.value() != null && !type.equals(cell.type())) {
          if (!type.equals(DataTypes.NULL)) {
            return null;
          }
          type = cell.type();
        }
      }
      columns.add(Attribute.of(names.get(i), type, nullable));
    }
    List<Row> values = new ArrayList<>();
    for (List<Expression> row : rows) {
      values.add(Row.of(row.stream().map(cell -> ((Literal) cell).value()).toArray()));
    }
    return new LocalRelation(columns, values);
  }

  private static LogicalPlan projections(List<List<Expression>> rows, List<String> names) {
    List<LogicalPlan> inputs = new ArrayList<>();
    for (List<Expression> row : rows) {
      List<Expression> columns = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        columns.add(Alias.of(row.get(i), names.get(i)));
      }
      inputs.add(new Project(columns, oneRow()));
    }
    return inputs.size() == 1 ? inputs.getFirst() : new Union(inputs, List.of(), false, false);
  }

  /** {@code LATERAL VIEW}: a generator beside all columns. */
  LogicalPlan lateralView(LogicalPlan plan, LateralViewContext view) {
    Expression generator = expressions.function(view.functionCall());
    if (view.OUTER() != null
        && generator instanceof UnresolvedFunction call
        && !call.name().endsWith("_outer")) {
      generator = new UnresolvedFunction(call.name() + "_outer", call.arguments(), false, null);
    }
    Expression generated = new NamedColumns(generator, Names.all(view.columns));
    return new Project(List.of(new UnresolvedStar(List.of()), generated), plan);
  }
}
