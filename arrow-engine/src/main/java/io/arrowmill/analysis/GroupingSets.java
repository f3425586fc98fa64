package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.CaseWhen.Branch;
import io.arrowmill.plan.Expression.GeneratorCall;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.LogicalPlan.Generate;
import io.arrowmill.plan.LogicalPlan.Project;
import io.arrowmill.plan.PlanExpressions;
import io.arrowmill.types.DataTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Aggregates by several sets of keys at once: each row is taken once for each set, with the number
 * of the set beside it and nulls in place of the keys that the set lacks, and grouped by all of
 * that.
 *
 * <pre>
 * SELECT a, b, sum(v) FROM t GROUP BY GROUPING SETS ((a, b), (a))
 *
 * Aggregate(a, b, set; sum(v))
 *   Project(*, a, CASE WHEN set IN (0) THEN b END AS b)
 *     Generate(explode(array(0, 1)) AS set)
 * </pre>
 */
final class GroupingSets {
  static final String GROUPING = "grouping";
  static final String GROUPING_ID = "grouping_id";

  private static final int KEYS_MAX = 63;

  private final List<Expression> keys;
  private final List<List<Integer>> sets;
  private final Map<Expression, Integer> positions = new HashMap<>();
  private final Attribute set = Attribute.of("grouping_set", DataTypes.INTEGER, false);

  private GroupingSets(List<Expression> keys, List<List<Integer>> sets) {
    this.keys = keys;
    this.sets = sets;
    for (int i = 0; i < keys.size(); i++) {
      positions.putIfAbsent(Canonical.of(keys.get(i)), i);
    }
  }

  /** The functions that tell groups of several sets apart; they have a meaning only there. */
  static List<Definition> functions() {
    return List.of(
        Definition.rewrite(GROUPING, 1, 1, (name, of) -> new Call(name, of, DataTypes.BYTE, false)),
        Definition.rewrite(
            GROUPING_ID, 0, KEYS_MAX, (name, of) -> new Call(name, of, DataTypes.LONG, false)));
  }

  /** Refuses these functions where there are no sets. */
  static void requireNone(List<Expression> expressions) {
    for (Expression expression : expressions) {
      if (PlanExpressions.contains(expression, GroupingSets::isGrouping)) {
        throw Errors.of(
            "UNSUPPORTED_GROUPING_EXPRESSION",
            "grouping() and grouping_id() need grouping sets: expression="
                + expression.sql()
                + "; group by ROLLUP, CUBE or GROUPING SETS");
      }
    }
  }

  private static boolean isGrouping(Expression node) {
    return node instanceof Call call
        && (call.name().equals(GROUPING) || call.name().equals(GROUPING_ID));
  }

  /**
   * The aggregate.
   *
   * @param keys resolved
   * @param sets of each set the positions of its keys
   * @param results resolved and named
   */
  static LogicalPlan build(
      List<Expression> keys,
      List<List<Integer>> sets,
      List<Expression> results,
      LogicalPlan child) {
    if (keys.size() > KEYS_MAX) {
      throw Errors.of(
          "GROUPING_SIZE_LIMIT_EXCEEDED",
          "grouping sets must be of few keys: keys=" + keys.size() + ", max=" + KEYS_MAX);
    }
    for (Expression key : keys) {
      if (key instanceof Call call && SessionWindows.isSession(call)) {
        throw Errors.of(
            "UNSUPPORTED_GROUPING_EXPRESSION",
            "grouping sets must not hold sessions: expression="
                + key.sql()
                + "; group by session_window in a subquery first");
      }
    }
    return new GroupingSets(keys, sets).build(results, child);
  }

