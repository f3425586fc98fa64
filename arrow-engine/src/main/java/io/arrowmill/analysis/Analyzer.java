package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.GeneratorCall;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.Expression.UnresolvedAttribute;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.Deduplicate;
import io.arrowmill.plan.LogicalPlan.Distinct;
import io.arrowmill.plan.LogicalPlan.DropColumns;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Generate;
import io.arrowmill.plan.LogicalPlan.GroupedBySets;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.Observe;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.Sort;
import io.arrowmill.plan.LogicalPlan.SubqueryAlias;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.plan.LogicalPlan.UnresolvedRelation;
import io.arrowmill.plan.LogicalPlan.WithColumns;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructField;
import java.util.ArrayList;
import java.util.List;

/** Resolves plans. Immutable and thread-safe if the lookup is. */
public final class Analyzer {
  private final RelationLookup relations;
  private final AnalysisConf conf;

  /** An analyzer that finds tables and views through {@code relations}. */
  public Analyzer(RelationLookup relations, AnalysisConf conf) {
    this.relations = relations;
    this.conf = conf;
  }

  /**
   * The plan with every name, call and type resolved, in the form that the package describes. What
   * is resolved already is left alone.
   *
   * @throws io.arrowmill.AnalysisException if the plan means nothing or breaks a rule
   */
  public LogicalPlan analyze(LogicalPlan plan) {
    return plan.transformUp(this::node);
  }

  /**
   * An expression over the columns of an analyzed plan, resolved. Neither stars nor aggregates are
   * expanded.
   *
   * @throws io.arrowmill.AnalysisException if the expression means nothing there
   */
  public Expression resolve(Expression expression, LogicalPlan input) {
    return names(input).resolve(expression);
  }

  private LogicalPlan node(LogicalPlan plan) {
    return switch (plan) {
      case UnresolvedRelation relation -> relation(relation);
      case Project project -> project(project);
      case WithColumns with -> project(Projections.withColumns(with, conf));
      case DropColumns drop -> drop(drop);
      case Filter filter -> filter(filter);
      case Aggregate aggregate -> aggregate(aggregate);
      case GroupedBySets sets -> groupedBySets(sets);
      case Sort sort -> sort(sort);
      case Deduplicate dedup -> deduplicate(dedup);
      case Distinct distinct when !distinct.isStreaming() ->
          new Deduplicate(List.of(), false, distinct.child());
      case EventTimeWatermark watermark -> watermark(watermark);
      case Observe observe -> ObservedMetrics.resolve(observe, names(observe.child()));
      case Generate generate -> generate(generate);
      case Join join -> Joins.resolve(join, conf);
      case Union union -> Unions.resolve(union, conf);
      default -> plan;
    };
  }

  private NameBinder names(LogicalPlan input) {
    return new NameBinder(Scope.of(List.of(input), conf));
  }

  private LogicalPlan relation(UnresolvedRelation relation) {
    LogicalPlan found = relations.relation(relation.name(), relation.streaming());
    if (found == null) {
      throw Errors.of(
          "TABLE_OR_VIEW_NOT_FOUND",
          "table or view must exist: name="
              + relation.name()
              + ", closest="
              + Errors.closest(relation.name(), relations.names())
              + "; create it, or use one of the closest names");
    }
    return new SubqueryAlias(relation.name(), analyze(found));
  }

  private LogicalPlan project(Project project) {
    if (isResolved(project)) {
      return project;
    }
    List<Expression> columns = names(project.child()).columns(project.columns());
    GroupingSets.requireNone(columns);
    return Projections.of(columns, project.child());
  }

  @SuppressWarnings("ReferenceEquality") // an unchanged expression is passed on as it is
  private static boolean isResolved(Project project) {
    for (Expression column : project.columns()) {
      boolean named = column instanceof Attribute || column instanceof Alias;
      if (!named
          || !column.resolved()
          || ExpressionResolver.resolve(column) != column
          || PlanExpressions.contains(column, AggregateCall.class::isInstance)
          || PlanExpressions.contains(column, GeneratorCall.class::isInstance)
          || OverCalls.isIn(column)) {
        return false;
      }
    }
    return true;
  }

