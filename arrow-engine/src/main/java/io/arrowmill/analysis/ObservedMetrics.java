package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Observe;
import io.arrowmill.plan.LogicalPlan.ObservedRows;
import io.arrowmill.plan.PlanExpressions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Metrics that are computed of rows on their way: aggregates over all of a batch's rows. */
public final class ObservedMetrics {
  private ObservedMetrics() {}

  static Observe resolve(Observe observe, NameBinder names) {
    if (observe.metrics().stream().allMatch(Expression::resolved)) {
      return observe;
    }
    if (observe.name().isEmpty()) {
      throw Errors.of(
          "INVALID_OBSERVED_METRICS.MISSING_NAME", "observed metrics must have a name; give one");
    }
    List<Expression> metrics = names.columns(observe.metrics());
    metrics.forEach(metric -> check(metric, metric, false));
    return new Observe(observe.nodeId(), observe.name(), metrics, observe.child());
  }

  private static void check(Expression metric, Expression part, boolean inAggregate) {
    if (part instanceof Attribute && !inAggregate) {
      throw invalid(
          "NON_AGGREGATE_FUNC_ARG_IS_ATTRIBUTE",
          "a column must be inside an aggregate function",
          metric,
          part);
    }
    boolean aggregates = part instanceof AggregateCall;
    if (part instanceof AggregateCall call) {
      if (call.distinct()) {
        throw invalid(
            "AGGREGATE_EXPRESSION_WITH_DISTINCT_UNSUPPORTED",
            "an aggregate must take all values, not DISTINCT ones",
            metric,
            part);
      }
      if (call.filter() != null) {
        throw invalid(
            "AGGREGATE_EXPRESSION_WITH_FILTER_UNSUPPORTED",
            "an aggregate must not have a FILTER; use count_if or when(...)",
            metric,
            part);
      }
    }
    part.children().forEach(child -> check(metric, child, inAggregate || aggregates));
  }

  private static RuntimeException invalid(
      String condition, String rule, Expression metric, Expression part) {
    return Errors.of(
        "INVALID_OBSERVED_METRICS." + condition,
        rule + ": metric=" + metric.sql() + ", expression=" + part.sql());
  }

  /** Rejects two metrics of one name, but for those of a table that is read twice. */
  static void checkNames(LogicalPlan plan) {
    checkNames(plan, new HashMap<>());
  }

  private static void checkNames(LogicalPlan plan, Map<String, Long> seen) {
    if (plan instanceof Observe observe) {
      Long known = seen.putIfAbsent(observe.name(), observe.nodeId());
      if (known != null && known != observe.nodeId()) {
        throw Errors.of(
            "DUPLICATED_METRICS_NAME",
            "observed metrics must have a name of their own: name="
                + observe.name()
                + "; rename one");
      }
    }
    plan.children().forEach(child -> checkNames(child, seen));
  }

  /** The columns that metrics read; one if they read none, for there are still rows to count. */
  public static ObservedRows rows(Observe observe) {
    Set<Long> read = PlanExpressions.references(observe.metrics());
    List<Attribute> columns = observe.child().output();
    List<Attribute> wanted = columns.stream().filter(c -> read.contains(c.id())).toList();
    return new ObservedRows(
        wanted.isEmpty() ? columns.subList(0, Math.min(1, columns.size())) : wanted);
  }

  /** The plan of the metrics: one row of them. */
  public static LogicalPlan plan(Observe observe, ObservedRows rows) {
    return AggregateBuilder.build(List.of(), observe.metrics(), rows);
  }
}
