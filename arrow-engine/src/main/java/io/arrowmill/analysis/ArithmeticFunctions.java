package io.arrowmill.analysis;

import static io.arrowmill.analysis.Definition.scalar;

import io.arrowmill.analysis.Definition.Kind;
import io.arrowmill.analysis.Definition.Nulls;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Call;
import io.arrowmill.plan.Expression.Literal;
import io.arrowmill.plan.Expression.UnresolvedFunction;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataType.AtomicType;
import io.arrowmill.types.DataType.DecimalType;
import io.arrowmill.types.DataTypes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Arithmetic, mathematics and bits. */
final class ArithmeticFunctions {
  private ArithmeticFunctions() {}

  static List<Definition> all() {
    List<Definition> all = new ArrayList<>();
    for (String operator : List.of("+", "-", "*", "/")) {
      all.add(binary(List.of(operator), operator, false));
    }
    all.add(binary(List.of("%", "mod"), "%", false));
    all.add(binary(List.of("pmod"), "%", false));
    all.add(binary(List.of("try_add"), "+", true));
    all.add(binary(List.of("try_subtract"), "-", true));
    all.add(binary(List.of("try_multiply"), "*", true));
    all.add(binary(List.of("try_divide"), "/", true));
    all.add(
        Definition.custom(Kind.SCALAR, List.of("div"), 2, 2, ArithmeticFunctions::integralDivide));
    all.add(days("plus_days", "+", "date_add"));
    all.add(days("minus_days", "-", "date_sub"));
    all.add(scalar("negative").takes(numberOrInterval()).gives(a -> a.getFirst().type()));
    all.add(
        Definition.rewrite(
            "positive", 1, 1, (name, a) -> Param.NUMERIC.coerce(name, 1, a.getFirst())));
    all.add(scalar("abs").takes(numberOrInterval()).gives(a -> a.getFirst().type()));
    all.add(scalar("ceil", "ceiling").takes(roundable()).gives(ArithmeticFunctions::wholeType));
    all.add(scalar("floor").takes(roundable()).gives(ArithmeticFunctions::wholeType));
    all.add(rounding("round"));
    all.add(rounding("bround"));
    for (String name : List.of("cbrt", "cos", "degrees", "exp", "radians", "sin", "sqrt", "tan")) {
      all.add(scalar(name).takes(Param.DOUBLE).gives(DataTypes.DOUBLE));
    }
    all.add(scalar("sign", "signum").takes(Param.DOUBLE).gives(DataTypes.DOUBLE));
    for (String name : List.of("ln", "log10", "log2")) {
      all.add(scalar(name).takes(Param.DOUBLE).nulls(Nulls.ALWAYS).gives(DataTypes.DOUBLE));
    }
    all.add(
        scalar("log")
            .takes(Param.DOUBLE, Param.DOUBLE)
            .optional(1)
            .nulls(Nulls.ALWAYS)
            .gives(DataTypes.DOUBLE));
    all.add(scalar("pow", "power").takes(Param.DOUBLE, Param.DOUBLE).gives(DataTypes.DOUBLE));
    for (String name : List.of("greatest", "least")) {
      all.add(
          scalar(name)
              .takes(Param.ORDERABLE, Param.ORDERABLE)
              .andMore(Param.ORDERABLE)
              .ofOneType()
              .nulls(Nulls.IF_ALL_ARGUMENTS)
              .gives(a -> a.getFirst().type()));
    }
    bits(all);
    return all;
  }

  private static void bits(List<Definition> all) {
    for (String name : List.of("&", "|", "^")) {
      all.add(Definition.custom(Kind.SCALAR, List.of(name), 2, 2, ArithmeticFunctions::bitwise));
    }
    all.add(scalar("~").takes(Param.INTEGRAL).gives(a -> a.getFirst().type()));
    Param intOrLong =
        (function, position, argument) ->
            argument.type().equals(DataTypes.LONG)
                ? argument
                : Param.INT.coerce(function, position, argument);
    all.add(scalar("shiftleft", "<<").takes(intOrLong, Param.INT).gives(a -> a.getFirst().type()));
    all.add(scalar("shiftright", ">>").takes(intOrLong, Param.INT).gives(a -> a.getFirst().type()));
    all.add(
        scalar("shiftrightunsigned", ">>>")
            .takes(intOrLong, Param.INT)
            .gives(a -> a.getFirst().type()));
    Param integralOrBoolean =
        (function, position, argument) ->
            argument.type().equals(DataTypes.BOOLEAN)
                ? argument
                : Param.INTEGRAL.coerce(function, position, argument);
    all.add(scalar("bit_count").takes(integralOrBoolean).gives(DataTypes.INTEGER));
  }

