package io.arrowmill.analysis;

import static io.arrowmill.analysis.Definition.rewrite;
import static io.arrowmill.analysis.Definition.scalar;
import static io.arrowmill.analysis.Param.DATE;
import static io.arrowmill.analysis.Param.INT;
import static io.arrowmill.analysis.Param.LONG;
import static io.arrowmill.analysis.Param.STRING;
import static io.arrowmill.analysis.Param.TIMESTAMP;

import io.arrowmill.analysis.Definition.Nulls;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Cast;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.types.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Dates and timestamps; event-time windows are {@link TimeWindows}. */
final class TimeFunctions {
  private TimeFunctions() {}

  static List<Definition> all() {
    List<Definition> all = new ArrayList<>();
    for (String name :
        List.of("year", "quarter", "month", "dayofweek", "dayofyear", "weekofyear")) {
      all.add(scalar(name).takes(DATE).gives(DataTypes.INTEGER));
    }
    all.add(scalar("day", "dayofmonth").takes(DATE).gives(DataTypes.INTEGER));
    for (String name : List.of("hour", "minute", "second")) {
      all.add(scalar(name).takes(Param.ANY_TIMESTAMP).gives(DataTypes.INTEGER));
    }
    all.add(rewrite("date_part", 2, 2, TimeFunctions::part));
    all.add(rewrite("extract", 2, 2, TimeFunctions::part));
    days(all);
    conversions(all);
    return all;
  }

  private static void days(List<Definition> all) {
    all.add(scalar("date_add", "dateadd").takes(DATE, Param.DAYS).gives(DataTypes.DATE));
    all.add(scalar("date_sub").takes(DATE, Param.DAYS).gives(DataTypes.DATE));
    all.add(scalar("datediff", "date_diff").takes(DATE, DATE).gives(DataTypes.INTEGER));
    all.add(scalar("add_months").takes(DATE, INT).gives(DataTypes.DATE));
    all.add(scalar("last_day").takes(DATE).gives(DataTypes.DATE));
    all.add(scalar("next_day").takes(DATE, STRING).gives(DataTypes.DATE));
    all.add(
        scalar("months_between")
            .takes(TIMESTAMP, TIMESTAMP, Param.BOOLEAN)
            .optional(1)
            .gives(DataTypes.DOUBLE));
    all.add(scalar("trunc").takes(DATE, STRING).nulls(Nulls.ALWAYS).gives(DataTypes.DATE));
    all.add(
        scalar("date_trunc")
            .takes(STRING, TIMESTAMP)
            .nulls(Nulls.ALWAYS)
            .gives(DataTypes.TIMESTAMP));
    all.add(scalar("make_date").takes(INT, INT, INT).gives(DataTypes.DATE));
    all.add(
        scalar("make_timestamp")
            .takes(INT, INT, INT, INT, INT, Param.of(DataTypes.decimal(16, 6)), STRING)
            .optional(1)
            .gives(DataTypes.TIMESTAMP));
    all.add(scalar("current_timestamp", "now").nulls(Nulls.NEVER).gives(DataTypes.TIMESTAMP));
    all.add(scalar("localtimestamp").nulls(Nulls.NEVER).gives(DataTypes.TIMESTAMP_NTZ));
    all.add(scalar("current_date", "curdate").nulls(Nulls.NEVER).gives(DataTypes.DATE));
  }

