package io.arrowmill.operator;

import io.arrowmill.analysis.EventTime;
import io.arrowmill.analysis.ObservedMetrics;
import io.arrowmill.analysis.SessionWindows;
import io.arrowmill.operator.PhysicalPlan.AggregatePlan;
import io.arrowmill.operator.PhysicalPlan.ExpandWindowsPlan;
import io.arrowmill.operator.PhysicalPlan.FilterProjectPlan;
import io.arrowmill.operator.PhysicalPlan.GeneratePlan;
import io.arrowmill.operator.PhysicalPlan.LimitPlan;
import io.arrowmill.operator.PhysicalPlan.LocalPlan;
import io.arrowmill.operator.PhysicalPlan.RangePlan;
import io.arrowmill.operator.PhysicalPlan.ScanPlan;
import io.arrowmill.operator.PhysicalPlan.SortPlan;
import io.arrowmill.operator.PhysicalPlan.UnionPlan;
import io.arrowmill.operator.PhysicalPlan.WatermarkPlan;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.Expression.Over;
import io.arrowmill.plan.Expression.SortOrder;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.BatchRelation;
import io.arrowmill.plan.LogicalPlan.Deduplicate;
import io.arrowmill.plan.LogicalPlan.Distinct;
import io.arrowmill.plan.LogicalPlan.DropColumns;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.ExpandWindows;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Generate;
import io.arrowmill.plan.LogicalPlan.GroupedBySets;
import io.arrowmill.plan.LogicalPlan.GroupsWithState;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.KeyedRows;
import io.arrowmill.plan.LogicalPlan.Limit;
import io.arrowmill.plan.LogicalPlan.LocalRelation;
import io.arrowmill.plan.LogicalPlan.Observe;
import io.arrowmill.plan.LogicalPlan.ObservedRows;
import io.arrowmill.plan.LogicalPlan.OverWindow;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.RangeRelation;
import io.arrowmill.plan.LogicalPlan.Sort;
import io.arrowmill.plan.LogicalPlan.StreamRelation;
import io.arrowmill.plan.LogicalPlan.SubqueryAlias;
import io.arrowmill.plan.LogicalPlan.TypedRows;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.plan.LogicalPlan.UnresolvedRelation;
import io.arrowmill.plan.LogicalPlan.WithColumns;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.DataType;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Chooses how to compute an optimized plan. Used once; confined to one thread. */
public final class PhysicalPlanner {
  private final OutputMode mode;
  private int operators;

  /**
   * Positions of watermarks, by node. Copies of one declaration in several branches of a plan share
   * their event times, so that a branch whose rows are all filtered away does not hold the query
   * back.
   */
  private final Map<Long, Integer> watermarks = new HashMap<>();

  /** A planner of a query with the given output mode, which matters to streams only. */
  public PhysicalPlanner(OutputMode mode) {
    this.mode = mode;
  }

  /** The physical plan of an analyzed and optimized plan. */
  public PhysicalPlan plan(LogicalPlan logical) {
    return ColumnNarrowing.narrow(node(logical));
  }

  /** The physical plan of a part of the plan. */
  PhysicalPlan node(LogicalPlan logical) {
    return switch (logical) {
      case StreamRelation stream ->
          new ScanPlan(stream.id(), stream.source(), stream.output(), List.of());
      case BatchRelation batch -> new ScanPlan(null, batch.source(), batch.output(), List.of());
      case LocalRelation local -> new LocalPlan(local.output(), local.rows());
      case RangeRelation range ->
          new RangePlan(range.start(), range.end(), range.step(), range.id());
      case Project project -> project(project);
      case Filter filter ->
          new FilterProjectPlan(
              filter.condition(),
              List.copyOf(filter.output()),
              filter.output(),
              ScanFilters.push(filter.condition(), node(filter.child())));
      case Aggregate aggregate -> aggregate(aggregate);
      case Sort sort -> sort(sort);
      case OverWindow over ->
          new OverPlan(
              over.calls().stream().map(call -> (Over) call.child()).toList(),
              over.calls().stream().map(LogicalPlan::attributeOf).toList(),
              node(over.child()));
      case Limit limit -> limit(limit);
      case Deduplicate deduplicate -> deduplicate(deduplicate);
      case EventTimeWatermark watermark -> watermark(watermark);
      case Generate generate -> generate(generate, ids(generate.child().output()));
      case ExpandWindows expand ->
          new ExpandWindowsPlan(expand.window(), expand.column(), node(expand.child()));
      case GroupsWithState groups -> groupsWithState(groups);
      case TypedRows typed ->
          new TypedRowsPlan(
              typed.function(), typed.reads(), typed.generated(), node(typed.child()));
      case Observe observe -> observe(observe);
      case ObservedRows rows -> new ObservePlan.Rows(rows.output());
      case SubqueryAlias alias -> node(alias.child());
      case Join join -> new JoinPlanner(this).plan(join);
      case Union union ->
          new UnionPlan(union.children().stream().map(this::node).toList(), union.output());
      case UnresolvedRelation ignored -> throw unresolved(logical);
      case WithColumns ignored -> throw unresolved(logical);
      case DropColumns ignored -> throw unresolved(logical);
      case Distinct ignored -> throw unresolved(logical);
      case GroupedBySets ignored -> throw unresolved(logical);
    };
  }

