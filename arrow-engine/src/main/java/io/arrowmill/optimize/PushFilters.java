package io.arrowmill.optimize;

import io.arrowmill.plan.Conjunctions;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Over;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.ExpandWindows;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Generate;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.OverWindow;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.Sort;
import io.arrowmill.plan.LogicalPlan.Unary;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.plan.PlanExpressions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Moves conditions towards the sources.
 *
 * <p>As in Spark a condition passes a watermark only if it does not read the event time, an
 * aggregate only if it reads nothing but keys, functions over a window only if it reads nothing but
 * the columns of the partition, and a projection only if repeating what it computes is cheap.
 */
final class PushFilters implements Rule {
  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    return plan.transformUp(node -> node instanceof Filter filter ? push(filter) : node);
  }

  private static LogicalPlan push(Filter filter) {
    return switch (filter.child()) {
      case Project project -> throughProject(filter, project);
      case Union union -> throughUnion(filter, union);
      case Join join -> throughJoin(filter, join);
      case Aggregate aggregate -> {
        Set<Long> keys = PlanExpressions.references(aggregate.groupings());
        yield below(filter, aggregate, part -> !keys.isEmpty() && readsOnly(part, keys));
      }
      case EventTimeWatermark watermark -> {
        Set<Long> eventTime = PlanExpressions.references(watermark.column());
        yield below(filter, watermark, part -> readsNone(part, eventTime));
      }
      case Generate generate -> {
        Set<Long> ids = PlanExpressions.outputIds(generate.child());
        yield below(filter, generate, part -> readsOnly(part, ids));
      }
      case ExpandWindows expand -> {
        Set<Long> ids = PlanExpressions.outputIds(expand.child());
        yield below(filter, expand, part -> readsOnly(part, ids));
      }
      case OverWindow over when over.calls().getFirst().child() instanceof Over call -> {
        // Whole partitions stay or go.
        Set<Long> keys = PlanExpressions.references(call.window().partitionBy());
        yield below(filter, over, part -> !keys.isEmpty() && readsOnly(part, keys));
      }
      case Sort sort -> below(filter, sort, part -> true);
      default -> filter;
    };
  }

  private static boolean readsOnly(Expression part, Set<Long> ids) {
    return ids.containsAll(PlanExpressions.references(part));
  }

  private static boolean readsNone(Expression part, Set<Long> ids) {
    return PlanExpressions.references(part).stream().noneMatch(ids::contains);
  }

  /** Moves the parts that may pass below the node. */
  private static LogicalPlan below(Filter filter, Unary node, Predicate<Expression> mayPass) {
    List<Expression> stay = new ArrayList<>();
    List<Expression> pass = new ArrayList<>();
    for (Expression part : Conjunctions.split(filter.condition())) {
      (mayPass.test(part) ? pass : stay).add(part);
    }
    if (pass.isEmpty()) {
      return filter;
    }
    LogicalPlan pushed = pushed(pass, node.child());
    return Conjunctions.filter(stay, node.withChild(pushed));
  }

  /** The parts above the plan, moved on as far as they go. */
  private static LogicalPlan pushed(List<Expression> parts, LogicalPlan plan) {
    LogicalPlan filtered = Conjunctions.filter(parts, plan);
    return filtered instanceof Filter filter ? push(filter) : filtered;
  }

  private static LogicalPlan throughProject(Filter filter, Project project) {
    Map<Long, Expression> definitions = Conjunctions.definitions(project.columns());
    List<Expression> stay = new ArrayList<>();
    List<Expression> pass = new ArrayList<>();
    for (Expression part : Conjunctions.split(filter.condition())) {
      boolean cheap =
          PlanExpressions.references(part).stream()
              .map(definitions::get)
              .allMatch(definition -> definition == null || Costs.isCheap(definition));
      if (cheap) {
        pass.add(Conjunctions.inline(part, definitions));
      } else {
        stay.add(part);
      }
    }
    return pass.isEmpty()
        ? filter
        : Conjunctions.filter(stay, project.withChild(pushed(pass, project.child())));
  }

  private static LogicalPlan throughUnion(Filter filter, Union union) {
    List<LogicalPlan> children = new ArrayList<>();
    for (LogicalPlan child : union.children()) {
      Map<Long, Expression> columns = new HashMap<>();
      for (int i = 0; i < union.output().size(); i++) {
        columns.put(union.output().get(i).id(), child.output().get(i));
      }
      children.add(
          pushed(Conjunctions.split(Conjunctions.inline(filter.condition(), columns)), child));
    }
    return union.withChildren(children);
  }

  private static LogicalPlan throughJoin(Filter filter, Join join) {
    JoinType type = join.type();
    boolean leftKept = type != JoinType.RIGHT_OUTER && type != JoinType.FULL_OUTER;
    boolean inner = type == JoinType.INNER || type == JoinType.CROSS;
    boolean rightKept = inner || type == JoinType.RIGHT_OUTER;
    Set<Long> leftIds = PlanExpressions.outputIds(join.left());
    Set<Long> rightIds = PlanExpressions.outputIds(join.right());
    List<Expression> left = new ArrayList<>();
    List<Expression> right = new ArrayList<>();
    List<Expression> both = new ArrayList<>();
    List<Expression> stay = new ArrayList<>();
    for (Expression part : Conjunctions.split(filter.condition())) {
      if (leftKept && readsOnly(part, leftIds)) {
        left.add(part);
      } else if (rightKept && readsOnly(part, rightIds)) {
        right.add(part);
      } else {
        (inner ? both : stay).add(part);
      }
    }
    if (left.isEmpty() && right.isEmpty() && both.isEmpty()) {
      return filter;
    }
    List<Expression> condition = new ArrayList<>();
    Expression before = join.condition();
    if (before != null) {
      condition.add(before);
    }
    condition.addAll(both);
    Join pushed =
        new Join(
            pushed(left, join.left()),
            pushed(right, join.right()),
            type == JoinType.CROSS && !both.isEmpty() ? JoinType.INNER : type,
            Conjunctions.join(condition),
            join.using());
    return Conjunctions.filter(stay, pushed);
  }
}
