package io.arrowmill.analysis;

import io.arrowmill.analysis.Definition.Kind;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.AggregateCall;
import io.arrowmill.plan.Expression.CaseWhen;
import io.arrowmill.plan.Expression.CaseWhen.Branch;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.plan.Expression.UnresolvedStar;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataTypes;
import java.util.ArrayList;
import java.util.List;

/** Aggregate functions that are executed. Distinct and filter are put on afterwards. */
final class AggregateFunctions {
  private AggregateFunctions() {}

  static List<Definition> all() {
    return List.of(
        Definition.custom(
            Kind.AGGREGATE, List.of("count"), 1, Integer.MAX_VALUE, AggregateFunctions::count),
        one("sum", AggregateFunctions::numberOrInterval, AggregateFunctions::sumType, "sum"),
        one("try_sum", Param.NUMERIC, AggregateFunctions::sumType, "try_sum"),
        one(
            "avg",
            AggregateFunctions::numberOrInterval,
            AggregateFunctions::averageType,
            "avg",
            "mean"),
        one("min", Param.ORDERABLE, type -> type, "min"),
        one("max", Param.ORDERABLE, type -> type, "max"),
        one("min", Param.BOOLEAN, type -> type, "bool_and", "every"),
        one("max", Param.BOOLEAN, type -> type, "bool_or", "some", "any"),
        Definition.custom(Kind.AGGREGATE, List.of("count_if"), 1, 1, AggregateFunctions::countIf),
        edge("first", "first", "first_value", "any_value"),
        edge("last", "last", "last_value"),
        one("stddev", Param.DOUBLE, type -> type, "stddev", "stddev_samp", "std"),
        one("variance", Param.DOUBLE, type -> type, "variance", "var_samp"));
  }

  @FunctionalInterface
  private interface ResultType {
    DataType of(DataType argument);
  }

  private static Definition one(String name, Param param, ResultType result, String... names) {
    return Definition.custom(
        Kind.AGGREGATE,
        List.of(names),
        1,
        1,
        (ignored, arguments) -> {
          Expression argument = param.coerce(name, 1, arguments.getFirst());
          return call(name, List.of(argument), result.of(argument.type()), true);
        });
  }

  /** Rows for which a condition is true. */
  private static Expression countIf(String name, List<Expression> arguments) {
    Expression condition = Param.BOOLEAN.coerce(name, 1, arguments.getFirst());
    Expression marker =
        new CaseWhen(List.of(new Branch(condition, new Literal(1, DataTypes.INTEGER))), null);
    return call("count", List.of(marker), DataTypes.LONG, false);
  }

  /** One value of a group by the order of its rows; the second argument leaves nulls out. */
  private static Definition edge(String name, String... names) {
    return Definition.custom(
        Kind.AGGREGATE,
        List.of(names),
        1,
        2,
        (ignored, arguments) -> {
          Expression argument = Param.ANY.coerce(name, 1, arguments.getFirst());
          boolean present = arguments.size() == 2 && isTrue(name, arguments.getLast());
          return call(
              present ? name + AggregateCall.PRESENT : name,
              List.of(argument),
              argument.type(),
              true);
        });
  }

  private static boolean isTrue(String name, Expression flag) {
    if (flag instanceof Literal literal && literal.value() instanceof Boolean value) {
      return value;
    }
    throw Errors.of(
        "_LEGACY_ERROR_TEMP_1210",
        "whether nulls are left out must be true or false: function="
            + name
            + ", argument="
            + flag.sql());
  }

  private static AggregateCall call(
      String name, List<Expression> arguments, DataType type, boolean nullable) {
    return new AggregateCall(name, arguments, false, null, type, nullable);
  }

  private static Expression numberOrInterval(String function, int position, Expression argument) {
    return Types.isInterval(argument.type())
        ? argument
        : Param.NUMERIC.coerce(function, position, argument);
  }

  private static DataType sumType(DataType argument) {
    if (argument instanceof DecimalType decimal) {
      return DecimalRules.bounded(decimal.precision() + 10, decimal.scale());
    }
    if (argument.isIntegral()) {
      return DataTypes.LONG;
    }
    return argument.isFloating() ? DataTypes.DOUBLE : argument;
  }

  private static DataType averageType(DataType argument) {
    if (argument instanceof DecimalType decimal) {
      return DecimalRules.bounded(decimal.precision() + 4, decimal.scale() + 4);
    }
    return argument.isNumeric() ? DataTypes.DOUBLE : argument;
  }

  /** Rows if the argument can't be null, else rows with no null among the arguments. */
  private static Expression count(String name, List<Expression> arguments) {
    List<Expression> nullable =
        arguments.stream()
            .filter(argument -> !(argument instanceof UnresolvedStar) && argument.nullable())
            .toList();
    if (nullable.isEmpty()) {
      boolean constant = arguments.stream().allMatch(argument -> argument instanceof Literal);
      return call(
          name, constant ? List.of() : List.of(arguments.getFirst()), DataTypes.LONG, false);
    }
    if (arguments.size() == 1) {
      return call(name, arguments, DataTypes.LONG, false);
    }
    List<Expression> present = new ArrayList<>();
    for (Expression argument : nullable) {
      present.add(UnresolvedFunction.of("isnotnull", argument));
    }
    Expression all =
        present.stream()
            .reduce((left, right) -> UnresolvedFunction.of("and", left, right))
            .orElseThrow();
    Expression marker =
        new CaseWhen(List.of(new Branch(all, new Literal(1, DataTypes.INTEGER))), null);
    return call(name, List.of(marker), DataTypes.LONG, false);
  }
}