  private static IllegalStateException unresolved(LogicalPlan plan) {
    return new IllegalStateException(
        "plan must be analyzed before it is planned: node=" + plan.getClass().getSimpleName());
  }

  /** Numbers of stateful operators go up from the leaves, in the order of their inputs. */
  int newOperatorId() {
    return operators++;
  }

  private PhysicalPlan project(Project project) {
    Expression filter = null;
    LogicalPlan child = project.child();
    if (child instanceof Filter below) {
      filter = below.condition();
      child = below.child();
    }
    PhysicalPlan input;
    if (child instanceof Generate generate) {
      Set<Long> needed = new HashSet<>();
      project.columns().forEach(column -> addReferences(column, needed));
      addReferences(filter, needed);
      input = generate(generate, needed);
    } else {
      input = ScanFilters.push(filter, node(child));
    }
    return ProjectMerge.merge(
        new FilterProjectPlan(filter, project.columns(), project.output(), input));
  }

  private PhysicalPlan generate(Generate generate, Set<Long> needed) {
    List<Attribute> kept =
        generate.child().output().stream().filter(column -> needed.contains(column.id())).toList();
    return new GeneratePlan(
        generate.generator(), kept, generate.generated(), node(generate.child()));
  }

  private PhysicalPlan observe(Observe observe) {
    PhysicalPlan input = node(observe.child());
    ObservedRows rows = ObservedMetrics.rows(observe);
    PhysicalPlan metrics = node(ObservedMetrics.plan(observe, rows));
    return new ObservePlan(observe.name(), metrics, new ObservePlan.Rows(rows.output()), input);
  }

  private PhysicalPlan watermark(EventTimeWatermark watermark) {
    PhysicalPlan input = node(watermark.child());
    if (!watermark.isStreaming() || !(watermark.column() instanceof Attribute column)) {
      return input;
    }
    int index = watermarks.computeIfAbsent(watermark.nodeId(), ignored -> watermarks.size());
    return new WatermarkPlan(index, column, watermark.delayMicros(), input);
  }

  private PhysicalPlan aggregate(Aggregate aggregate) {
    Attribute session = SessionWindows.key(aggregate);
    if (session != null) {
      return sessions(aggregate, session);
    }
    PhysicalPlan child;
    if (aggregate.child() instanceof Generate generate) {
      Set<Long> needed = new HashSet<>();
      aggregate.groupings().forEach(column -> addReferences(column, needed));
      aggregate.results().forEach(column -> addReferences(column, needed));
      child = generate(generate, needed);
    } else {
      child = node(aggregate.child());
    }
    List<Attribute> keys = keys(aggregate);
    boolean streaming = aggregate.isStreaming();
    AggregatePlan.Eviction eviction = null;
    if (streaming) {
      EventTime.WindowKey window = EventTime.evictionKey(aggregate);
      if (window != null) {
        for (int i = 0; i < keys.size(); i++) {
          if (keys.get(i).id() == window.startKey().id()) {
            eviction = new AggregatePlan.Eviction(i, window.lengthMicros());
          }
        }
      }
    }
    return new AggregateSplit(keys, aggregate.results(), aggregate.output(), ids(aggregate))
        .plan(streaming ? operators++ : StatefulPlan.BOUNDED, eviction, child);
  }

  private IntSupplier ids(LogicalPlan plan) {
    return plan.isStreaming() ? () -> operators++ : () -> StatefulPlan.BOUNDED;
  }

  private static List<Attribute> keys(Aggregate aggregate) {
    List<Attribute> keys = new ArrayList<>();
    for (Expression grouping : aggregate.groupings()) {
      if (!(grouping instanceof Attribute key)) {
        throw new IllegalStateException("grouping must be a column: " + grouping.sql());
      }
      if (keys.stream().noneMatch(known -> known.id() == key.id())) {
        keys.add(key);
      }
    }
    return keys;
  }

  private PhysicalPlan sessions(Aggregate aggregate, Attribute session) {
    DataType time = ((StructType) session.type()).field(0).type();
    Alias start = Alias.of(new GetField(session, 0), session.name() + "_start");
    Alias end = Alias.of(new GetField(session, 1), session.name() + "_end");
    PhysicalPlan child = node(SessionWindows.split(aggregate.child(), session, start, end));
    List<Attribute> keys =
        keys(aggregate).stream().filter(key -> key.id() != session.id()).toList();
    return new AggregateSplit(keys, aggregate.results(), aggregate.output(), ids(aggregate))
        .sessions(
            aggregate.isStreaming() ? operators++ : StatefulPlan.BOUNDED,
            session,
            column(start, time),
            column(end, time),
            aggregate.isStreaming() && session.isEventTime(),
            child);
  }