  private LogicalPlan drop(DropColumns drop) {
    List<Expression> kept = new ArrayList<>();
    for (Attribute column : drop.child().output()) {
      if (drop.names().stream().noneMatch(name -> conf.sameName(name, column.name()))) {
        kept.add(column);
      }
    }
    return kept.size() == drop.child().output().size()
        ? drop.child()
        : new Project(kept, drop.child());
  }

  private LogicalPlan filter(Filter filter) {
    OverCalls.requireNoneIn("WHERE", filter.condition());
    Generators.requireNone("WHERE", filter.condition());
    LogicalPlan child = filter.child();
    Expression condition = filter.condition();
    if (condition.resolved()) {
      condition = ExpressionResolver.resolve(condition);
    } else {
      Widening widened = Widening.of(child, List.of(condition), conf);
      child = widened.plan();
      condition = widened.expressions().getFirst();
    }
    if (PlanExpressions.contains(condition, AggregateCall.class::isInstance)) {
      throw Errors.of(
          "INVALID_WHERE_CONDITION",
          "a condition on rows must not hold aggregate functions: expression="
              + condition.sql()
              + "; aggregate first, then filter (HAVING)");
    }
    if (!condition.type().isOneOf(DataTypes.BOOLEAN, DataTypes.NULL)) {
      throw Errors.conditionNotBoolean("Filter", condition);
    }
    Expression test = Casts.cast(condition, DataTypes.BOOLEAN);
    Filter resolved = new Filter(test, child);
    return resolved.equals(filter) ? filter : Widening.restore(resolved, filter.child());
  }

  private LogicalPlan sort(Sort sort) {
    sort.orders().forEach(order -> OverCalls.requireNone("Sort", order));
    sort.orders().forEach(order -> Generators.requireNone("ORDER BY", order));
    if (sort.orders().stream().allMatch(Expression::resolved)
        && sort.orders().stream().noneMatch(order -> order.child() instanceof Literal)) {
      return sort;
    }
    List<Attribute> columns = sort.child().output();
    List<Expression> orders = new ArrayList<>();
    for (SortOrder order : sort.orders()) {
      orders.add(
          order.child() instanceof Literal literal && literal.value() instanceof Integer position
              ? order.withChildren(List.of(ordinal("ORDER_BY", position, columns)))
              : order);
    }
    Widening widened = Widening.of(sort.child(), orders, conf);
    List<SortOrder> resolved = new ArrayList<>();
    for (Expression order : widened.expressions()) {
      resolved.add((SortOrder) order);
    }
    return Widening.restore(new Sort(resolved, widened.plan()), sort.child());
  }

  private static Expression ordinal(String clause, int position, List<? extends Expression> all) {
    if (position < 1 || position > all.size()) {
      throw Errors.of(
          clause + "_POS_OUT_OF_RANGE",
          "position must be that of a selected column: position="
              + position
              + ", columns="
              + all.size());
    }
    return all.get(position - 1);
  }

  private LogicalPlan aggregate(Aggregate aggregate) {
    if (isResolved(aggregate)) {
      return aggregate;
    }
    NameBinder names = names(aggregate.child());
    List<Expression> results = names.columns(aggregate.results());
    List<Expression> groupings = new ArrayList<>();
    for (Expression grouping : aggregate.groupings()) {
      groupings.add(grouping(grouping, names, results, aggregate.child()));
    }
    GroupingSets.requireNone(results);
    return AggregateBuilder.build(groupings, results, aggregate.child());
  }