  private static void conversions(List<Definition> all) {
    all.add(scalar("date_format").takes(TIMESTAMP, STRING).gives(DataTypes.STRING));
    all.add(
        Definition.custom(
            Definition.Kind.SCALAR,
            List.of("to_date"),
            1,
            2,
            (name, a) ->
                a.size() == 1
                    ? new Cast(a.getFirst(), DataTypes.DATE, false)
                    : parse(name, a, DataTypes.DATE)));
    all.add(
        Definition.custom(
            Definition.Kind.SCALAR,
            List.of("to_timestamp"),
            1,
            2,
            (name, a) ->
                a.size() == 1
                    ? new Cast(a.getFirst(), DataTypes.TIMESTAMP, false)
                    : parse(name, a, DataTypes.TIMESTAMP)));
    Param textOrTime =
        (function, position, argument) ->
            Types.isTime(argument.type())
                ? TIMESTAMP.coerce(function, position, argument)
                : STRING.coerce(function, position, argument);
    all.add(scalar("unix_timestamp").takes(textOrTime, STRING).optional(2).gives(DataTypes.LONG));
    all.add(scalar("from_unixtime").takes(LONG, STRING).optional(1).gives(DataTypes.STRING));
    all.add(scalar("timestamp_seconds").takes(Param.NUMERIC).gives(DataTypes.TIMESTAMP));
    all.add(scalar("timestamp_millis").takes(Param.WHOLE).gives(DataTypes.TIMESTAMP));
    all.add(scalar("timestamp_micros").takes(Param.WHOLE).gives(DataTypes.TIMESTAMP));
    for (String name : List.of("unix_seconds", "unix_millis", "unix_micros")) {
      all.add(scalar(name).takes(TIMESTAMP).gives(DataTypes.LONG));
    }
    all.add(scalar("from_utc_timestamp").takes(TIMESTAMP, STRING).gives(DataTypes.TIMESTAMP));
    all.add(scalar("to_utc_timestamp").takes(TIMESTAMP, STRING).gives(DataTypes.TIMESTAMP));
  }

  private static Expression parse(
      String name, List<Expression> arguments, io.arrowmill.types.DataType type) {
    if (Types.isTime(arguments.getFirst().type())) {
      return new Cast(arguments.getFirst(), type, false);
    }
    return scalar(name).takes(STRING, STRING).gives(type).apply(arguments);
  }

  /** {@code extract(field FROM source)}, whose field is a literal. */
  private static Expression part(String name, List<Expression> arguments) {
    if (!(arguments.getFirst() instanceof Literal literal)
        || !(literal.value() instanceof String field)) {
      throw Errors.of(
          "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
          "field to extract must be a constant string: function="
              + name
              + ", expression="
              + arguments.getFirst().sql()
              + "; write it as in date_part('year', d)");
    }
    Expression source = arguments.get(1);
    return switch (field.toLowerCase(Locale.ROOT)) {
      case "year", "y", "years", "yr", "yrs" -> UnresolvedFunction.of("year", source);
      case "quarter", "qtr" -> UnresolvedFunction.of("quarter", source);
      case "month", "mon", "mons", "months" -> UnresolvedFunction.of("month", source);
      case "week", "w", "weeks" -> UnresolvedFunction.of("weekofyear", source);
      case "day", "d", "days" -> UnresolvedFunction.of("day", source);
      case "dayofweek", "dow" -> UnresolvedFunction.of("dayofweek", source);
      case "doy" -> UnresolvedFunction.of("dayofyear", source);
      case "hour", "h", "hours", "hr", "hrs" -> UnresolvedFunction.of("hour", source);
      case "minute", "m", "min", "mins", "minutes" -> UnresolvedFunction.of("minute", source);
      case "second", "s", "sec", "secs", "seconds" -> seconds(source);
      default ->
          throw Errors.of(
              "INVALID_EXTRACT_FIELD",
              "field must be known: field="
                  + field
                  + "; use year, quarter, month, week, day, dayofweek, doy, hour, minute or"
                  + " second");
    };
  }

  /** Seconds with their fraction: DECIMAL(8,6). */
  private static Expression seconds(Expression source) {
    Expression micros =
        UnresolvedFunction.of(
            "pmod",
            UnresolvedFunction.of("unix_micros", source),
            new Literal(60_000_000L, DataTypes.LONG));
    Expression product =
        UnresolvedFunction.of(
            "*",
            new Cast(micros, DataTypes.decimal(8, 0), false),
            new Literal(new java.math.BigDecimal("0.000001"), DataTypes.decimal(6, 6)));
    return new Cast(product, DataTypes.decimal(8, 6), false);
  }
}