  private static Expression bitwise(String name, List<Expression> arguments) {
    Expression left = arguments.get(0);
    Expression right = arguments.get(1);
    DataType common = Coercion.common(left.type(), right.type());
    if (common != null && common.isOneOf(DataTypes.NULL, DataTypes.STRING)) {
      common = DataTypes.LONG;
    }
    boolean texts = left.type().equals(DataTypes.STRING) && right.type().equals(DataTypes.STRING);
    if (common == null || texts || !common.isIntegral()) {
      throw left.type().equals(right.type())
          ? Errors.binaryWrongType(name, "INTEGRAL", left, right)
          : Errors.binaryDifferentTypes(name, left, right);
    }
    List<Expression> operands = Coercion.castAll(arguments, common);
    return new Call(name, operands, common, anyNullable(operands));
  }

  private static Param numberOrInterval() {
    return (function, position, argument) ->
        Types.isInterval(argument.type())
            ? argument
            : Param.NUMERIC.coerce(function, position, argument);
  }

  /** DECIMAL, BIGINT or DOUBLE: what rounds to whole numbers. */
  private static Param roundable() {
    return (function, position, argument) -> {
      Expression number = Param.NUMERIC.coerce(function, position, argument);
      if (number.type() instanceof DecimalType) {
        return number;
      }
      return Casts.cast(number, number.type().isIntegral() ? DataTypes.LONG : DataTypes.DOUBLE);
    };
  }

  private static DataType wholeType(List<Expression> arguments) {
    return arguments.getFirst().type() instanceof DecimalType decimal
        ? DecimalRules.bounded(decimal.precision() - decimal.scale() + 1, 0)
        : DataTypes.LONG;
  }

  private static Definition rounding(String name) {
    return scalar(name)
        .takes(Param.NUMERIC, ArithmeticFunctions::literalInt)
        .optional(1)
        .gives(arguments -> {
          if (!(arguments.getFirst().type() instanceof DecimalType decimal)) {
            return arguments.getFirst().type();
          }
          int scale =
              arguments.size() > 1
                      && arguments.get(1) instanceof Literal literal
                      && literal.value() instanceof Integer digits
                  ? digits
                  : 0;
          int whole = decimal.precision() - decimal.scale() + 1;
          if (scale < 0) {
            return DecimalRules.bounded(Math.max(whole, 1 - scale), 0);
          }
          int kept = Math.min(decimal.scale(), scale);
          return DecimalRules.bounded(whole + kept, kept);
        });
  }

  private static Expression literalInt(String function, int position, Expression argument) {
    Expression number = Param.INT.coerce(function, position, argument);
    if (number instanceof Call call
        && call.name().equals("negative")
        && call.arguments().getFirst() instanceof Literal literal
        && literal.value() instanceof Integer value) {
      return new Literal(-value, DataTypes.INTEGER);
    }
    if (number instanceof Literal) {
      return number;
    }
    if (argument instanceof Literal literal && literal.value() instanceof Number value) {
      return new Literal(value.intValue(), DataTypes.INTEGER);
    }
    throw Errors.of(
        "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
        "number of digits must be a constant: function="
            + function
            + ", expression="
            + argument.sql()
            + "; write it as a number");
  }

  private static Expression integralDivide(String name, List<Expression> arguments) {
    DataType common = Coercion.common(arguments);
    if (common == null || !(common.isIntegral() || common instanceof DecimalType)) {
      if (common != null && common.equals(DataTypes.NULL)) {
        common = DataTypes.LONG;
      } else {
        throw Errors.binaryWrongType(
            name, "whole numbers or DECIMAL", arguments.get(0), arguments.get(1));
      }
    }
    // Decimals are divided as they are: their common type may have fewer digits.
    List<Expression> operands =
        common instanceof DecimalType
            ? List.of(asDecimal(arguments.get(0), common), asDecimal(arguments.get(1), common))
            : Coercion.castAll(arguments, common);
    return new Call(name, operands, DataTypes.LONG, anyNullable(operands));
  }

  /** Arithmetic with an interval of whole days: a date stays one. */
  private static Definition days(String name, String operator, String ofDates) {
    return Definition.rewrite(
        name,
        2,
        2,
        (ignored, arguments) -> {
          Expression left = arguments.get(0);
          Expression right = arguments.get(1);
          return left.type().equals(DataTypes.DATE)
                  && right instanceof Literal literal
                  && literal.value() instanceof Duration days
                  && days.equals(Duration.ofDays(days.toDays()))
              ? UnresolvedFunction.of(
                  ofDates, left, new Literal(Math.toIntExact(days.toDays()), DataTypes.INTEGER))
              : UnresolvedFunction.of(operator, left, right);
        });
  }

