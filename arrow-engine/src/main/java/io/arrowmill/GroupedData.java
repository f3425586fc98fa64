package io.arrowmill;

import io.arrowmill.plan.ColumnNames;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.Expression.UnresolvedStar;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import io.arrowmill.plan.LogicalPlan.GroupedBySets;
import io.arrowmill.types.DataType.AtomicType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a table's rows, to be aggregated: what {@link DataFrame#groupBy} gives. Immutable.
 */
public final class GroupedData {
  private final DataFrame table;
  private final List<Expression> groupings;

  /** Positions of the groupings of each set, or empty if all of them are the only one. */
  private final List<List<Integer>> sets;

  private final @Nullable Pivot pivot;

  GroupedData(DataFrame table, List<Expression> groupings) {
    this(table, groupings, List.of(), null);
  }

  private GroupedData(
      DataFrame table,
      List<Expression> groupings,
      List<List<Integer>> sets,
      @Nullable Pivot pivot) {
    this.table = table;
    this.groupings = List.copyOf(groupings);
    this.sets = List.copyOf(sets);
    this.pivot = pivot;
  }

  /** Groups by several sets of the groupings at once. */
  static GroupedData bySets(DataFrame table, List<Expression> groupings, List<List<Integer>> sets) {
    return new GroupedData(table, groupings, sets, null);
  }

  /**
   * Makes columns of the values of a column, one for each value and aggregate; a bounded table is
   * read at once to find the values.
   */
  public GroupedData pivot(String column) {
    return pivot(Functions.col(column));
  }

  /** As {@link #pivot(String)}. */
  public GroupedData pivot(Column column) {
    return pivoted(Pivot.found(table, column));
  }

  /** As {@link #pivot(String)}, of these values only, in their order. */
  public GroupedData pivot(String column, List<?> values) {
    return pivot(Functions.col(column), values);
  }

  /** As {@link #pivot(String)}, of these values only, in their order. */
  public GroupedData pivot(Column column, List<?> values) {
    return pivoted(new Pivot(column.expression(), new ArrayList<>(values)));
  }

  private GroupedData pivoted(Pivot by) {
    if (pivot != null || !sets.isEmpty()) {
      throw new AnalysisException(
          "INVALID_PIVOT",
          "a table can be pivoted once, after groupBy: column="
              + by.column().sql()
              + "; call groupBy, then pivot");
    }
    return new GroupedData(table, groupings, sets, by);
  }

  /** The grouping columns and the given aggregates, one row a group. */
  public DataFrame agg(Column aggregate, Column... aggregates) {
    List<Expression> all = new ArrayList<>(List.of(aggregate.expression()));
    all.addAll(DataFrame.expressions(aggregates));
    return aggregate(all);
  }

  /** Aggregates as column name to function name: {@code Map.of("price", "max", "*", "count")}. */
  public DataFrame agg(Map<String, String> aggregates) {
    List<Expression> all = new ArrayList<>();
    aggregates.forEach(
        (column, function) -> all.add(call(function.toLowerCase(Locale.ROOT), column)));
    return aggregate(all);
  }

  /** Number of rows of each group, as a column {@code count}. */
  public DataFrame count() {
    return aggregate(List.of(Alias.of(call("count", "*"), "count")));
  }

  /** The sum of each named column, or of all numeric ones if none is named. */
  public DataFrame sum(String... columns) {
    return numeric("sum", columns);
  }

  public DataFrame avg(String... columns) {
    return numeric("avg", columns);
  }

  public DataFrame mean(String... columns) {
    return avg(columns);
  }

  public DataFrame min(String... columns) {
    return numeric("min", columns);
  }

  public DataFrame max(String... columns) {
    return numeric("max", columns);
  }

  private DataFrame numeric(String function, String... columns) {
    List<String> names = columns.length > 0 ? Arrays.asList(columns) : numericColumns();
    return aggregate(names.stream().map(name -> call(function, name)).toList());
  }

  private List<String> numericColumns() {
    List<String> grouped =
        groupings.stream().map(grouping -> grouping.sql().toLowerCase(Locale.ROOT)).toList();
    return table.plan().output().stream()
        .filter(column -> column.type().isNumeric())
        .map(Attribute::name)
        .filter(name -> !grouped.contains(name.toLowerCase(Locale.ROOT)))
        .map(name -> "`" + name.replace("`", "``") + "`")
        .toList();
  }

  private static Expression call(String function, String column) {
    Expression argument = ColumnNames.parse(column);
    boolean rows = function.equals("count") && argument instanceof UnresolvedStar;
    return UnresolvedFunction.of(function, rows ? new Literal(1, AtomicType.INTEGER) : argument);
  }

  private DataFrame aggregate(List<Expression> aggregates) {
    if (pivot != null) {
      return pivot.of(table, groupings, aggregates);
    }
    List<Expression> results = new ArrayList<>(groupings);
    results.addAll(aggregates);
    List<Expression> keys =
        groupings.stream()
            .map(grouping -> grouping instanceof Alias alias ? alias.child() : grouping)
            .toList();
    return new DataFrame(
        table.engine(),
        sets.isEmpty()
            ? new Aggregate(keys, results, table.plan())
            : new GroupedBySets(keys, sets, results, table.plan()));
  }
}
