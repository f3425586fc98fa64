package io.arrowmill.kernel.interpreted;

import static io.arrowmill.kernel.interpreted.Values.check;
import static io.arrowmill.kernel.interpreted.Values.checkFault;
import static io.arrowmill.kernel.interpreted.Values.checkNulls;
import static io.arrowmill.kernel.interpreted.Values.checkTyped;
import static io.arrowmill.kernel.interpreted.Values.date;
import static io.arrowmill.kernel.interpreted.Values.dec;
import static io.arrowmill.kernel.interpreted.Values.utc;

import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import java.time.Duration;
import java.time.Period;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArithmeticTest {
  private static final DataType INT = DataTypes.INTEGER;
  private static final DataType LONG = DataTypes.LONG;
  private static final DataType DOUBLE = DataTypes.DOUBLE;

  @Test
  void addsSubtractsMultiplies() {
    check("+", 5, 2, 3);
    check("-", -1L, 2L, 3L);
    check("*", (byte) -128, (byte) 64, (byte) -2);
    check("+", 0.1 + 0.2, 0.1, 0.2);
    check("+", 0.1f + 0.2f, 0.1f, 0.2f);
    check("*", 0.7f * 0.1f, 0.7f, 0.1f);
    check("-", Double.NaN, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    checkTyped("+", DataTypes.decimal(12, 2), dec("3.35"), dec("1.10"), dec("2.25"));
    checkTyped("*", DataTypes.decimal(10, 2), dec("-0.13"), dec("0.5"), dec("-0.25"));
    checkNulls("+", INT, 1, 2);
  }

  @Test
  void overflowIsAnErrorOfEachWidth() {
    checkFault("+", INT, "ARITHMETIC_OVERFLOW", Integer.MAX_VALUE, 1);
    checkFault("-", LONG, "ARITHMETIC_OVERFLOW", Long.MIN_VALUE, 1L);
    checkFault("*", LONG, "ARITHMETIC_OVERFLOW", Long.MIN_VALUE, -1L);
    checkFault("+", DataTypes.BYTE, "BINARY_ARITHMETIC_OVERFLOW", (byte) 127, (byte) 1);
    checkFault("*", DataTypes.SHORT, "BINARY_ARITHMETIC_OVERFLOW", (short) 256, (short) 128);
    checkFault("negative", INT, "ARITHMETIC_OVERFLOW", Integer.MIN_VALUE);
    checkFault("abs", LONG, "ARITHMETIC_OVERFLOW", Long.MIN_VALUE);
    checkFault("div", LONG, "ARITHMETIC_OVERFLOW", Long.MIN_VALUE, -1L);
    checkFault(
        "+",
        DataTypes.decimal(3, 1),
        "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
        dec("99.9"),
        dec("0.1"));
  }

  @Test
  void divides() {
    check("/", 2.5, 5.0, 2.0);
    checkTyped("/", DataTypes.decimal(10, 6), dec("0.666667"), dec("2.0"), dec("3.0"));
    check("div", -2L, -5, 2);
    checkTyped("div", LONG, 3L, dec("7.5"), dec("2.5"));
    check("%", -1, -5, 2);
    check("mod", 1.5, 5.5, 2.0);
    check("pmod", 1, -5, 2);
    check("pmod", Long.MAX_VALUE - 1, -1L, Long.MAX_VALUE);
    check("pmod", 0f, -2.5f, 8e8f); // the sum of rest and divisor is a float, which is the divisor
    check("pmod", 799_999_997.5, -2.5, 8e8);
    check("%", 0L, Long.MIN_VALUE, -1L);
    checkTyped("%", DataTypes.decimal(3, 1), dec("-0.5"), dec("-2.5"), dec("2.0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "div"})
  void divisionByZeroIsAnError(String operator) {
    checkFault(operator, LONG, "DIVIDE_BY_ZERO", 1L, 0L);
    checkFault(operator, DOUBLE, "DIVIDE_BY_ZERO", 1.0, -0.0);
    checkFault(operator, DataTypes.decimal(5, 2), "DIVIDE_BY_ZERO", dec("1"), dec("0.00"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "pmod"})
  void remainderByZeroIsAnError(String operator) {
    checkFault(operator, INT, "REMAINDER_BY_ZERO", 1, 0);
    checkFault(operator, DOUBLE, "REMAINDER_BY_ZERO", 1.0, 0.0);
  }

  @Test
  void tryFunctionsGiveNull() {
    checkTyped("try_add", INT, null, Integer.MAX_VALUE, 1);
    checkTyped("try_add", INT, 3, 1, 2);
    checkTyped("try_subtract", LONG, null, Long.MIN_VALUE, 1L);
    checkTyped("try_multiply", LONG, null, Long.MAX_VALUE, 2L);
    checkTyped("try_divide", DOUBLE, null, 1.0, 0.0);
    checkTyped("try_add", DataTypes.decimal(2, 0), null, dec("99"), dec("1"));
    // A fault of an argument is not the function's own.
    checkFault("/", DOUBLE, "DIVIDE_BY_ZERO", 1.0, 0.0);
  }

  @Test
  void signs() {
    check("negative", -0.0, 0.0);
    check("abs", 5, -5);
    check("abs", 0.0, -0.0);
    check("positive", -5, -5);
    checkTyped("sign", DOUBLE, -1.0, dec("-2.5"));
    check("signum", 0.0, 0.0);
  }

  @Test
  void rounds() {
    checkTyped("round", DOUBLE, 3.0, 2.5, 0);
    checkTyped("bround", DOUBLE, 2.0, 2.5, 0);
    checkTyped("round", DOUBLE, 2.68, 2.675, 2);
    checkTyped("round", DOUBLE, Double.NaN, Double.NaN, 2);
    checkTyped("round", INT, 130, 125, -1);
    checkTyped("bround", INT, 120, 125, -1);
    checkFault("round", INT, "ARITHMETIC_OVERFLOW", Integer.MAX_VALUE, -1);
    checkTyped("round", DataTypes.decimal(4, 1), dec("-1.3"), dec("-1.25"), 1);
    checkTyped("ceil", LONG, 0L, -0.1);
    checkTyped("floor", LONG, -1L, -0.1);
    checkTyped("ceil", DataTypes.decimal(4, 0), dec("4"), dec("3.1"));
    checkTyped("floor", DataTypes.decimal(5, 2), dec("3.14"), dec("3.149"), 2);
  }

  @Test
  void mathematics() {
    check("sqrt", 3.0, 9.0);
    check("cbrt", 3.0, 27.0);
    check("exp", 1.0, 0.0);
    check("pow", 8.0, 2.0, 3.0);
    check("log10", 3.0, 1000.0);
    check("log2", 3.0, 8.0);
    check("log", 2.0, 10.0, 100.0);
    check("ln", 0.0, 1.0);
    for (String function : new String[] {"ln", "log10", "log2", "log"}) {
      checkTyped(function, DOUBLE, null, 0.0);
    }
    check("degrees", 180.0, Math.PI);
    check("cos", 1.0, 0.0);
    checkTyped("factorial", LONG, 120L, 5);
    checkTyped("factorial", LONG, null, 21);
    checkTyped("width_bucket", LONG, 3L, 5.3, 0.2, 10.6, 5);
    check("greatest", Double.NaN, 1.0, Double.NaN, null);
    check("least", 1, 3, null, 1);
    checkTyped("greatest", INT, null, null, null);
  }

  @Test
  void bits() {
    check("&", 1, 3, 5);
    check("|", 7L, 3L, 5L);
    check("^", (byte) 6, (byte) 3, (byte) 5);
    check("~", -1, 0);
    check("shiftleft", 4, 2, 1);
    check("shiftleft", 1 << 1, 1, 33);
    check("shiftright", -1L, -2L, 1);
    check("shiftrightunsigned", 0x7FFFFFFF, -1, 1);
    checkTyped("bit_count", INT, 64, -1);
    checkTyped("bit_count", INT, 1, true);
  }

  @Test
  void timesAndIntervals() {
    check("+", date("2024-02-29"), date("2024-01-31"), Period.ofMonths(1));
    check("-", date("2024-02-28"), date("2024-03-01"), 2);
    check("+", utc("2024-01-01T12:00:00Z"), utc("2024-01-01T00:00:00Z"), Duration.ofHours(12));
    check("-", Duration.ofHours(36), utc("2024-01-02T12:00:00Z"), utc("2024-01-01T00:00:00Z"));
    check("-", Duration.ofDays(2), date("2024-03-01"), date("2024-02-28"));
    check("*", Duration.ofHours(3), Duration.ofHours(2), 1.5);
    check("/", Period.ofMonths(4), Period.ofMonths(7), 2);
    checkFault(
        "/", DataTypes.dayTimeInterval(), "INTERVAL_DIVIDED_BY_ZERO", Duration.ofHours(1), 0);
  }
}
