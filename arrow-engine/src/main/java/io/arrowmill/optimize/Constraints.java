package io.arrowmill.optimize;

import io.arrowmill.analysis.Canonical;
import io.arrowmill.plan.Conjunctions;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.GetField;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.Deduplicate;
import io.arrowmill.plan.LogicalPlan.EventTimeWatermark;
import io.arrowmill.plan.LogicalPlan.Filter;
import io.arrowmill.plan.LogicalPlan.Generate;
import io.arrowmill.plan.LogicalPlan.Join;
import io.arrowmill.plan.LogicalPlan.Limit;
import io.arrowmill.plan.LogicalPlan.Observe;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.LogicalPlan.Sort;
import io.arrowmill.plan.LogicalPlan.Union;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What holds of all rows that a plan gives, and what follows from it. */
final class Constraints {
  /** Calls that give null for a null argument. */
  private static final Set<String> STRICT =
      Set.of(
          "=",
          "!=",
          "<",
          "<=",
          ">",
          ">=",
          "not",
          "+",
          "-",
          "*",
          "/",
          "div",
          "%",
          "pmod",
          "negative",
          "abs",
          "&",
          "|",
          "^",
          "~",
          "lower",
          "upper",
          "length",
          "trim",
          "ltrim",
          "rtrim",
          "substring",
          "like",
          "rlike",
          "contains",
          "startswith",
          "endswith",
          "year",
          "quarter",
          "month",
          "day",
          "dayofweek",
          "dayofyear",
          "hour",
          "minute",
          "second",
          "date_trunc",
          "date_add",
          "date_sub",
          "floor",
          "ceil",
          "round",
          "sqrt");

  private Constraints() {}

  /** Conditions that are true of every row of the plan, with what follows from them. */
  static ConditionSet of(LogicalPlan plan) {
    ConditionSet known = given(plan);
    List<Expression> first = known.list();
    known.addAll(equated(first));
    known.addAll(notNull(first));
    Set<Long> output = PlanExpressions.outputIds(plan);
    return ConditionSet.of(
        known.list().stream().filter(condition -> readsOnly(condition, output)).toList());
  }

  private static ConditionSet given(LogicalPlan plan) {
    return switch (plan) {
      case Filter filter -> {
        ConditionSet all = of(filter.child());
        all.addAll(Conjunctions.split(filter.condition()));
        yield all;
      }
      case Project project -> named(project.columns(), of(project.child()));
      case Aggregate aggregate -> named(aggregate.results(), of(aggregate.child()));
      case EventTimeWatermark watermark -> of(watermark.child());
      case Observe observe -> of(observe.child());
      case Sort sort -> of(sort.child());
      case Limit limit -> of(limit.child());
      case Deduplicate deduplicate -> of(deduplicate.child());
      case Generate generate -> of(generate.child());
      case Join join -> ofJoin(join);
      case Union union -> ofUnion(union);
      default -> new ConditionSet();
    };
  }

  /** The conditions, also in terms of the columns that name what they read. */
  private static ConditionSet named(List<Expression> columns, ConditionSet conditions) {
    for (Expression column : columns) {
      if (column instanceof Alias alias) {
        Attribute name = LogicalPlan.attributeOf(alias);
        conditions.addAll(replaced(conditions.list(), alias.child(), name));
      }
    }
    return conditions;
  }

  private static ConditionSet ofJoin(Join join) {
    ConditionSet all = new ConditionSet();
    switch (join.type()) {
      case INNER, CROSS -> {
        all.addAll(of(join.left()).list());
        all.addAll(of(join.right()).list());
        all.addAll(ofCondition(join));
      }
      case LEFT_SEMI -> {
        all.addAll(of(join.left()).list());
        all.addAll(ofCondition(join));
      }
      case LEFT_OUTER, LEFT_ANTI -> all.addAll(of(join.left()).list());
      case RIGHT_OUTER -> all.addAll(of(join.right()).list());
      case FULL_OUTER -> {}
    }
    return all;
  }

  /**
   * What must hold of a pair of rows. Nothing is made of equal keys with floating-point numbers in
   * them: Spark infers nothing from those, for which it looks at 0.0 and NaN first.
   */
  static List<Expression> ofCondition(Join join) {
    return Conjunctions.split(join.condition()).stream()
        .filter(part ->
            !(part instanceof Call call
                && call.name().equals("=")
                && hasFloating(call.arguments().getFirst().type())
                && readsBoth(call, join)))
        .toList();
  }