  private LogicalPlan build(List<Expression> results, LogicalPlan child) {
    List<Expression> columns = new ArrayList<>(child.output());
    List<Attribute> computed = new ArrayList<>();
    for (Expression key : keys) {
      if (key instanceof Attribute column) {
        computed.add(column);
      } else {
        Alias alias = Alias.of(key, key.sql());
        columns.add(alias);
        computed.add(LogicalPlan.attributeOf(alias));
      }
    }
    LogicalPlan input =
        columns.size() == child.output().size() ? child : Projections.of(columns, child);
    LogicalPlan expanded = new Generate(numbers(), List.of(set), input);
    List<Expression> shown = new ArrayList<>(expanded.output());
    List<Attribute> groupings = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Attribute key = named(input, computed.get(i));
      if (isInAll(i)) {
        groupings.add(key);
      } else {
        Alias alias = Alias.of(ofSets(i, key), key.name());
        shown.add(alias);
        groupings.add(LogicalPlan.attributeOf(alias));
      }
    }
    List<Expression> all = new ArrayList<>(groupings);
    all.add(set);
    List<Expression> rebuilt = new ArrayList<>();
    for (Expression result : results) {
      rebuilt.add(rebuilt(result, groupings));
    }
    return AggregateBuilder.build(all, rebuilt, new Project(shown, expanded));
  }

  /** The key as the input has it: a window is marked there. */
  private static Attribute named(LogicalPlan input, Attribute key) {
    return input.output().stream()
        .filter(column -> column.id() == key.id())
        .findFirst()
        .orElse(key);
  }

  private GeneratorCall numbers() {
    List<Expression> numbers = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      numbers.add(new Literal(i, DataTypes.INTEGER));
    }
    Expression array =
        ExpressionResolver.resolve(new UnresolvedFunction("array", numbers, false, null));
    return new GeneratorCall("explode", array, false);
  }

  private boolean isInAll(int key) {
    return sets.stream().allMatch(keysOf -> keysOf.contains(key));
  }

  /** The key's value in the sets that have it, else null. */
  private Expression ofSets(int key, Attribute value) {
    List<Branch> branches = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      if (sets.get(i).contains(key)) {
        branches.add(new Branch(isSet(i), value));
      }
    }
    return branches.isEmpty() ? new Literal(null, value.type()) : new CaseWhen(branches, null);
  }

  private Expression isSet(int number) {
    return new Call(
        "=", List.of(set, new Literal(number, DataTypes.INTEGER)), DataTypes.BOOLEAN, false);
  }

  /** A result over the keys of the sets: aggregates still read what rows have. */
  private Expression rebuilt(Expression node, List<Attribute> groupings) {
    if (node instanceof AggregateCall) {
      return node;
    }
    if (node instanceof Call call && isGrouping(call)) {
      return grouping(call);
    }
    Integer position = positions.get(Canonical.of(node));
    if (position != null && !(node instanceof Alias)) {
      Attribute key = groupings.get(position);
      return node instanceof Attribute named && !named.name().equals(key.name())
          ? Alias.of(key, named.name())
          : key;
    }
    List<Expression> children = node.children();
    return children.isEmpty()
        ? node
        : node.withChildren(children.stream().map(child -> rebuilt(child, groupings)).toList());
  }

  private Expression grouping(Call call) {
    boolean one = call.name().equals(GROUPING);
    List<Integer> of = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      Integer position = positions.get(Canonical.of(argument));
      if (position == null) {
        throw Errors.of(
            one ? "GROUPING_COLUMN_MISMATCH" : "GROUPING_ID_COLUMN_MISMATCH",
            "column must be among the groupings: column="
                + argument.sql()
                + ", groupings="
                + Errors.texts(keys));
      }
      of.add(position);
    }
    List<Integer> all = IntStream.range(0, keys.size()).boxed().toList();
    if (!one && !of.isEmpty() && !of.equals(all)) {
      throw Errors.of(
          "GROUPING_ID_COLUMN_MISMATCH",
          "grouping_id must be of all groupings, in order: expression="
              + call.sql()
              + ", groupings="
              + Errors.texts(keys)
              + "; call it without any");
    }
    List<Branch> branches = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      long bits = 0;
      for (int key : one ? of : all) {
        bits = bits << 1 | (sets.get(i).contains(key) ? 0 : 1);
      }
      Literal value =
          one ? new Literal((byte) bits, DataTypes.BYTE) : new Literal(bits, DataTypes.LONG);
      branches.add(new Branch(isSet(i), value));
    }
    Expression last = branches.getLast().value();
    return branches.size() == 1
        ? last
        : new CaseWhen(branches.subList(0, branches.size() - 1), last);
  }
}
