package io.arrowmill.operator;

import io.arrowmill.operator.PhysicalPlan.AggregatePlan;
import io.arrowmill.operator.PhysicalPlan.ExpandWindowsPlan;
import io.arrowmill.operator.PhysicalPlan.FilterProjectPlan;
import io.arrowmill.operator.PhysicalPlan.GeneratePlan;
import io.arrowmill.operator.PhysicalPlan.HashJoinPlan;
import io.arrowmill.operator.PhysicalPlan.LimitPlan;
import io.arrowmill.operator.PhysicalPlan.LocalPlan;
import io.arrowmill.operator.PhysicalPlan.RangePlan;
import io.arrowmill.operator.PhysicalPlan.ScanPlan;
import io.arrowmill.operator.PhysicalPlan.SortPlan;
import io.arrowmill.operator.PhysicalPlan.UnionPlan;
import io.arrowmill.operator.PhysicalPlan.WatermarkPlan;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Attribute;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets filters and joins copy only the columns that something above them reads: a filter's own
 * column and a join's keys are often not among them.
 */
final class ColumnNarrowing {
  private ColumnNarrowing() {}

  /** The same plan, with the same columns at its top. */
  static PhysicalPlan narrow(PhysicalPlan plan) {
    return narrow(plan, ids(plan.output()));
  }

  private static PhysicalPlan narrow(PhysicalPlan plan, Set<Long> needed) {
    return switch (plan) {
      case ScanPlan scan -> scan;
      case LocalPlan local -> local;
      case RangePlan range -> range;
      case FilterProjectPlan project -> filterProject(project, needed);
      case HashJoinPlan join -> join(join, needed);
      case WatermarkPlan mark -> {
        Set<Long> reads = new HashSet<>(needed);
        reads.add(mark.column().id());
        yield new WatermarkPlan(
            mark.index(), mark.column(), mark.delayMicros(), narrow(mark.input(), reads));
      }
      case ObservePlan.Rows rows -> rows;
      case ObservePlan observe -> {
        Set<Long> reads = new HashSet<>(needed);
        reads.addAll(ids(observe.rows().output()));
        yield new ObservePlan(
            observe.name(),
            narrow(observe.metrics()),
            observe.rows(),
            narrow(observe.input(), reads));
      }
      case AggregatePlan aggregate -> {
        Set<Long> reads = ids(aggregate.keys());
        aggregate.calls().forEach(call -> PhysicalPlanner.addReferences(call, reads));
        yield new AggregatePlan(
            aggregate.operatorId(),
            aggregate.keys(),
            aggregate.calls(),
            aggregate.eviction(),
            aggregate.panes(),
            aggregate.output(),
            narrow(aggregate.input(), reads));
      }
      case StreamJoinPlan join -> join(join, needed);
      case DeduplicatePlan deduplicate -> {
        Set<Long> reads = new HashSet<>(needed);
        reads.addAll(ids(deduplicate.keys()));
        PhysicalPlanner.addReferences(deduplicate.time().late(), reads);
        yield new DeduplicatePlan(
            deduplicate.operatorId(),
            deduplicate.keys(),
            deduplicate.time(),
            deduplicate.flag(),
            narrow(deduplicate.input(), reads));
      }
      case SessionPlan session -> {
        Set<Long> reads = ids(session.keys());
        reads.add(session.start().id());
        reads.add(session.end().id());
        session.calls().forEach(call -> PhysicalPlanner.addReferences(call, reads));
        yield session.withInput(narrow(session.input(), reads));
      }
      case StreamLimitPlan limit ->
          new StreamLimitPlan(limit.operatorId(), limit.count(), narrow(limit.input(), needed));
      case LimitPlan limit -> new LimitPlan(limit.count(), narrow(limit.input(), needed));
      case OverPlan over -> {
        Set<Long> reads = new HashSet<>(needed);
        over.calls().forEach(call -> PhysicalPlanner.addReferences(call, reads));
        yield over.withInput(narrow(over.input(), reads));
      }
      case SortPlan sort -> {
        Set<Long> reads = new HashSet<>(needed);
        sort.orders().forEach(order -> PhysicalPlanner.addReferences(order, reads));
        yield sort.withInput(narrow(sort.input(), reads));
      }
      case GeneratePlan generate ->
          new GeneratePlan(
              generate.generator(),
              generate.kept(),
              generate.generated(),
              narrow(generate.input()));
      case ExpandWindowsPlan expand ->
          new ExpandWindowsPlan(expand.window(), expand.column(), narrow(expand.input()));
      case GroupsWithStatePlan groups -> groups.withInputs(narrowed(groups));
      case TypedRowsPlan typed -> {
        Set<Long> reads = ids(typed.reads());
        if (typed.function().keepsInput()) {
          reads.addAll(needed);
        }
        yield typed.withInput(narrow(typed.input(), reads));
      }
      case UnionPlan union ->
          new UnionPlan(
              union.inputs().stream().map(ColumnNarrowing::narrow).toList(), union.output());
    };
  }

