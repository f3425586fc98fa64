package io.arrowmill.kernel.interpreted;

import java.math.BigInteger;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions on doubles, number bases, and the extremes of several values. */
final class Mathematics {
  private static final int FACTORIAL_MAX = 20;

  private Mathematics() {}

  static void register(FunctionTable table) {
    registerDoubles(table);
    table.strict2(
        "pow power", (site, a, b) -> StrictMath.pow(Numbers.toDouble(a), Numbers.toDouble(b)));
    table.strict2("atan2", (site, a, b) -> Math.atan2(Numbers.toDouble(a), Numbers.toDouble(b)));
    table.strict2("hypot", (site, a, b) -> Math.hypot(Numbers.toDouble(a), Numbers.toDouble(b)));
    table.strict("e", (site, a) -> Math.E);
    table.strict("pi", (site, a) -> Math.PI);
    table.strict("log", (site, a) -> log(a));
    table.strict1("ln", (site, a) -> positive(a, StrictMath::log));
    table.strict1("log10", (site, a) -> positive(a, StrictMath::log10));
    table.strict1("log2", (site, a) -> positive(a, x -> StrictMath.log(x) / StrictMath.log(2)));
    table.strict1("log1p", (site, a) -> log1p(Numbers.toDouble(a)));
    table.strict1("factorial", (site, a) -> factorial(Numbers.toInt(a)));
    table.strict1("bin", (site, a) -> Long.toBinaryString(Numbers.toLong(a)));
    table.strict("width_bucket", Mathematics::widthBucket);
    table.lenient("greatest", (site, a) -> extreme(a, 1));
    table.lenient("least", (site, a) -> extreme(a, -1));
  }

  private static void registerDoubles(FunctionTable table) {
    register(table, "sqrt", Math::sqrt);
    register(table, "cbrt", Math::cbrt);
    register(table, "exp", StrictMath::exp);
    register(table, "expm1", StrictMath::expm1);
    register(table, "sin", Math::sin);
    register(table, "cos", Math::cos);
    register(table, "tan", Math::tan);
    register(table, "cot", x -> 1 / Math.tan(x));
    register(table, "csc", x -> 1 / Math.sin(x));
    register(table, "sec", x -> 1 / Math.cos(x));
    register(table, "asin", Math::asin);
    register(table, "acos", Math::acos);
    register(table, "atan", Math::atan);
    register(table, "sinh", Math::sinh);
    register(table, "cosh", Math::cosh);
    register(table, "tanh", Math::tanh);
    register(table, "asinh", Mathematics::asinh);
    register(table, "acosh", x -> StrictMath.log(x + Math.sqrt(x * x - 1)));
    register(table, "atanh", x -> 0.5 * (StrictMath.log1p(x) - StrictMath.log1p(-x)));
    register(table, "degrees", Math::toDegrees);
    register(table, "radians", Math::toRadians);
  }

  private static void register(FunctionTable table, String name, DoubleUnaryOperator function) {
    table.strict1(name, (site, a) -> function.applyAsDouble(Numbers.toDouble(a)));
  }

  private static double asinh(double x) {
    double magnitude = Math.abs(x);
    double result =
        Double.isInfinite(x) ? magnitude : StrictMath.log(magnitude + Math.sqrt(x * x + 1));
    return Math.copySign(result, x);
  }

  /** The function's value, or NULL outside of its domain: numbers above zero (and NaN). */
  private static @Nullable Object positive(Object a, DoubleUnaryOperator function) {
    double x = Numbers.toDouble(a);
    return x <= 0 ? null : (Object) function.applyAsDouble(x);
  }

  private static @Nullable Object log1p(double x) {
    return x <= -1 ? null : (Object) StrictMath.log1p(x);
  }

  private static @Nullable Object log(Object[] arguments) {
    if (arguments.length == 1) {
      return positive(arguments[0], StrictMath::log);
    }
    double base = Numbers.toDouble(arguments[0]);
    double x = Numbers.toDouble(arguments[1]);
    return base <= 0 || x <= 0 ? null : (Object) (StrictMath.log(x) / StrictMath.log(base));
  }

  private static @Nullable Object factorial(int n) {
    if (n < 0 || n > FACTORIAL_MAX) {
      return null;
    }
    BigInteger product = BigInteger.ONE;
    for (int i = 2; i <= n; i++) {
      product = product.multiply(BigInteger.valueOf(i));
    }
    return product.longValueExact();
  }

  /**
   * The bucket, from 1, of a value among equal buckets between two bounds; 0 and count + 1 lie
   * outside.
   */
  private static @Nullable Object widthBucket(CallSite site, Object[] arguments) {
    double value = Numbers.toDouble(arguments[0]);
    double low = Numbers.toDouble(arguments[1]);
    double high = Numbers.toDouble(arguments[2]);
    long count = Numbers.toLong(arguments[3]);
    if (count <= 0
        || count == Long.MAX_VALUE
        || Double.isNaN(value)
        || low == high
        || !Double.isFinite(low)
        || !Double.isFinite(high)) {
      return null;
    }
    double lower = Math.min(low, high);
    double upper = Math.max(low, high);
    if (low < high) {
      return value < lower
          ? 0L
          : value >= upper
              ? (Object) (count + 1)
              : (Object) ((long) (count * (value - lower) / (upper - lower)) + 1);
    }
    return value > upper
        ? 0L
        : value <= lower
            ? (Object) (count + 1)
            : (Object) ((long) (count * (upper - value) / (upper - lower)) + 1);
  }

  private static @Nullable Object extreme(@Nullable Object[] values, int direction) {
    Object best = null;
    for (Object value : values) {
      if (value != null && (best == null || Ordering.compare(value, best) * direction > 0)) {
        best = value;
      }
    }
    return best;
  }
}