  private LogicalPlan groupedBySets(GroupedBySets by) {
    NameBinder names = names(by.child());
    List<Expression> results = names.columns(by.results());
    List<Expression> keys = new ArrayList<>();
    for (Expression key : by.keys()) {
      keys.add(withoutAlias(grouping(key, names, results, by.child())));
    }
    return GroupingSets.build(keys, by.sets(), results, by.child());
  }

  /** A grouping may be a position or the alias of a result. */
  private Expression grouping(
      Expression grouping, NameBinder names, List<Expression> results, LogicalPlan child) {
    if (grouping instanceof Literal literal && literal.value() instanceof Integer position) {
      return withoutAlias(ordinal("GROUP_BY", position, results));
    }
    if (grouping instanceof UnresolvedAttribute name
        && name.parts().size() == 1
        && Scope.of(List.of(child), conf).resolve(name.parts()) == null) {
      for (Expression result : results) {
        if (result instanceof Alias alias && conf.sameName(alias.name(), name.parts().getFirst())) {
          return alias.child();
        }
      }
    }
    return names.resolve(grouping);
  }

  private static Expression withoutAlias(Expression expression) {
    return expression instanceof Alias alias ? alias.child() : expression;
  }

  private static boolean isResolved(Aggregate aggregate) {
    boolean keysPlain = aggregate.groupings().stream().allMatch(Attribute.class::isInstance);
    return keysPlain
        && aggregate.results().stream()
            .allMatch(result ->
                result instanceof Attribute
                    || (result instanceof Alias alias
                        && alias.resolved()
                        && alias.child() instanceof AggregateCall call
                        && call.children().stream()
                            .allMatch(
                                part -> part instanceof Attribute || part instanceof Literal)));
  }

  private LogicalPlan deduplicate(Deduplicate dedup) {
    if (dedup.keys().stream().allMatch(Expression::resolved)) {
      return dedup;
    }
    NameBinder names = names(dedup.child());
    return new Deduplicate(
        dedup.keys().stream().map(names::resolve).toList(), dedup.withinWatermark(), dedup.child());
  }

  private LogicalPlan watermark(EventTimeWatermark watermark) {
    Expression column = names(watermark.child()).resolve(watermark.column());
    LogicalPlan child = watermark.child();
    if (column instanceof Alias alias) {
      List<Expression> columns = new ArrayList<>(child.output());
      columns.add(alias);
      child = new Project(columns, child);
      column = LogicalPlan.attributeOf(alias);
    }
    if (!(column instanceof Attribute attribute)) {
      throw Errors.of(
          "EVENT_TIME_MUST_BE_TOP_LEVEL_COLUMN",
          "event time must be a column, not part of one: expression="
              + column.sql()
              + "; select it as a column first");
    }
    if (!Types.isTimestamp(attribute.type())) {
      throw Errors.of(
          "EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE",
          "event time must be TIMESTAMP: column="
              + attribute.name()
              + ", type="
              + attribute.type().sql()
              + "; cast it");
    }
    if (watermark.delayMicros() < 0) {
      throw Errors.of(
          "INVALID_WATERMARK_DELAY",
          "watermark delay must not be negative: delayMicros=" + watermark.delayMicros());
    }
    EventTimeWatermark resolved =
        new EventTimeWatermark(watermark.nodeId(), attribute, watermark.delayMicros(), child);
    return resolved.equals(watermark) ? watermark : resolved;
  }

  private LogicalPlan generate(Generate generate) {
    if (generate.generator().resolved() && !generate.generated().isEmpty()) {
      return generate;
    }
    GeneratorCall call = (GeneratorCall) names(generate.child()).resolve(generate.generator());
    Expression argument = Param.ARRAY_OR_MAP.coerce(call.name(), 1, call.argument());
    GeneratorCall resolved = new GeneratorCall(call.name(), argument, call.outer());
    List<Attribute> generated = new ArrayList<>();
    for (StructField field : resolved.elementSchema().fields()) {
      generated.add(Attribute.of(field.name(), field.type(), field.nullable()));
    }
    return new Generate(resolved, generated, generate.child());
  }
}
