package io.arrowmill.operator;

import io.arrowmill.operator.PhysicalPlan.AggregatePlan;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan.Eviction;
import io.arrowmill.operator.PhysicalPlan.ExpandWindowsPlan;
import io.arrowmill.operator.PhysicalPlan.FilterProjectPlan;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.TimeWindow;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Overlapping windows cut into panes: stretches of time so short that all times of one fall into
 * the same windows. An aggregation adds each row to the group of its pane. Panes are what it keeps;
 * windows are made of them when they are given.
 *
 * <pre>
 *   windows of length 3 slides   |-----------|
 *                                    |-----------|
 *                                        |-----------|
 *   panes                        |---|---|---|---|---|
 * </pre>
 *
 * <p>A pane has the length of the greatest common divisor of length and slide. It is named by its
 * start.
 *
 * @param window the windows, which overlap
 * @param paneMicros length of a pane
 */
public record WindowPanes(TimeWindow window, long paneMicros) {
  /** Where a slide has more panes than this, too little is gained. */
  private static final long PANES_A_SLIDE_MAX = 4;

  /** Aggregates that give the same in whatever order values come. */
  private static final Set<String> UNORDERED =
      Set.of("count", "sum", "avg", "min", "max", "stddev", "variance");

  /** The same aggregation over panes; itself where it does not have overlapping windows. */
  static AggregatePlan over(AggregatePlan plan) {
    FilterProjectPlan project = plan.input() instanceof FilterProjectPlan below ? below : null;
    PhysicalPlan input = project == null ? plan.input() : project.input();
    if (!(input instanceof ExpandWindowsPlan expand)
        || expand.column().type() instanceof StructType
        || !plan.calls().stream().map(AggregateCall::name).allMatch(UNORDERED::contains)) {
      return plan;
    }
    TimeWindow window = expand.window();
    long length = commonDivisor(window.lengthMicros(), window.slideMicros());
    if (window.slideMicros() >= window.lengthMicros()
        || window.slideMicros() / length > PANES_A_SLIDE_MAX) {
      return plan;
    }
    List<Expression> columns =
        new ArrayList<>(project == null ? List.copyOf(expand.output()) : project.columns());
    List<Attribute> output = project == null ? expand.output() : project.output();
    int pane = -1;
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i) instanceof Attribute column && column.id() == expand.column().id()) {
        pane = i;
      } else if (readsWindow(columns.get(i), expand)) {
        return plan;
      }
    }
    int key = pane < 0 ? -1 : indexOf(plan.keys(), output.get(pane));
    Eviction eviction = plan.eviction();
    if (key < 0
        || (eviction != null && eviction.key() != key)
        || (project != null && project.filter() != null)
        || plan.calls().stream().anyMatch(call -> readsWindow(call, expand))) {
      return plan;
    }
    long offset = Math.floorMod(window.startMicros(), length);
    TimeWindow panes = new TimeWindow(window.time(), length, length, offset);
    Attribute name = output.get(pane);
    columns.set(pane, new Alias(new GetField(panes, 0), name.name(), name.id()));
    Call present = new Call("isnotnull", List.of(window.time()), DataTypes.BOOLEAN, false);
    List<Attribute> keys = keyLast(plan.keys(), key);
    List<Attribute> given = new ArrayList<>(keys);
    given.addAll(plan.output().subList(keys.size(), plan.output().size()));
    return new AggregatePlan(
        plan.operatorId(),
        keys,
        plan.calls(),
        eviction == null ? null : new Eviction(keys.size() - 1, eviction.lengthMicros()),
        new WindowPanes(window, length),
        given,
        new FilterProjectPlan(present, columns, output, expand.input()));
  }

  private static boolean readsWindow(Expression value, ExpandWindowsPlan expand) {
    return PlanExpressions.contains(
        value, node -> node instanceof Attribute column && column.id() == expand.column().id());
  }

  private static int indexOf(List<Attribute> columns, Attribute wanted) {
    return columns.stream().map(Attribute::id).toList().indexOf(wanted.id());
  }

  private static List<Attribute> keyLast(List<Attribute> keys, int key) {
    List<Attribute> reordered = new ArrayList<>(keys);
    reordered.add(reordered.remove(key));
    return reordered;
  }

  private static long commonDivisor(long a, long b) {
    return b == 0 ? a : commonDivisor(b, a % b);
  }

  /** The start of the first window that holds a pane. */
  long oldestStart(long pane) {
    return newestStart(pane - window.lengthMicros()) + window.slideMicros();
  }

  /** The start of the last window that holds a pane, or would hold it if it were longer. */
  long newestStart(long pane) {
    // Panes as long as a slide are where windows start: no division.
    return paneMicros == window.slideMicros() ? pane : newestUntil(pane);
  }

  /** The start of the last window up to a time. */
  private long newestUntil(long time) {
    return time - Math.floorMod(time - window.startMicros(), window.slideMicros());
  }

  /** The start of the last window that has ended by {@code bound}. */
  long newestEnded(long bound) {
    return newestUntil(bound - window.lengthMicros());
  }

  /** The last time that a window holds which has ended by {@code bound}. */
  long lateUntil(long bound) {
    return newestEnded(bound) + window.lengthMicros() - 1;
  }

  String describe() {
    return "panesMicros="
        + paneMicros
        + " lengthMicros="
        + window.lengthMicros()
        + " slideMicros="
        + window.slideMicros();
  }
}
