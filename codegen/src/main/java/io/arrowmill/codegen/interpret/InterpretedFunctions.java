package io.arrowmill.codegen.interpret;

import io.arrowmill.codegen.ir.Ir;
import io.arrowmill.codegen.runtime.KernelErrors;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The built-in functions, by way of java.lang.Math, BigDecimal and java.time. */
final class InterpretedFunctions {

  private InterpretedFunctions() {}

  static @Nullable Object call(Ir.Call node, List<Object> values) {
    return switch (node.function().group()) {
      case MATH -> math(node, values);
      case TIME -> time(node, values);
      case BYTES, TEXT_CAST -> InterpretedText.call(node, values);
    };
  }

  private static @Nullable Object math(Ir.Call node, List<Object> values) {
    double x = (Double) values.getFirst();
    return switch (node.function()) {
      case SQRT -> Math.sqrt(x);
      case CBRT -> Math.cbrt(x);
      case EXP -> StrictMath.exp(x);
      case EXPM1 -> StrictMath.expm1(x);
      case LN -> x <= 0 ? null : (Object) StrictMath.log(x);
      case LOG10 -> x <= 0 ? null : (Object) StrictMath.log10(x);
      case LOG2 -> x <= 0 ? null : (Object) (StrictMath.log(x) / StrictMath.log(2));
      case LOG1P -> x <= -1 ? null : (Object) StrictMath.log1p(x);
      case POW -> StrictMath.pow(x, (Double) values.get(1));
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case TAN -> Math.tan(x);
      case ASIN -> Math.asin(x);
      case ACOS -> Math.acos(x);
      case ATAN -> Math.atan(x);
      case ATAN2 -> Math.atan2(x + 0.0, (Double) values.get(1) + 0.0);
      case SINH -> Math.sinh(x);
      case COSH -> Math.cosh(x);
      case TANH -> Math.tanh(x);
      case SIGNUM -> Math.signum(x);
      case RINT -> Math.rint(x);
      case DEGREES -> Math.toDegrees(x);
      case RADIANS -> Math.toRadians(x);
      case FLOOR -> whole(x, RoundingMode.FLOOR);
      case CEIL -> whole(x, RoundingMode.CEILING);
      case ROUND -> round(x, (Integer) values.get(1), RoundingMode.HALF_UP);
      case BANKERS_ROUND -> round(x, (Integer) values.get(1), RoundingMode.HALF_EVEN);
      case IS_NAN -> Double.isNaN(x);
      default -> throw new IllegalStateException("unknown function: " + node.function());
    };
  }

  private static Object whole(double value, RoundingMode mode) {
    if (Double.isNaN(value)) {
      return 0L;
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
    BigInteger whole = new BigDecimal(value).setScale(0, mode).toBigInteger();
    return whole
        .min(BigInteger.valueOf(Long.MAX_VALUE))
        .max(BigInteger.valueOf(Long.MIN_VALUE))
        .longValue();
  }

  private static Object round(double value, int digits, RoundingMode mode) {
    return Double.isNaN(value) || Double.isInfinite(value)
        ? value
        : Double.parseDouble(
            new BigDecimal(Double.toString(value)).setScale(digits, mode).toString());
  }

  private static Object time(Ir.Call node, List<Object> values) {
    Number first = (Number) values.getFirst();
    return switch (node.function()) {
      case WINDOW_START ->
          windowStart(node, first.longValue(), (Long) values.get(1), (Long) values.get(2));
      case DATE_TO_TIMESTAMP -> first.longValue() * 86_400_000_000L;
      case TIMESTAMP_TO_DATE ->
          (int) instant(first).atOffset(ZoneOffset.UTC).toLocalDate().toEpochDay();
      case DATE_ADD -> {
        long sum = first.longValue() + (Integer) values.get(1);
        if (sum != (int) sum) {
          throw KernelErrors.timeOverflow(node.site(), "date", first, values.get(1));
        }
        yield (int) sum;
      }
      case DATE_DIFF -> (int) (first.longValue() - (Integer) values.get(1));
      case TIMESTAMP_TO_SECONDS -> instant(first).getEpochSecond();
      case TIMESTAMP_TO_MILLIS -> instant(first).toEpochMilli();
      case SECONDS_TO_TIMESTAMP -> scaled(node, first, 1_000_000);
      case MILLIS_TO_TIMESTAMP -> scaled(node, first, 1000);
      case YEAR -> date(first).getYear();
      case QUARTER -> date(first).get(IsoFields.QUARTER_OF_YEAR);
      case MONTH -> date(first).getMonthValue();
      case DAY_OF_MONTH -> date(first).getDayOfMonth();
      case DAY_OF_YEAR -> date(first).getDayOfYear();
      case DAY_OF_WEEK ->
          date(first).getDayOfWeek() == DayOfWeek.SUNDAY
              ? 1
              : date(first).getDayOfWeek().getValue() + 1;
      case WEEKDAY -> date(first).getDayOfWeek().getValue() - 1;
      case WEEK_OF_YEAR -> date(first).get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case HOUR -> time(first).getHour();
      case MINUTE -> time(first).getMinute();
      case SECOND -> time(first).getSecond();
      default -> throw new IllegalStateException("unknown function: " + node.function());
    };
  }

  private static Object windowStart(Ir.Call node, long timestamp, long slide, long offset) {
    BigInteger distance = BigInteger.valueOf(timestamp).subtract(BigInteger.valueOf(offset));
    BigInteger start =
        BigInteger.valueOf(timestamp).subtract(distance.mod(BigInteger.valueOf(slide)));
    if (start.bitLength() > 63 || distance.bitLength() > 63) {
      throw KernelErrors.timeOverflow(node.site(), "window start", timestamp, slide);
    }
    return start.longValue();
  }

  private static Object scaled(Ir.Call node, Number value, long factor) {
    BigInteger micros = BigInteger.valueOf(value.longValue()).multiply(BigInteger.valueOf(factor));
    if (micros.bitLength() > 63) {
      throw KernelErrors.timeOverflow(node.site(), "timestamp", value, factor);
    }
    return micros.longValue();
  }

  private static Instant instant(Number micros) {
    return Instant.EPOCH.plus(micros.longValue(), ChronoUnit.MICROS);
  }

  private static LocalDate date(Number days) {
    return LocalDate.ofEpochDay(days.longValue());
  }

  private static LocalTime time(Number micros) {
    return instant(micros).atOffset(ZoneOffset.UTC).toLocalTime();
  }
}
