package io.arrowmill.plan;

import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.GeneratorCall;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.Expression.TimeWindow;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.BatchRelation;
import io.arrowmill.plan.LogicalPlan.Deduplicate;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.ExpandWindows;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Generate;
import io.arrowmill.plan.LogicalPlan.GroupsWithState;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.KeyedRows;
import io.arrowmill.plan.LogicalPlan.LocalRelation;
import io.arrowmill.plan.LogicalPlan.Observe;
import io.arrowmill.plan.LogicalPlan.OverWindow;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.RangeRelation;
import io.arrowmill.plan.LogicalPlan.Sort;
import io.arrowmill.plan.LogicalPlan.StreamRelation;
import io.arrowmill.plan.LogicalPlan.TypedRows;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.plan.LogicalPlan.WithColumns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads and rewrites the expressions that plan nodes hold. */
public final class PlanExpressions {
  private PlanExpressions() {}

  /** The expressions that the node itself evaluates, without those of its inputs. */
  public static List<Expression> of(LogicalPlan plan) {
    return switch (plan) {
      case Project project -> project.columns();
      case WithColumns with -> List.copyOf(with.columns());
      case Filter filter -> List.of(filter.condition());
      case Aggregate aggregate -> {
        List<Expression> all = new ArrayList<>(aggregate.groupings());
        all.addAll(aggregate.results());
        yield all;
      }
      case OverWindow over -> List.copyOf(over.calls());
      case Sort sort -> List.copyOf(sort.orders());
      case Deduplicate dedup -> dedup.keys();
      case EventTimeWatermark watermark -> List.of(watermark.column());
      case Observe observe -> observe.metrics();
      case Generate generate -> List.of(generate.generator());
      case ExpandWindows expand -> List.of(expand.window());
      case TypedRows typed -> List.copyOf(typed.reads());
      case GroupsWithState groups -> {
        List<Expression> all = new ArrayList<>(groups.keys());
        all.addAll(groups.reads());
        KeyedRows initial = groups.initial();
        if (initial != null) {
          all.addAll(initial.keys());
          all.addAll(initial.reads());
        }
        yield all;
      }
      case Join join -> {
        Expression condition = join.condition();
        yield condition == null ? List.of() : List.of(condition);
      }
      default -> List.of();
    };
  }

  /**
   * The node with each of its own expressions replaced by what the rule gives for it. The rule must
   * keep the kind of sort keys, generators, windows and columns that functions read.
   */
  public static LogicalPlan map(LogicalPlan plan, UnaryOperator<Expression> rule) {
    return switch (plan) {
      case Project project -> new Project(all(project.columns(), rule), project.child());
      case WithColumns with ->
          new WithColumns(
              with.columns().stream().map(column -> (Alias) rule.apply(column)).toList(),
              with.child());
      case Filter filter -> new Filter(rule.apply(filter.condition()), filter.child());
      case Aggregate aggregate ->
          new Aggregate(
              all(aggregate.groupings(), rule), all(aggregate.results(), rule), aggregate.child());
      case OverWindow over ->
          new OverWindow(
              over.calls().stream().map(call -> (Alias) rule.apply(call)).toList(), over.child());
      case Sort sort ->
          new Sort(
              sort.orders().stream().map(order -> (SortOrder) rule.apply(order)).toList(),
              sort.child());
      case Deduplicate dedup ->
          new Deduplicate(all(dedup.keys(), rule), dedup.withinWatermark(), dedup.child());
      case EventTimeWatermark watermark ->
          new EventTimeWatermark(
              watermark.nodeId(),
              rule.apply(watermark.column()),
              watermark.delayMicros(),
              watermark.child());
      case Observe observe ->
          new Observe(
              observe.nodeId(), observe.name(), all(observe.metrics(), rule), observe.child());
      case Generate generate ->
          new Generate(
              (GeneratorCall) rule.apply(generate.generator()),
              generate.generated(),
              generate.child());
      case ExpandWindows expand ->
          new ExpandWindows(
              (TimeWindow) rule.apply(expand.window()), expand.column(), expand.child());
      case TypedRows typed ->
          new TypedRows(
              typed.function(), columns(typed.reads(), rule), typed.generated(), typed.child());
      case GroupsWithState groups ->
          new GroupsWithState(
              groups.function(),
              columns(groups.keys(), rule),
              columns(groups.reads(), rule),
              groups.generated(),
              groups.mode(),
              groups.child(),
              map(groups.initial(), rule));
      case Join join -> {
        Expression condition = join.condition();
        yield condition == null
            ? join
            : new Join(join.left(), join.right(), join.type(), rule.apply(condition), join.using());
      }
      default -> plan;
    };
  }