  private static Attribute column(Alias alias, DataType type) {
    return new Attribute(alias.id(), alias.name(), type, false, Attribute.NO_EVENT_TIME);
  }

  /** Rows of a stream are counted over all batches, but for results that are given whole. */
  private PhysicalPlan limit(Limit limit) {
    PhysicalPlan input = node(limit.child());
    boolean appends =
        limit.child().isStreaming()
            && (mode == OutputMode.APPEND || !hasStreamingAggregate(limit.child()));
    return appends
        ? new StreamLimitPlan(operators++, limit.count(), input)
        : firstOf(limit.count(), input);
  }

  /** A sort gives no more rows itself, also below projections. */
  private static PhysicalPlan firstOf(long count, PhysicalPlan input) {
    PhysicalPlan sorted = ofSort(count, input);
    return sorted == null ? new LimitPlan(count, input) : sorted;
  }

  private static @Nullable PhysicalPlan ofSort(long count, PhysicalPlan input) {
    if (input instanceof FilterProjectPlan project && project.filter() == null) {
      PhysicalPlan below = ofSort(count, project.input());
      return below == null
          ? null
          : new FilterProjectPlan(null, project.columns(), project.output(), below);
    }
    return input instanceof SortPlan sort ? sort.first(count) : null;
  }

  private PhysicalPlan groupsWithState(GroupsWithState groups) {
    PhysicalPlan input = node(groups.child());
    KeyedRows initial = groups.initial();
    GroupsWithStatePlan.Initial given =
        initial == null
            ? null
            : new GroupsWithStatePlan.Initial(
                initial.keys(), initial.reads(), node(initial.plan()));
    return new GroupsWithStatePlan(
        groups.isStreaming() ? operators++ : StatefulPlan.BOUNDED,
        groups.function(),
        groups.keys(),
        groups.reads(),
        groups.isStreaming() ? EventTime.column(groups.child()) : null,
        groups.generated(),
        input,
        given);
  }

  private static boolean hasStreamingAggregate(LogicalPlan plan) {
    return plan.isStreaming()
        && (plan instanceof Aggregate
            || plan.children().stream().anyMatch(PhysicalPlanner::hasStreamingAggregate));
  }

  private PhysicalPlan deduplicate(Deduplicate deduplicate) {
    List<Attribute> columns = deduplicate.child().output();
    Set<Long> keyIds = new HashSet<>();
    deduplicate.keys().forEach(key -> addReferences(key, keyIds));
    List<Attribute> keys =
        columns.stream()
            .filter(column -> keyIds.isEmpty() || keyIds.contains(column.id()))
            .toList();
    if (deduplicate.isStreaming()) {
      PhysicalPlan input = node(deduplicate.child());
      return new DeduplicatePlanner(columns).plan(deduplicate, keys, operators++, input);
    }
    List<Expression> results = new ArrayList<>();
    for (Attribute column : columns) {
      results.add(
          keyIds.isEmpty() || keyIds.contains(column.id())
              ? column
              : new Alias(
                  new Expression.AggregateCall(
                      "first", List.of(column), false, null, column.type(), true),
                  column.name(),
                  column.id()));
    }
    return new AggregateSplit(keys, results, columns, () -> StatefulPlan.BOUNDED)
        .plan(StatefulPlan.BOUNDED, null, node(deduplicate.child()));
  }

  private PhysicalPlan sort(Sort sort) {
    List<SortOrder> orders = new ArrayList<>();
    List<Expression> columns = new ArrayList<>(sort.output());
    boolean computes = false;
    for (SortOrder order : sort.orders()) {
      Expression key = JoinPlanner.flat(order.child()); // whose bytes have its order
      if (!(key instanceof Attribute)) {
        Alias computed = Alias.of(key, "sort_key_" + orders.size());
        columns.add(computed);
        key = LogicalPlan.attributeOf(computed);
        computes = true;
      }
      orders.add(new SortOrder(key, order.ascending(), order.nullsFirst()));
    }
    PhysicalPlan input = node(sort.child());
    if (!computes) {
      return new SortPlan(orders, SortPlan.ALL, input);
    }
    PhysicalPlan sorted =
        new SortPlan(
            orders,
            SortPlan.ALL,
            new FilterProjectPlan(
                null, columns, columns.stream().map(LogicalPlan::attributeOf).toList(), input));
    return new FilterProjectPlan(null, List.copyOf(sort.output()), sort.output(), sorted);
  }

  private static Set<Long> ids(List<Attribute> columns) {
    Set<Long> ids = new HashSet<>();
    columns.forEach(column -> ids.add(column.id()));
    return ids;
  }

  /** Adds the ids of the columns that an expression reads. */
  static void addReferences(@Nullable Expression expression, Set<Long> ids) {
    if (expression instanceof Attribute column) {
      ids.add(column.id());
    } else if (expression != null) {
      expression.children().forEach(child -> addReferences(child, ids));
    }
  }
}
