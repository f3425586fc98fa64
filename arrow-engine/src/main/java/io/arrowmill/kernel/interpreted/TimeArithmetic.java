package io.arrowmill.kernel.interpreted;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.VectorReader;
import io.arrowmill.batch.VectorWriter;
import io.arrowmill.types.DataTypes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZonedDateTime;

/** Operators on dates, timestamps and intervals. */
final class TimeArithmetic {
  private TimeArithmetic() {}

  static Object add(CallSite site, Object a, Object b) {
    if (isInterval(a) && !isInterval(b)) {
      return add(site, b, a);
    }
    try {
      return switch (a) {
        case LocalDate date -> addToDate(site, date, b);
        case Instant instant when b instanceof Duration duration -> checked(instant.plus(duration));
        case Instant instant when b instanceof Period period ->
            checked(
                ZonedDateTime.ofInstant(instant, site.zone())
                    .plusMonths(period.toTotalMonths())
                    .toInstant());
        case LocalDateTime dateTime when b instanceof Duration duration -> dateTime.plus(duration);
        case LocalDateTime dateTime when b instanceof Period period ->
            dateTime.plusMonths(period.toTotalMonths());
        case Duration duration when b instanceof Duration other -> checked(duration.plus(other));
        case Period period when b instanceof Period other ->
            months(Math.addExact(period.toTotalMonths(), other.toTotalMonths()));
        default -> throw mismatch(site, a, b);
      };
    } catch (ArithmeticException | DateTimeException e) {
      throw overflow(site, a, b);
    }
  }

  private static Object addToDate(CallSite site, LocalDate date, Object b) {
    return switch (b) {
      case Period period -> date.plusMonths(period.toTotalMonths());
      case Duration duration when site.type().equals(DataTypes.DATE) ->
          date.plusDays(duration.toDays());
      case Duration duration -> checked(date.atStartOfDay(site.zone()).toInstant().plus(duration));
      case Number days -> date.plusDays(days.longValue());
      default -> throw mismatch(site, date, b);
    };
  }

  static Object subtract(CallSite site, Object a, Object b) {
    try {
      return switch (b) {
        case Duration duration -> add(site, a, duration.negated());
        case Period period -> add(site, a, period.negated());
        case Number days when a instanceof LocalDate date -> date.minusDays(days.longValue());
        case LocalDate end when a instanceof LocalDate date -> {
          long days = date.toEpochDay() - end.toEpochDay();
          yield site.type().isNumeric() ? (Object) days : Duration.ofDays(days);
        }
        case LocalDateTime end -> Duration.between(end, dateTime(site, a));
        default ->
            checked(Duration.between(Times.instant(b, site.zone()), Times.instant(a, site.zone())));
      };
    } catch (ArithmeticException | DateTimeException e) {
      throw overflow(site, a, b);
    }
  }

  private static LocalDateTime dateTime(CallSite site, Object value) {
    return Times.dateTime(value, site.zone());
  }

  static Object multiply(CallSite site, Object a, Object b) {
    if (!isInterval(a)) {
      return multiply(site, b, a);
    }
    return ofUnits(site, a, b, units(a).multiply(factor(site, a, b)));
  }

  static Object divide(CallSite site, Object a, Object b) {
    BigDecimal divisor = factor(site, a, b);
    if (divisor.signum() == 0) {
      throw site.fault(
          "INTERVAL_DIVIDED_BY_ZERO",
          "divisor must not be zero",
          "use try_divide to get NULL instead",
          a,
          b);
    }
    return ofUnits(site, a, b, units(a).divide(divisor, 0, RoundingMode.HALF_UP));
  }

  static Object wholeQuotient(CallSite site, Object a, Object b) {
    BigDecimal divisor = units(b);
    if (divisor.signum() == 0) {
      throw site.divideByZero(a, b);
    }
    return units(a).divideToIntegralValue(divisor).longValue();
  }

  private static BigDecimal factor(CallSite site, Object a, Object b) {
    if (!(b instanceof Number) || (b instanceof Double number && !Double.isFinite(number))) {
      throw overflow(site, a, b);
    }
    return Numbers.toDecimal(b);
  }

  /** The interval in microseconds or months. */
  private static BigDecimal units(Object interval) {
    return interval instanceof Duration duration
        ? BigDecimal.valueOf(VectorWriter.micros(duration))
        : BigDecimal.valueOf(((Period) interval).toTotalMonths());
  }

  private static Object ofUnits(CallSite site, Object a, Object b, BigDecimal units) {
    try {
      BigInteger whole = units.setScale(0, RoundingMode.HALF_UP).toBigIntegerExact();
      return a instanceof Duration
          ? Times.duration(whole.longValueExact())
          : months(whole.longValueExact());
    } catch (ArithmeticException e) {
      throw overflow(site, a, b);
    }
  }

  static Period months(long months) {
    return Period.ofMonths(Math.toIntExact(months)).normalized();
  }

  /** The instant, which must be one that 64 bits of microseconds can tell. */
  static Instant checked(Instant instant) {
    return VectorReader.instant(VectorWriter.micros(instant));
  }

  private static Duration checked(Duration duration) {
    return Times.duration(VectorWriter.micros(duration));
  }

  private static boolean isInterval(Object value) {
    return value instanceof Duration || value instanceof Period;
  }

  private static ArrowmillException overflow(CallSite site, Object a, Object b) {
    return site.fault(
        "DATETIME_OVERFLOW",
        "result must be in the range of its type",
        "use values that are nearer to each other",
        a,
        b);
  }

  private static ArrowmillException mismatch(CallSite site, Object a, Object b) {
    return site.fault(
        "DATATYPE_MISMATCH",
        "operands must be dates, timestamps or intervals that go together",
        "cast one of them",
        a,
        b);
  }
}