  private static @Nullable KeyedRows map(@Nullable KeyedRows rows, UnaryOperator<Expression> rule) {
    return rows == null
        ? null
        : new KeyedRows(columns(rows.keys(), rule), columns(rows.reads(), rule), rows.plan());
  }

  private static List<Attribute> columns(List<Attribute> columns, UnaryOperator<Expression> rule) {
    return columns.stream().map(column -> (Attribute) rule.apply(column)).toList();
  }

  private static List<Expression> all(
      List<Expression> expressions, UnaryOperator<Expression> rule) {
    return expressions.stream().map(rule).toList();
  }

  /** Whether the expression or any part of it satisfies the test. */
  public static boolean contains(Expression expression, Predicate<Expression> test) {
    if (test.test(expression)) {
      return true;
    }
    for (Expression child : expression.children()) {
      if (contains(child, test)) {
        return true;
      }
    }
    return false;
  }

  /** The ids of the columns that the expressions read. */
  public static Set<Long> references(Iterable<? extends Expression> expressions) {
    Set<Long> ids = new HashSet<>();
    for (Expression expression : expressions) {
      addReferences(expression, ids);
    }
    return ids;
  }

  /** The ids of the columns that the expression reads. */
  public static Set<Long> references(Expression expression) {
    return references(List.of(expression));
  }

  private static void addReferences(Expression expression, Set<Long> ids) {
    if (expression instanceof Attribute attribute) {
      ids.add(attribute.id());
    }
    for (Expression child : expression.children()) {
      addReferences(child, ids);
    }
  }

  /** The ids of the columns that the plan gives. */
  public static Set<Long> outputIds(LogicalPlan plan) {
    Set<Long> ids = new HashSet<>();
    for (Attribute column : plan.output()) {
      ids.add(column.id());
    }
    return ids;
  }

  /**
   * The whole plan with column ids replaced, where they are made as well as where they are read.
   */
  public static LogicalPlan renumber(LogicalPlan plan, Map<Long, Long> ids) {
    UnaryOperator<Expression> rule =
        expression ->
            switch (expression) {
              case Attribute attribute -> renumber(attribute, ids);
              case Alias alias ->
                  new Alias(alias.child(), alias.name(), ids.getOrDefault(alias.id(), alias.id()));
              default -> expression;
            };
    return plan.transformUp(node ->
        switch (node) {
          case StreamRelation relation ->
              new StreamRelation(
                  relation.id(), relation.source(), renumber(relation.output(), ids));
          case BatchRelation relation ->
              new BatchRelation(relation.source(), renumber(relation.output(), ids));
          case LocalRelation relation ->
              new LocalRelation(renumber(relation.output(), ids), relation.rows());
          case RangeRelation range ->
              new RangeRelation(
                  range.start(), range.end(), range.step(), renumber(range.id(), ids));
          case Union union ->
              new Union(
                  union.children(),
                  renumber(union.output(), ids),
                  union.byName(),
                  union.allowMissing());
          case Generate generate ->
              new Generate(
                  (GeneratorCall) generate.generator().transformUp(rule),
                  renumber(generate.generated(), ids),
                  generate.child());
          case ExpandWindows expand ->
              new ExpandWindows(
                  (TimeWindow) expand.window().transformUp(rule),
                  renumber(expand.column(), ids),
                  expand.child());
          case TypedRows typed ->
              new TypedRows(
                  typed.function(),
                  renumber(typed.reads(), ids),
                  renumber(typed.generated(), ids),
                  typed.child());
          case GroupsWithState groups
              when map(groups, e -> e.transformUp(rule)) instanceof GroupsWithState mapped ->
              new GroupsWithState(
                  mapped.function(),
                  mapped.keys(),
                  mapped.reads(),
                  renumber(mapped.generated(), ids),
                  mapped.mode(),
                  mapped.child(),
                  mapped.initial());
          default -> map(node, expression -> expression.transformUp(rule));
        });
  }

  private static List<Attribute> renumber(List<Attribute> columns, Map<Long, Long> ids) {
    return columns.stream().map(column -> renumber(column, ids)).toList();
  }

  private static Attribute renumber(Attribute column, Map<Long, Long> ids) {
    Long id = ids.get(column.id());
    return id == null
        ? column
        : new Attribute(
            id, column.name(), column.type(), column.nullable(), column.eventTimeDelayMicros());
  }
}
