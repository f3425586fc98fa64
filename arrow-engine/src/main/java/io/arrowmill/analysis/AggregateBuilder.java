package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.TimeWindow;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings an aggregate into the form of analyzed plans: a projection below for keys and arguments,
 * plain keys and calls, a projection above for the rest. Used once.
 */
final class AggregateBuilder {
  private final LogicalPlan child;
  private final List<Alias> computed = new ArrayList<>();
  private final List<Attribute> keys = new ArrayList<>();
  private final Map<Expression, Attribute> keyOf = new HashMap<>();
  private final List<Alias> calls = new ArrayList<>();
  private final Map<Expression, Attribute> callOf = new HashMap<>();

  private AggregateBuilder(LogicalPlan child) {
    this.child = child;
  }

  /** An aggregate over resolved groupings and resolved, named results. */
  static LogicalPlan build(
      List<Expression> groupings, List<Expression> results, LogicalPlan child) {
    List<Expression> all = new ArrayList<>(groupings);
    all.addAll(results);
    List<TimeWindow> windows = TimeWindows.among(all);
    if (!windows.isEmpty()) {
      TimeWindow window = windows.getFirst();
      TimeWindows.Expanded expanded = TimeWindows.expand(window, child);
      AggregateBuilder builder = new AggregateBuilder(expanded.child());
      for (Expression grouping : groupings) {
        Expression over = TimeWindows.replace(withoutAlias(grouping), window, expanded.struct());
        builder.addKey(over.equals(expanded.struct()) ? expanded.start() : over, results);
      }
      return builder.finish(
          results.stream()
              .map(result -> TimeWindows.replace(result, window, expanded.struct()))
              .toList());
    }
    LogicalPlan input = child;
    for (Expression grouping : groupings) {
      if (withoutAlias(grouping) instanceof Call call && SessionWindows.isSession(call)) {
        input = SessionWindows.withSession(call, input);
      }
    }
    AggregateBuilder builder = new AggregateBuilder(input);
    List<Expression> rebuilt = results;
    for (Expression grouping : groupings) {
      Expression key = withoutAlias(grouping);
      long lengthMicros = key instanceof Attribute column ? windowMicros(column, child) : 0;
      if (lengthMicros > 0 && key instanceof Attribute window) {
        // A window that an earlier selection made: its start says all.
        Attribute start = builder.compute(Alias.of(new GetField(window, 0), "window_start"));
        builder.addKey(start, results);
        Call struct = TimeWindows.struct(start, lengthMicros);
        rebuilt = rebuilt.stream().map(result -> replace(result, window, struct)).toList();
      } else {
        builder.addKey(key, results);
      }
    }
    return builder.finish(rebuilt);
  }

  private static long windowMicros(Attribute column, LogicalPlan child) {
    return column.isEventTime() && column.type() instanceof StructType
        ? EventTime.lengthMicros(column.id(), child)
        : 0;
  }

  private static Expression replace(Expression result, Attribute window, Call struct) {
    if (result instanceof Attribute attribute && attribute.id() == window.id()) {
      return new Alias(struct, attribute.name(), attribute.id());
    }
    return result.transformUp(node ->
        node instanceof Attribute attribute && attribute.id() == window.id() ? struct : node);
  }

  /** A builder that continues an aggregate already in form. */
  static AggregateBuilder reopen(Aggregate aggregate) {
    AggregateBuilder builder = new AggregateBuilder(aggregate.child());
    for (Expression grouping : aggregate.groupings()) {
      builder.addKey(grouping, List.of());
    }
    for (Expression result : aggregate.results()) {
      if (result instanceof Alias alias) {
        builder.calls.add(alias);
        builder.callOf.put(Canonical.of(alias), LogicalPlan.attributeOf(alias));
      }
    }
    return builder;
  }

  private static Expression withoutAlias(Expression expression) {
    return expression instanceof Alias alias ? alias.child() : expression;
  }

  private void addKey(Expression grouping, List<Expression> results) {
    if (PlanExpressions.contains(grouping, AggregateCall.class::isInstance)) {
      throw Errors.of(
          "GROUP_BY_AGGREGATE",
          "groupings must not hold aggregate functions: expression="
              + grouping.sql()
              + "; aggregate in a subquery first");
    }
    Projections.requireNoGenerator(grouping);
    OverCalls.requireNone("Aggregate", grouping);
    if (!Types.isOrderable(grouping.type())) {
      throw Errors.of(
          "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
          "groupings must be of types that can be compared: expression="
              + grouping.sql()
              + ", type="
              + grouping.type().sql()
              + "; group by map_entries(...) or another value made of it");
    }
    Expression canonical = Canonical.of(grouping);
    if (keyOf.containsKey(canonical)) {
      return;
    }
    Attribute key =
        grouping instanceof Attribute attribute ? attribute : computeKey(grouping, results);
    keys.add(key);
    keyOf.put(canonical, key);
  }