  private static Definition binary(List<String> names, String operator, boolean tryMode) {
    return Definition.custom(
        Kind.SCALAR,
        names,
        2,
        2,
        (name, arguments) -> {
          Expression left = arguments.get(0);
          Expression right = arguments.get(1);
          if (Types.isTime(left.type())
              || Types.isTime(right.type())
              || Types.isInterval(left.type())
              || Types.isInterval(right.type())) {
            return time(name, operator, left, right);
          }
          return numeric(name, operator, left, right, tryMode);
        });
  }

  private static Expression numeric(
      String name, String operator, Expression left, Expression right, boolean tryMode) {
    boolean bothStrings =
        left.type().equals(DataTypes.STRING) && right.type().equals(DataTypes.STRING);
    DataType common = Coercion.common(left.type(), right.type());
    if (common != null && common.equals(DataTypes.NULL)) {
      common = DataTypes.DOUBLE;
    }
    if (common == null) {
      throw Errors.binaryDifferentTypes(name, left, right);
    }
    if (bothStrings || !common.isNumeric()) {
      throw Errors.binaryWrongType(name, "NUMERIC", left, right);
    }
    if (common instanceof DecimalType) {
      List<Expression> operands = List.of(asDecimal(left, common), asDecimal(right, common));
      DataType type =
          DecimalRules.arithmetic(
              operator, (DecimalType) operands.get(0).type(), (DecimalType) operands.get(1).type());
      return new Call(name, operands, type, tryMode || anyNullable(operands));
    }
    if (operator.equals("/")) {
      common = DataTypes.DOUBLE;
    }
    List<Expression> operands = Coercion.castAll(List.of(left, right), common);
    return new Call(name, operands, common, tryMode || anyNullable(operands));
  }

  /** The operand as a decimal of its own precision. */
  private static Expression asDecimal(Expression operand, DataType common) {
    return Casts.cast(
        operand, DecimalRules.ofOperand(Casts.cast(operand, nullAs(operand, common))));
  }

  private static DataType nullAs(Expression operand, DataType common) {
    return operand.type().equals(DataTypes.NULL) ? common : operand.type();
  }

  private static boolean anyNullable(List<Expression> expressions) {
    return expressions.stream().anyMatch(Expression::nullable);
  }

  /** Arithmetic with dates, timestamps and intervals. */
  private static Expression time(String name, String operator, Expression left, Expression right) {
    if (operator.equals("+") || operator.equals("-")) {
      Expression sum = timeSum(name, operator, left, right);
      if (sum != null) {
        return sum;
      }
    }
    boolean scaled =
        operator.equals("*") && Types.isInterval(right.type()) && left.type().isNumeric();
    if (scaled) {
      return call(name, right.type(), right, left);
    }
    if ((operator.equals("*") || operator.equals("/"))
        && Types.isInterval(left.type())
        && right.type().isNumeric()) {
      return call(name, left.type(), left, right);
    }
    throw Errors.binaryDifferentTypes(name, left, right);
  }

  private static @org.jspecify.annotations.Nullable Expression timeSum(
      String name, String operator, Expression left, Expression right) {
    boolean plus = operator.equals("+");
    DataType from = left.type();
    DataType by = right.type();
    if (plus && !Types.isTime(from) && Types.isTime(by)) {
      return timeSum(name, operator, right, left);
    }
    if (Types.isInterval(from) && from.equals(by)) {
      return call(name, from, left, right);
    }
    if (Types.isTimestamp(from) && Types.isInterval(by)) {
      return call(name, from, left, right);
    }
    if (from.equals(DataTypes.DATE)) {
      if (by.isNumeric()) {
        return UnresolvedFunction.of(plus ? "date_add" : "date_sub", left, right);
      }
      if (by.equals(AtomicType.YEAR_MONTH_INTERVAL)) {
        return call(name, from, left, right);
      }
      if (by.equals(AtomicType.DAY_TIME_INTERVAL)) {
        return call(name, DataTypes.TIMESTAMP, Casts.cast(left, DataTypes.TIMESTAMP), right);
      }
    }
    if (!plus && (Types.isTime(from) || Types.isTime(by))) {
      DataType common = Coercion.common(from, by);
      if (common != null && Types.isTime(common)) {
        return call(
            name,
            AtomicType.DAY_TIME_INTERVAL,
            Casts.cast(left, common),
            Casts.cast(right, common));
      }
    }
    return null;
  }

  private static Call call(String name, DataType type, Expression left, Expression right) {
    return new Call(name, List.of(left, right), type, left.nullable() || right.nullable());
  }
}
