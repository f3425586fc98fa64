package io.arrowmill.optimize;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.BatchRelation;
import io.arrowmill.plan.LogicalPlan.Deduplicate;
import io.arrowmill.plan.LogicalPlan.GroupsWithState;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.Leaf;
import io.arrowmill.plan.LogicalPlan.OverWindow;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.StreamRelation;
import io.arrowmill.plan.LogicalPlan.Unary;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Reads from sources, and computes on the way, only columns that something above needs. */
final class PruneColumns implements Rule {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return prune(plan, PlanExpressions.outputIds(plan));
  }

  private static LogicalPlan prune(LogicalPlan plan, Set<Long> needed) {
    return switch (plan) {
      case Project project -> {
        List<Expression> columns = kept(project.columns(), needed);
        yield rebuilt(new Project(columns, project.child()), columns);
      }
      case Aggregate aggregate -> {
        List<Expression> results = kept(aggregate.results(), needed);
        List<Expression> reads = new ArrayList<>(aggregate.groupings());
        reads.addAll(results);
        yield rebuilt(new Aggregate(aggregate.groupings(), results, aggregate.child()), reads);
      }
      case OverWindow over -> overWindow(over, needed);
      case Deduplicate dedup when dedup.keys().isEmpty() -> rebuilt(dedup, dedup.output());
      case Union union -> union(union, needed);
      case Join join -> join(join, needed);
      case GroupsWithState groups -> groups(groups);
      case StreamRelation relation ->
          new StreamRelation(relation.id(), relation.source(), columns(relation.output(), needed));
      case BatchRelation relation ->
          new BatchRelation(relation.source(), columns(relation.output(), needed));
      case Leaf leaf -> leaf;
      case Unary unary -> {
        Set<Long> all = PlanExpressions.references(PlanExpressions.of(unary));
        all.addAll(needed);
        yield unary.withChild(prune(unary.child(), all));
      }
    };
  }

  /** Functions that nothing needs are left out; rows stay the same. */
  private static LogicalPlan overWindow(OverWindow over, Set<Long> needed) {
    List<Alias> calls = over.calls().stream().filter(call -> needed.contains(call.id())).toList();
    Set<Long> all = PlanExpressions.references(calls);
    all.addAll(needed);
    LogicalPlan child = prune(over.child(), all);
    return calls.isEmpty() ? child : new OverWindow(calls, child);
  }

  /** The node over an input that gives only what the node reads. */
  private static LogicalPlan rebuilt(Unary node, List<? extends Expression> reads) {
    return node.withChild(prune(node.child(), PlanExpressions.references(reads)));
  }

  /** The columns needed; one if none is, for there are still rows to count. */
  private static List<Expression> kept(List<Expression> columns, Set<Long> needed) {
    List<Expression> kept = new ArrayList<>();
    for (Expression column : columns) {
      if (needed.contains(LogicalPlan.attributeOf(column).id())) {
        kept.add(column);
      }
    }
    return kept.isEmpty() && !columns.isEmpty() ? List.of(columns.getFirst()) : kept;
  }

  private static List<Attribute> columns(List<Attribute> output, Set<Long> needed) {
    List<Attribute> kept = output.stream().filter(column -> needed.contains(column.id())).toList();
    if (!kept.isEmpty() || output.isEmpty()) {
      return kept;
    }
    return output.stream()
        .filter(column -> isFixedWidth(column))
        .findFirst()
        .map(List::of)
        .orElseGet(() -> List.of(output.getFirst()));
  }

  private static boolean isFixedWidth(Attribute column) {
    return column.type() instanceof AtomicType
        && !column.type().isOneOf(DataTypes.STRING, DataTypes.BINARY);
  }

  private static LogicalPlan union(Union union, Set<Long> needed) {
    int[] positions =
        IntStream.range(0, union.output().size())
            .filter(i -> needed.contains(union.output().get(i).id()))
            .toArray();
    if (positions.length == 0) {
      positions = new int[] {0};
    }
    List<Attribute> output = at(union.output(), positions);
    List<LogicalPlan> children = new ArrayList<>();
    for (LogicalPlan child : union.children()) {
      List<Attribute> wanted = at(child.output(), positions);
      children.add(only(wanted, prune(child, PlanExpressions.references(wanted))));
    }
    return new Union(children, output, union.byName(), union.allowMissing());
  }

  private static List<Attribute> at(List<Attribute> columns, int[] positions) {
    return IntStream.of(positions).mapToObj(columns::get).toList();
  }

  private static LogicalPlan only(List<Attribute> wanted, LogicalPlan plan) {
    List<Long> ids = plan.output().stream().map(Attribute::id).toList();
    return ids.equals(wanted.stream().map(Attribute::id).toList())
        ? plan
        : new Project(List.copyOf(wanted), plan);
  }

  private static LogicalPlan join(Join join, Set<Long> needed) {
    Set<Long> all = new HashSet<>(needed);
    Expression condition = join.condition();
    if (condition != null) {
      all.addAll(PlanExpressions.references(condition));
    }
    return join.withChildren(List.of(side(join.left(), all), side(join.right(), all)));
  }

  private static LogicalPlan groups(GroupsWithState groups) {
    Set<Long> needed = PlanExpressions.references(PlanExpressions.of(groups));
    return groups.withChildren(
        groups.children().stream()
            .map(child -> {
              Set<Long> kept = new HashSet<>(needed);
              // By the event time rows are late, whether the function reads it or not.
              child.output().stream()
                  .filter(Attribute::isEventTime)
                  .forEach(time -> kept.add(time.id()));
              return prune(child, kept);
            })
            .toList());
  }

  /** A side of a join, cut to what is needed: its rows may be copied into state. */
  private static LogicalPlan side(LogicalPlan side, Set<Long> needed) {
    List<Attribute> wanted = columns(side.output(), needed);
    return only(wanted, prune(side, PlanExpressions.references(wanted)));
  }
}