  private static boolean readsBoth(Call comparison, Join join) {
    Set<Long> reads = PlanExpressions.references(comparison);
    return !PlanExpressions.outputIds(join.left()).containsAll(reads)
        && !PlanExpressions.outputIds(join.right()).containsAll(reads);
  }

  private static boolean hasFloating(DataType type) {
    return switch (type) {
      case DataType.ArrayType array -> hasFloating(array.element());
      case DataType.MapType map -> hasFloating(map.key()) || hasFloating(map.value());
      case StructType struct ->
          struct.fields().stream().anyMatch(field -> hasFloating(field.type()));
      default -> type.isFloating();
    };
  }

  private static ConditionSet ofUnion(Union union) {
    ConditionSet common = new ConditionSet();
    for (int i = 0; i < union.children().size(); i++) {
      LogicalPlan child = union.children().get(i);
      Map<Long, Expression> columns = new HashMap<>();
      for (int c = 0; c < union.output().size(); c++) {
        columns.putIfAbsent(child.output().get(c).id(), union.output().get(c));
      }
      ConditionSet renamed =
          ConditionSet.of(
              of(child).list().stream()
                  .map(condition -> Conjunctions.inline(condition, columns))
                  .toList());
      if (i == 0) {
        common = renamed;
      } else {
        common.retainAll(renamed);
      }
    }
    return common;
  }

  /** What the conditions say of one column if another is equal to it. */
  static List<Expression> equated(List<Expression> conditions) {
    List<Expression> all = new ArrayList<>();
    for (Expression condition : conditions) {
      if (condition instanceof Call call && call.name().equals("=")) {
        Expression left = call.arguments().get(0);
        Expression right = call.arguments().get(1);
        List<Expression> others = new ArrayList<>(conditions);
        others.remove(condition);
        others.removeIf(other -> other instanceof Call test && test.name().equals("isnotnull"));
        if (left instanceof Attribute && isColumn(right)) {
          all.addAll(replaced(others, left, right));
        }
        if (right instanceof Attribute && isColumn(left)) {
          all.addAll(replaced(others, right, left));
        }
      }
    }
    return all;
  }

  private static boolean isColumn(Expression expression) {
    return expression instanceof Attribute
        || (expression instanceof Cast cast && cast.child() instanceof Attribute);
  }

  /** Those of the conditions that read {@code from}, with {@code to} in its place. */
  private static List<Expression> replaced(
      List<Expression> conditions, Expression from, Expression to) {
    Expression wanted = Canonical.of(from);
    List<Expression> all = new ArrayList<>();
    for (Expression condition : conditions) {
      Expression other =
          condition.transformUp(node -> Canonical.of(node).equals(wanted) ? to : node);
      if (!other.equals(condition) && !comparesWithItself(other)) {
        all.add(other);
      }
    }
    return all;
  }

  private static boolean comparesWithItself(Expression condition) {
    return condition instanceof Call call
        && call.name().equals("=")
        && Canonical.of(call.arguments().get(0)).equals(Canonical.of(call.arguments().get(1)));
  }

  /** Tests for null of the columns that no condition is true without. */
  static List<Expression> notNull(List<Expression> conditions) {
    List<Expression> all = new ArrayList<>();
    conditions.forEach(condition -> addNotNull(condition, all));
    return all;
  }

  private static void addNotNull(Expression condition, List<Expression> all) {
    boolean test = condition instanceof Call call && call.name().equals("isnotnull");
    Expression value = test ? condition.children().getFirst() : condition;
    for (Attribute column : strict(value)) {
      if (column.nullable() && !value.type().equals(DataTypes.NULL)) {
        all.add(new Call("isnotnull", List.of(column), DataTypes.BOOLEAN, false));
      }
    }
  }

  /** The columns whose nulls make the value null. */
  static List<Attribute> strict(Expression value) {
    List<Attribute> columns = new ArrayList<>();
    addStrict(value, columns);
    return columns;
  }

  private static void addStrict(Expression value, List<Attribute> columns) {
    switch (value) {
      case Attribute column -> columns.add(column);
      case Cast cast -> addStrict(cast.child(), columns);
      case GetField field -> addStrict(field.child(), columns);
      case Call call when STRICT.contains(call.name()) ->
          call.arguments().forEach(argument -> addStrict(argument, columns));
      default -> {}
    }
  }

  /** Whether a condition reads columns, and no others than these. */
  static boolean readsOnly(Expression condition, Set<Long> ids) {
    Set<Long> reads = PlanExpressions.references(condition);
    return !reads.isEmpty() && ids.containsAll(reads);
  }
}
