package io.arrowmill.kernel.interpreted;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Functions that round numbers. */
final class Rounding {
  private Rounding() {}

  static void register(FunctionTable table) {
    table.strict("round", (site, a) -> round(site, a, RoundingMode.HALF_UP));
    table.strict("bround", (site, a) -> round(site, a, RoundingMode.HALF_EVEN));
    table.strict("ceil ceiling", (site, a) -> toWhole(a, RoundingMode.CEILING));
    table.strict("floor", (site, a) -> toWhole(a, RoundingMode.FLOOR));
    table.strict1("rint", (site, a) -> Math.rint(Numbers.toDouble(a)));
  }

  private static Object round(CallSite site, Object[] arguments, RoundingMode mode) {
    Object value = arguments[0];
    int scale = arguments.length > 1 ? Numbers.toInt(arguments[1]) : 0;
    if (value instanceof Double number) {
      return Double.isFinite(number)
          ? (Object) Numbers.toDecimal(number).setScale(scale, mode).doubleValue()
          : value;
    }
    if (value instanceof Float number) {
      return Float.isFinite(number)
          ? (Object) new BigDecimal(number.toString()).setScale(scale, mode).floatValue()
          : value;
    }
    BigDecimal rounded = Numbers.toDecimal(value).setScale(scale, mode);
    if (value instanceof BigDecimal) {
      return rounded;
    }
    Object fitted = Numbers.fit(rounded.toBigInteger(), site.type());
    if (fitted == null) {
      throw site.overflow(value, scale);
    }
    return fitted;
  }

  private static Object toWhole(Object[] arguments, RoundingMode mode) {
    Object value = arguments[0];
    if (arguments.length > 1) {
      return Numbers.toDecimal(value).setScale(Numbers.toInt(arguments[1]), mode);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.setScale(0, mode);
    }
    if (Numbers.isFloating(value)) {
      double number = Numbers.toDouble(value);
      return (long) (mode == RoundingMode.CEILING ? Math.ceil(number) : Math.floor(number));
    }
    return value;
  }
}
