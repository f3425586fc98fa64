package io.arrowmill.analysis;

import io.arrowmill.plan.Expression;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.ArrayType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataType.MapType;
import io.arrowmill.types.DataTypes;

/** What a function takes in one place: checks an argument and converts it. */
@FunctionalInterface
interface Param {
  /** The argument as the function wants it. */
  Expression coerce(String function, int position, Expression argument);

  /** Any type, left as it is. */
  Param ANY = (function, position, argument) -> argument;

  Param STRING = of(DataTypes.STRING);
  Param BOOLEAN = of(DataTypes.BOOLEAN);
  Param INT = of(DataTypes.INTEGER);
  Param LONG = of(DataTypes.LONG);
  Param DOUBLE = of(DataTypes.DOUBLE);
  Param DATE = of(DataTypes.DATE);
  Param BINARY = of(DataTypes.BINARY);
  Param TIMESTAMP = of(DataTypes.TIMESTAMP);
  Param STRINGS = of(DataTypes.array(DataTypes.STRING));

  /** TIMESTAMP, or TIMESTAMP_NTZ left as it is. */
  Param ANY_TIMESTAMP =
      (function, position, argument) ->
          argument.type().equals(DataTypes.TIMESTAMP_NTZ)
              ? argument
              : TIMESTAMP.coerce(function, position, argument);

  /** A number of days: a whole number up to INT, or text. */
  Param DAYS =
      (function, position, argument) -> {
        if (argument.type().equals(DataTypes.LONG)
            || argument.type().isFloating()
            || argument.type() instanceof DecimalType) {
          throw Errors.wrongInput(function, position, "INT, SMALLINT or TINYINT", argument);
        }
        return INT.coerce(function, position, argument);
      };

  /** Any number; strings and NULL become DOUBLE. */
  Param NUMERIC =
      (function, position, argument) -> {
        if (argument.type().isNumeric()) {
          return argument;
        }
        if (argument.type().isOneOf(DataTypes.STRING, DataTypes.NULL)) {
          return Casts.cast(argument, DataTypes.DOUBLE);
        }
        throw Errors.wrongInput(function, position, "NUMERIC", argument);
      };

  /** Any whole number; strings become BIGINT. */
  Param INTEGRAL =
      (function, position, argument) -> {
        if (argument.type().isIntegral()) {
          return argument;
        }
        if (argument.type().isOneOf(DataTypes.STRING, DataTypes.NULL)) {
          return Casts.cast(argument, DataTypes.LONG);
        }
        throw Errors.wrongInput(function, position, "INTEGRAL", argument);
      };

  /** Any whole number, as BIGINT. */
  Param WHOLE =
      (function, position, argument) ->
          Casts.cast(INTEGRAL.coerce(function, position, argument), DataTypes.LONG);

  Param STRING_OR_BINARY =
      (function, position, argument) ->
          argument.type().equals(DataTypes.BINARY)
              ? argument
              : STRING.coerce(function, position, argument);

  Param ARRAY =
      (function, position, argument) -> {
        if (argument.type() instanceof ArrayType) {
          return argument;
        }
        if (argument.type().equals(DataTypes.NULL)) {
          return Casts.cast(argument, DataTypes.array(DataTypes.NULL));
        }
        throw Errors.wrongInput(function, position, "ARRAY", argument);
      };

  Param MAP =
      (function, position, argument) -> {
        if (argument.type() instanceof MapType) {
          return argument;
        }
        throw Errors.wrongInput(function, position, "MAP", argument);
      };

  Param ARRAY_OR_MAP =
      (function, position, argument) -> {
        if (argument.type() instanceof ArrayType || argument.type() instanceof MapType) {
          return argument;
        }
        throw Errors.wrongInput(function, position, "ARRAY or MAP", argument);
      };

  /** A string, or a list of strings. */
  Param STRING_OR_STRINGS =
      (function, position, argument) ->
          argument.type() instanceof ArrayType
              ? STRINGS.coerce(function, position, argument)
              : STRING.coerce(function, position, argument);

  /** A type whose values have an order. */
  Param ORDERABLE =
      (function, position, argument) -> {
        if (Types.isOrderable(argument.type())) {
          return argument;
        }
        throw Errors.wrongInput(function, position, "a type with an order", argument);
      };

  /** Exactly this type, after implicit conversion. */
  static Param of(DataType type) {
    return (function, position, argument) -> {
      DataType from = argument.type();
      boolean stringForInterval =
          type.isOneOf(AtomicType.DAY_TIME_INTERVAL, AtomicType.YEAR_MONTH_INTERVAL);
      if (stringForInterval || !Coercion.implicit(from, type)) {
        if (!Casts.sameValues(from, type)) {
          throw Errors.wrongInput(function, position, type.sql(), argument);
        }
      }
      return Casts.cast(argument, type);
    };
  }
}