  /** Computes a key below, under the name and id of the result that shows it. */
  private Attribute computeKey(Expression grouping, List<Expression> results) {
    Expression canonical = Canonical.of(grouping);
    Alias shown = null;
    for (Expression result : results) {
      if (shown == null && result instanceof Alias alias && Canonical.of(alias).equals(canonical)) {
        shown = alias;
      }
    }
    return compute(shown == null ? Alias.of(grouping, grouping.sql()) : shown);
  }

  private Attribute compute(Alias alias) {
    computed.add(alias);
    return LogicalPlan.attributeOf(alias);
  }

  private LogicalPlan finish(List<Expression> results) {
    List<Expression> outputs = new ArrayList<>();
    for (Expression result : results) {
      outputs.add(output(result));
    }
    List<Expression> direct = direct(outputs);
    if (direct != null) {
      return new Aggregate(List.copyOf(keys), direct, input());
    }
    return Projections.of(outputs, aggregate()); // a generator may stand beside the aggregates
  }

  /** The aggregate with all its keys and calls as results. */
  Aggregate aggregate() {
    List<Expression> results = new ArrayList<>(keys);
    results.addAll(calls);
    return new Aggregate(List.copyOf(keys), results, input());
  }

  private LogicalPlan input() {
    if (computed.isEmpty()) {
      return child;
    }
    List<Expression> columns = new ArrayList<>(child.output());
    columns.addAll(computed);
    return new Project(columns, child);
  }

  /** One result over the aggregate's keys and calls. */
  private Expression output(Expression result) {
    if (!(result instanceof Alias alias)) {
      return rewrite(result);
    }
    for (Attribute key : keys) {
      if (key.id() == alias.id()) {
        return key;
      }
    }
    if (alias.child() instanceof AggregateCall call && !callOf.containsKey(Canonical.of(call))) {
      return add(call, alias.name(), alias.id());
    }
    return new Alias(rewrite(alias.child()), alias.name(), alias.id());
  }

  /**
   * The outputs as results of the aggregate itself, or null if one is more than a key or a call.
   */
  private @Nullable List<Expression> direct(List<Expression> outputs) {
    List<Expression> direct = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    for (Expression output : outputs) {
      if (!(output instanceof Attribute attribute) || !seen.add(attribute.id())) {
        return null;
      }
      Expression found = attribute;
      for (Alias call : calls) {
        if (call.id() == attribute.id()) {
          found = call;
        }
      }
      direct.add(found);
    }
    return direct;
  }

  /** The expression over the keys and calls, with calls added as needed. */
  Expression rewrite(Expression expression) {
    return rewrite(expression, Set.of());
  }

  /** As {@link #rewrite(Expression)}, with columns of these ids left as they are. */
  Expression rewrite(Expression expression, Set<Long> visible) {
    Attribute key = keyOf.get(Canonical.of(expression));
    if (key != null) {
      return expression instanceof Attribute named ? rename(key, named.name()) : key;
    }
    if (expression instanceof AggregateCall call) {
      Attribute known = callOf.get(Canonical.of(call));
      return known == null ? add(call, call.sql(), Expression.newId()) : known;
    }
    if (expression instanceof Attribute attribute) {
      if (visible.contains(attribute.id())) {
        return attribute;
      }
      throw Errors.of(
          "MISSING_AGGREGATION",
          "column must be grouped by or inside an aggregate function: column="
              + attribute.name()
              + ", groupings="
              + Errors.texts(keys)
              + "; add it to GROUP BY, or wrap it, as in any_value("
              + attribute.name()
              + ")");
    }
    List<Expression> children = new ArrayList<>();
    for (Expression part : expression.children()) {
      children.add(rewrite(part, visible));
    }
    return children.isEmpty() ? expression : expression.withChildren(children);
  }

  private static Attribute rename(Attribute column, String name) {
    return new Attribute(
        column.id(), name, column.type(), column.nullable(), column.eventTimeDelayMicros());
  }

  private Attribute add(AggregateCall call, String name, long id) {
    Projections.requireNoGenerator(call);
    List<Expression> plain = new ArrayList<>();
    for (Expression part : call.children()) {
      plain.add(plain(part));
    }
    Alias alias = new Alias(call.withChildren(plain), name, id);
    calls.add(alias);
    Attribute column = LogicalPlan.attributeOf(alias);
    callOf.put(Canonical.of(call), column);
    return column;
  }

  private Expression plain(Expression argument) {
    if (argument instanceof Attribute || argument instanceof Literal) {
      return argument;
    }
    Expression canonical = Canonical.of(argument);
    for (Alias known : computed) {
      if (Canonical.of(known).equals(canonical)) {
        return LogicalPlan.attributeOf(known);
      }
    }
    return compute(Alias.of(argument, argument.sql()));
  }
}