  private static List<PhysicalPlan> narrowed(GroupsWithStatePlan groups) {
    Set<Long> reads = ids(groups.keys());
    reads.addAll(ids(groups.reads()));
    Attribute time = groups.time();
    if (time != null) {
      reads.add(time.id());
    }
    GroupsWithStatePlan.Initial initial = groups.initial();
    if (initial == null) {
      return List.of(narrow(groups.input(), reads));
    }
    Set<Long> initialReads = ids(initial.keys());
    initialReads.addAll(ids(initial.reads()));
    return List.of(narrow(groups.input(), reads), narrow(initial.input(), initialReads));
  }

  private static PhysicalPlan filterProject(FilterProjectPlan project, Set<Long> needed) {
    List<Expression> columns = new ArrayList<>();
    List<Attribute> output = new ArrayList<>();
    Set<Long> reads = new HashSet<>();
    for (int i = 0; i < project.output().size(); i++) {
      // Without any column there would be no rows to count.
      boolean only = output.isEmpty() && i == project.output().size() - 1;
      if (needed.contains(project.output().get(i).id()) || only) {
        columns.add(project.columns().get(i));
        output.add(project.output().get(i));
        PhysicalPlanner.addReferences(project.columns().get(i), reads);
      }
    }
    PhysicalPlanner.addReferences(project.filter(), reads);
    return new FilterProjectPlan(project.filter(), columns, output, narrow(project.input(), reads));
  }

  private static PhysicalPlan join(HashJoinPlan join, Set<Long> needed) {
    List<Attribute> output =
        join.output().stream().filter(column -> needed.contains(column.id())).toList();
    Set<Long> reads = ids(output);
    reads.addAll(ids(join.probeKeys()));
    reads.addAll(ids(join.buildKeys()));
    PhysicalPlanner.addReferences(join.residual(), reads);
    return new HashJoinPlan(
        join.type(),
        narrow(join.probe(), reads),
        narrow(join.build(), reads),
        join.probeKeys(),
        join.buildKeys(),
        join.residual(),
        join.buildIsRight(),
        output);
  }

  private static PhysicalPlan join(StreamJoinPlan join, Set<Long> needed) {
    List<Attribute> wanted =
        join.output().stream().filter(column -> needed.contains(column.id())).toList();
    List<Attribute> output = wanted.isEmpty() ? join.output().subList(0, 1) : wanted;
    Set<Long> given = ids(output);
    return new StreamJoinPlan(
        join.operatorId(),
        join.type(),
        join.left()
            .withInput(narrow(join.left().input(), StreamJoinPlanner.reads(join, true, given))),
        join.right()
            .withInput(narrow(join.right().input(), StreamJoinPlanner.reads(join, false, given))),
        join.residual(),
        output);
  }

  private static Set<Long> ids(List<Attribute> columns) {
    Set<Long> ids = new HashSet<>();
    columns.forEach(column -> ids.add(column.id()));
    return ids;
  }
}
