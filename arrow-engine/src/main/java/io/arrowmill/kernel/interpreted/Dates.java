package io.arrowmill.kernel.interpreted;

import io.arrowmill.ArrowmillException;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Functions on dates. Where a timestamp is given, its date in the session's time zone counts. */
final class Dates {
  private Dates() {}

  static void register(FunctionTable table) {
    table.strict("current_date curdate", (site, a) -> Times.date(site.now(), site.zone()));
    registerFields(table);
    table.strict2(
        "date_add dateadd", (site, a, b) -> shifted(site, a, Numbers.toLong(b), ChronoUnit.DAYS));
    table.strict2(
        "date_sub", (site, a, b) -> shifted(site, a, -Numbers.toLong(b), ChronoUnit.DAYS));
    table.strict2(
        "add_months", (site, a, b) -> shifted(site, a, Numbers.toLong(b), ChronoUnit.MONTHS));
    table.strict2(
        "date_diff datediff",
        (site, a, b) -> (int) (date(site, a).toEpochDay() - date(site, b).toEpochDay()));
    table.strict1("last_day", (site, a) -> date(site, a).with(TemporalAdjusters.lastDayOfMonth()));
    table.strict2("next_day", Dates::nextDay);
    table.strict2("trunc", (site, a, b) -> truncated(date(site, a), (String) b));
    table.strict("make_date", Dates::makeDate);
    table.strict1("unix_date", (site, a) -> (int) date(site, a).toEpochDay());
    table.strict1("date_from_unix_date", (site, a) -> LocalDate.ofEpochDay(Numbers.toLong(a)));
    table.strict1(
        "dayname",
        (site, a) -> date(site, a).getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.US));
    table.strict1(
        "monthname",
        (site, a) -> date(site, a).getMonth().getDisplayName(TextStyle.SHORT, Locale.US));
  }

  private static void registerFields(FunctionTable table) {
    field(table, "year", LocalDate::getYear);
    field(table, "quarter", date -> date.get(IsoFields.QUARTER_OF_YEAR));
    field(table, "month", LocalDate::getMonthValue);
    field(table, "day dayofmonth", LocalDate::getDayOfMonth);
    field(table, "dayofyear", LocalDate::getDayOfYear);
    field(table, "dayofweek", Dates::dayOfWeek);
    field(table, "weekday", date -> date.getDayOfWeek().getValue() - 1);
    field(table, "weekofyear", date -> date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
  }

  private static void field(FunctionTable table, String names, ToIntFunction<LocalDate> field) {
    table.strict1(names, (site, a) -> field.applyAsInt(date(site, a)));
  }

  static LocalDate date(CallSite site, Object value) {
    return Times.date(value, site.zone());
  }

  /** From 1 for Sunday to 7 for Saturday. */
  static int dayOfWeek(LocalDate date) {
    return date.getDayOfWeek().getValue() % 7 + 1;
  }

  private static Object shifted(CallSite site, Object a, long amount, ChronoUnit unit) {
    try {
      LocalDate shifted = date(site, a).plus(amount, unit);
      Math.toIntExact(shifted.toEpochDay());
      return shifted;
    } catch (ArithmeticException | DateTimeException e) {
      throw site.overflow(a, amount);
    }
  }

  private static Object nextDay(CallSite site, Object a, Object b) {
    String name = ((String) b).toUpperCase(Locale.ROOT);
    for (DayOfWeek day : DayOfWeek.values()) {
      String full = day.name();
      if (name.equals(full)
          || name.equals(full.substring(0, 3))
          || name.equals(full.substring(0, 2))) {
        return date(site, a).with(TemporalAdjusters.next(day));
      }
    }
    throw site.fault(
        "ILLEGAL_DAY_OF_WEEK",
        "day must be the name of a day of the week",
        "write MON or Monday",
        b);
  }

  /** The first day of the period the date is in, or NULL if there is no such unit. */
  static @Nullable LocalDate truncated(LocalDate date, String unit) {
    return switch (unit.toUpperCase(Locale.ROOT)) {
      case "YEAR", "YYYY", "YY" -> date.withDayOfYear(1);
      case "QUARTER" -> date.with(IsoFields.DAY_OF_QUARTER, 1);
      case "MONTH", "MON", "MM" -> date.withDayOfMonth(1);
      case "WEEK" -> date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      default -> null;
    };
  }

  private static Object makeDate(CallSite site, Object[] a) {
    try {
      return LocalDate.of(Numbers.toInt(a[0]), Numbers.toInt(a[1]), Numbers.toInt(a[2]));
    } catch (DateTimeException e) {
      throw outOfBounds(site, e, a);
    }
  }

  static ArrowmillException outOfBounds(CallSite site, Exception cause, Object... values) {
    return site.fault(
        "DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION",
        "fields must make a date that exists (" + cause.getMessage() + ")",
        "correct the values, or use the try_ function to get NULL instead",
        values);
  }
}
