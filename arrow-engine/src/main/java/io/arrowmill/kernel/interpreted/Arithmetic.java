package io.arrowmill.kernel.interpreted;

import io.arrowmill.ArrowmillException;
import io.arrowmill.types.DataType.DecimalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Period;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Operators on numbers and intervals. */
final class Arithmetic {
  /**
   * Digits after the point that a quotient is rounded to before it is rounded to its type, as in
   * Spark: more than any type has.
   */
  private static final int QUOTIENT_SCALE = 39;

  private static final Set<String> CONDITIONS_OF_TRY =
      Set.of(
          "ARITHMETIC_OVERFLOW",
          "BINARY_ARITHMETIC_OVERFLOW",
          "DIVIDE_BY_ZERO",
          "REMAINDER_BY_ZERO",
          "INTERVAL_DIVIDED_BY_ZERO",
          "DATETIME_OVERFLOW",
          "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION");

  private Arithmetic() {}

  static void register(FunctionTable table) {
    table.strict2("+", Arithmetic::add);
    table.strict2("-", Arithmetic::subtract);
    table.strict2("*", Arithmetic::multiply);
    table.bound("/", divisorFirst(Arithmetic::divide, false));
    table.bound("% mod", divisorFirst(Arithmetic::remainder, false));
    table.bound("pmod", divisorFirst(Arithmetic::positiveRemainder, false));
    table.bound("div", divisorFirst(Arithmetic::wholeQuotient, false));
    table.strict1("negative", Arithmetic::negate);
    table.strict1("positive", (site, a) -> a);
    table.strict1("abs", Arithmetic::absolute);
    table.strict1("sign signum", Arithmetic::sign);
    table.strict2("try_add", orNull(Arithmetic::add));
    table.strict2("try_subtract", orNull(Arithmetic::subtract));
    table.strict2("try_multiply", orNull(Arithmetic::multiply));
    table.bound("try_divide", divisorFirst(orNull(Arithmetic::divide), true));
    table.bound("try_mod", divisorFirst(orNull(Arithmetic::remainder), true));
  }

  /**
   * A function of dividend and divisor that looks at the divisor first: where that is NULL, or zero
   * and {@code zeroIsNull}, the dividend is not evaluated and can't fail.
   */
  private static FunctionTable.Binder divisorFirst(
      FunctionTable.Binary function, boolean zeroIsNull) {
    return (site, arguments) -> {
      Evaluator dividend = arguments.get(0);
      Evaluator divisor = arguments.get(1);
      return row -> {
        Object b = divisor.evaluate(row);
        if (b == null || (zeroIsNull && b instanceof Number && isZero(b))) {
          return null;
        }
        Object a = dividend.evaluate(row);
        return a == null ? null : function.apply(site, a, b);
      };
    };
  }

  /** The function with NULL where it has no value; faults of its arguments stay faults. */
  static FunctionTable.Binary orNull(FunctionTable.Binary function) {
    return (site, a, b) -> {
      try {
        Object value = function.apply(site, a, b);
        return value == null ? null : Numbers.conform(site, value);
      } catch (ArrowmillException e) {
        if (CONDITIONS_OF_TRY.contains(e.condition())) {
          return null;
        }
        throw e;
      }
    };
  }

  /** An exact operation on longs. */
  @FunctionalInterface
  private interface LongOperation {
    long apply(long a, long b);
  }

  /**
   * Applies an operation that throws ArithmeticException when the result needs more than 64 bits.
   */
  private static Object exactly(CallSite site, Object a, Object b, LongOperation operation) {
    try {
      long result = operation.apply(Numbers.toLong(a), Numbers.toLong(b));
      if (!site.type().isIntegral()) {
        return result;
      }
      Object fitted = Numbers.fit(BigInteger.valueOf(result), site.type());
      if (fitted != null) {
        return fitted;
      }
    } catch (ArithmeticException e) {
      // Reported below, with the values.
    }
    boolean binary = site.expression().children().size() == 2;
    throw binary && isSmall(a) ? site.binaryOverflow(a, b) : site.overflow(a, b);
  }

  private static boolean isSmall(Object value) {
    return value instanceof Byte || value instanceof Short;
  }

  private static boolean decimals(Object a, Object b) {
    return a instanceof BigDecimal || b instanceof BigDecimal;
  }

  private static boolean floating(Object a, Object b) {
    return Numbers.isFloating(a) || Numbers.isFloating(b);
  }

  /** The double in the class of the operands. */
  private static Object ofClass(Object a, Object b, double value) {
    return a instanceof Float && b instanceof Float ? (Object) (float) value : (Object) value;
  }

  static Object add(CallSite site, Object a, Object b) {
    if (!(a instanceof Number && b instanceof Number)) {
      return TimeArithmetic.add(site, a, b);
    }
    if (floating(a, b)) {
      // The sum, difference and product of two floats, rounded from double, are those of float
      // arithmetic.
      return ofClass(a, b, Numbers.toDouble(a) + Numbers.toDouble(b));
    }
    if (decimals(a, b)) {
      return Numbers.toDecimal(a).add(Numbers.toDecimal(b));
    }
    return exactly(site, a, b, Math::addExact);
  }

