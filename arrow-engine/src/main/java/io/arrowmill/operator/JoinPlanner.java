package io.arrowmill.operator;

import io.arrowmill.operator.PhysicalPlan.FilterProjectPlan;
import io.arrowmill.operator.PhysicalPlan.HashJoinPlan;
import io.arrowmill.plan.Conjunctions;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.JoinType;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Splits a join's condition into equal keys and the rest, and decides which side is built. */
final class JoinPlanner {
  private final PhysicalPlanner planner;
  private final List<Expression> leftKeys = new ArrayList<>();
  private final List<Expression> rightKeys = new ArrayList<>();
  private @Nullable Expression residual;

  JoinPlanner(PhysicalPlanner planner) {
    this.planner = planner;
  }

  PhysicalPlan plan(Join join) {
    Set<Long> left = ids(join.left());
    Set<Long> right = ids(join.right());
    Conjunctions.split(join.condition()).forEach(part -> assign(part, left, right));
    if (join.left().isStreaming() && join.right().isStreaming()) {
      return new StreamJoinPlanner(join, leftKeys, rightKeys, residual)
          .plan(planner.node(join.left()), planner.node(join.right()), planner::newOperatorId);
    }
    boolean probeIsRight =
        join.right().isStreaming()
            || (join.type() == JoinType.RIGHT_OUTER && !join.left().isStreaming());
    List<Attribute> leftColumns = new ArrayList<>();
    List<Attribute> rightColumns = new ArrayList<>();
    PhysicalPlan leftInput = withKeys(planner.node(join.left()), leftKeys, leftColumns);
    PhysicalPlan rightInput = withKeys(planner.node(join.right()), rightKeys, rightColumns);
    PhysicalPlan probe = probeIsRight ? rightInput : leftInput;
    PhysicalPlan build = probeIsRight ? leftInput : rightInput;
    boolean semi = join.type() == JoinType.LEFT_SEMI || join.type() == JoinType.LEFT_ANTI;
    List<Attribute> output =
        semi
            ? leftInput.output()
            : CompiledExpressions.concat(leftInput.output(), rightInput.output());
    HashJoinPlan joined =
        new HashJoinPlan(
            join.type(),
            probe,
            build,
            probeIsRight ? rightColumns : leftColumns,
            probeIsRight ? leftColumns : rightColumns,
            residual,
            !probeIsRight,
            nullable(output, join.output()));
    if (joined.output().size() == join.output().size()) {
      return joined;
    }
    return new FilterProjectPlan(null, List.copyOf(join.output()), join.output(), joined);
  }

  /**
   * The columns as the logical join describes them, and the computed keys, nullable, beside them.
   */
  private static List<Attribute> nullable(List<Attribute> columns, List<Attribute> described) {
    return columns.stream()
        .map(column ->
            described.stream()
                .filter(known -> known.id() == column.id())
                .findFirst()
                .orElseGet(() -> column.withNullable(true)))
        .toList();
  }

  /** The input with a column for each key; {@code columns} receives those columns. */
  private static PhysicalPlan withKeys(
      PhysicalPlan input, List<Expression> keys, List<Attribute> columns) {
    List<Expression> all = new ArrayList<>(input.output());
    for (Expression key : keys) {
      Expression flat = flat(key);
      if (flat instanceof Attribute column) {
        columns.add(column);
      } else {
        Alias computed = Alias.of(flat, "join_key_" + columns.size());
        all.add(computed);
        columns.add(LogicalPlan.attributeOf(computed));
      }
    }
    if (all.size() == input.output().size()) {
      return input;
    }
    return new FilterProjectPlan(
        null, all, all.stream().map(LogicalPlan::attributeOf).toList(), input);
  }

  /** The key, or its bytes if it is an array or a struct. */
  static Expression flat(Expression key) {
    return key.type() instanceof AtomicType || key.type() instanceof DecimalType
        ? key
        : new Call("pack", List.of(key), DataTypes.BINARY, key.nullable());
  }

  private void assign(Expression condition, Set<Long> left, Set<Long> right) {
    if (condition instanceof Call call && call.name().equals("=")) {
      Expression a = call.arguments().get(0);
      Expression b = call.arguments().get(1);
      if (readsOnly(a, left) && readsOnly(b, right)) {
        leftKeys.add(a);
        rightKeys.add(b);
        return;
      }
      if (readsOnly(a, right) && readsOnly(b, left)) {
        leftKeys.add(b);
        rightKeys.add(a);
        return;
      }
    }
    Expression before = residual;
    residual =
        before == null
            ? condition
            : new Call("and", List.of(before, condition), DataTypes.BOOLEAN, true);
  }

  private static boolean readsOnly(Expression expression, Set<Long> columns) {
    Set<Long> read = new HashSet<>();
    PhysicalPlanner.addReferences(expression, read);
    return !read.isEmpty() && columns.containsAll(read);
  }

  private static Set<Long> ids(LogicalPlan plan) {
    Set<Long> ids = new HashSet<>();
    plan.output().forEach(column -> ids.add(column.id()));
    return ids;
  }
}
