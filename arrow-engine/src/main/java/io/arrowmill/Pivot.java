package io.arrowmill;

import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Alias;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.LogicalPlan.Aggregate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column whose values become columns. Rows are grouped by the keys and the column first; then
 * each key's results of one value of the column go to the columns of that value, null where there
 * are none.
 *
 * @param values in the order of the columns
 */
record Pivot(Expression column, List<@Nullable Object> values) {
  static final int VALUES_MAX = 10_000;

  /** The values that a column of a bounded table has, in order. */
  static Pivot found(DataFrame table, Column column) {
    List<@Nullable Object> values = new ArrayList<>();
    DataFrame distinct = table.select(column.as("value")).distinct().orderBy("value");
    distinct.limit(VALUES_MAX + 1).collect().forEach(row -> values.add(row.get(0)));
    if (values.size() > VALUES_MAX) {
      throw new AnalysisException(
          "_LEGACY_ERROR_TEMP_1324",
          "a pivot column must have few values: column="
              + column.expression().sql()
              + ", max="
              + VALUES_MAX
              + "; give the values that are wanted");
    }
    return new Pivot(column.expression(), values);
  }

  DataFrame of(DataFrame table, List<Expression> keys, List<Expression> aggregates) {
    List<Expression> groupings = new ArrayList<>();
    List<Expression> results = new ArrayList<>(keys);
    keys.forEach(key -> groupings.add(plain(key)));
    groupings.add(plain(column));
    results.add(Alias.of(plain(column), "__pivot"));
    for (int i = 0; i < aggregates.size(); i++) {
      results.add(Alias.of(plain(aggregates.get(i)), "__result" + i));
    }
    DataFrame grouped =
        new DataFrame(table.engine(), new Aggregate(groupings, results, table.plan()));
    List<Attribute> columns = grouped.plan().output();
    List<Attribute> kept = columns.subList(0, keys.size());
    Attribute pivot = columns.get(keys.size());
    List<Expression> outputs = new ArrayList<>(kept);
    List<String> names = names(table, aggregates);
    for (Object value : values) {
      Expression isValue = UnresolvedFunction.of("<=>", pivot, Functions.lit(value).expression());
      for (int i = 0; i < aggregates.size(); i++) {
        Attribute result = columns.get(keys.size() + 1 + i);
        outputs.add(
            Alias.of(
                new UnresolvedFunction("first", List.of(result), false, isValue),
                aggregates.size() == 1 ? String.valueOf(value) : value + "_" + names.get(i)));
      }
    }
    return new DataFrame(table.engine(), new Aggregate(List.copyOf(kept), outputs, grouped.plan()));
  }

  private static Expression plain(Expression expression) {
    return expression instanceof Alias alias ? alias.child() : expression;
  }

  private static List<String> names(DataFrame table, List<Expression> aggregates) {
    DataFrame all =
        new DataFrame(table.engine(), new Aggregate(List.of(), aggregates, table.plan()));
    return List.of(all.columns());
  }
}