  static Object subtract(CallSite site, Object a, Object b) {
    if (!(a instanceof Number && b instanceof Number)) {
      return TimeArithmetic.subtract(site, a, b);
    }
    if (floating(a, b)) {
      return ofClass(a, b, Numbers.toDouble(a) - Numbers.toDouble(b));
    }
    if (decimals(a, b)) {
      return Numbers.toDecimal(a).subtract(Numbers.toDecimal(b));
    }
    return exactly(site, a, b, Math::subtractExact);
  }

  static Object multiply(CallSite site, Object a, Object b) {
    if (!(a instanceof Number && b instanceof Number)) {
      return TimeArithmetic.multiply(site, a, b);
    }
    if (floating(a, b)) {
      return ofClass(a, b, Numbers.toDouble(a) * Numbers.toDouble(b));
    }
    if (decimals(a, b)) {
      return Numbers.toDecimal(a).multiply(Numbers.toDecimal(b));
    }
    return exactly(site, a, b, Math::multiplyExact);
  }

  private static boolean isZero(Object number) {
    return number instanceof BigDecimal decimal
        ? decimal.signum() == 0
        : Numbers.toDouble(number) == 0;
  }

  static Object divide(CallSite site, Object a, Object b) {
    if (!(a instanceof Number)) {
      return TimeArithmetic.divide(site, a, b);
    }
    if (isZero(b)) {
      throw site.divideByZero(a, b);
    }
    if (floating(a, b) || !decimals(a, b)) {
      return ofClass(a, b, Numbers.toDouble(a) / Numbers.toDouble(b));
    }
    return Numbers.toDecimal(a).divide(Numbers.toDecimal(b), QUOTIENT_SCALE, RoundingMode.HALF_UP);
  }

  private static ArrowmillException remainderByZero(CallSite site, Object a, Object b) {
    return site.fault(
        "REMAINDER_BY_ZERO", "divisor must not be zero", "use try_mod to get NULL instead", a, b);
  }

  static Object remainder(CallSite site, Object a, Object b) {
    if (isZero(b)) {
      throw remainderByZero(site, a, b);
    }
    if (floating(a, b)) {
      return ofClass(a, b, Numbers.toDouble(a) % Numbers.toDouble(b));
    }
    if (decimals(a, b)) {
      return Numbers.toDecimal(a).remainder(Numbers.toDecimal(b));
    }
    return exactly(site, a, b, (x, y) -> x % y);
  }

  private static Object positiveRemainder(CallSite site, Object a, Object b) {
    if (isZero(b)) {
      throw remainderByZero(site, a, b);
    }
    if (floating(a, b)) {
      double divisor = Numbers.toDouble(b);
      double rest = Numbers.toDouble(a) % divisor;
      // The sum is rounded to the type of the arguments, too.
      double sum = Numbers.toDouble(ofClass(a, b, rest + divisor));
      return ofClass(a, b, rest < 0 ? sum % divisor : rest);
    }
    if (decimals(a, b)) {
      BigDecimal divisor = Numbers.toDecimal(b);
      BigDecimal rest = Numbers.toDecimal(a).remainder(divisor);
      return rest.signum() < 0 ? rest.add(divisor).remainder(divisor) : rest;
    }
    return exactly(
        site,
        a,
        b,
        (x, y) -> {
          BigInteger divisor = BigInteger.valueOf(y);
          BigInteger rest = BigInteger.valueOf(x).remainder(divisor);
          return (rest.signum() < 0 ? rest.add(divisor).remainder(divisor) : rest).longValueExact();
        });
  }

  private static Object wholeQuotient(CallSite site, Object a, Object b) {
    if (a instanceof Duration || a instanceof Period) {
      return TimeArithmetic.wholeQuotient(site, a, b);
    }
    if (isZero(b)) {
      throw site.divideByZero(a, b);
    }
    BigInteger quotient =
        Numbers.toDecimal(a).divideToIntegralValue(Numbers.toDecimal(b)).toBigInteger();
    if (decimals(a, b) && new BigDecimal(quotient).precision() > DecimalType.PRECISION_MAX) {
      throw Numbers.outOfRange(site, quotient);
    }
    Object fitted = Numbers.fit(quotient, site.type());
    if (fitted == null) {
      throw site.overflow(a, b);
    }
    return fitted;
  }

  private static Object negate(CallSite site, Object a) {
    return switch (a) {
      case Double value -> -value;
      case Float value -> -value;
      case BigDecimal value -> value.negate();
      case Duration value -> value.negated();
      case Period value -> value.negated();
      default -> exactly(site, a, a, (x, y) -> Math.negateExact(x));
    };
  }

  private static Object absolute(CallSite site, Object a) {
    return switch (a) {
      case Double value -> Math.abs(value);
      case Float value -> Math.abs(value);
      case BigDecimal value -> value.abs();
      case Duration value -> value.abs();
      case Period value -> value.isNegative() ? value.negated() : value;
      default -> exactly(site, a, a, (x, y) -> x < 0 ? Math.negateExact(x) : x);
    };
  }

  private static @Nullable Object sign(CallSite site, Object a) {
    return switch (a) {
      case BigDecimal value -> (double) value.signum();
      case Duration value -> (double) Integer.signum(value.compareTo(Duration.ZERO));
      case Period value -> (double) Long.signum(value.toTotalMonths());
      default -> Math.signum(Numbers.toDouble(a));
    };
  }
}
