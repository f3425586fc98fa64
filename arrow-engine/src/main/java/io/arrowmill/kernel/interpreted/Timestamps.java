package io.arrowmill.kernel.interpreted;

import io.arrowmill.Row;
import io.arrowmill.batch.VectorReader;
import io.arrowmill.batch.VectorWriter;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Functions on timestamps; their fields are those that clocks show in the session's time zone. */
final class Timestamps {
  private static final BigDecimal SECONDS_PER_31_DAYS = BigDecimal.valueOf(31 * 86_400L);

  private Timestamps() {}

  static void register(FunctionTable table) {
    table.strict("current_timestamp now", (site, a) -> site.now().truncatedTo(ChronoUnit.MICROS));
    table.strict(
        "localtimestamp",
        (site, a) ->
            LocalDateTime.ofInstant(site.now(), site.zone()).truncatedTo(ChronoUnit.MICROS));
    table.strict("current_timezone", (site, a) -> site.zone().getId());
    table.strict1("hour", (site, a) -> local(site, a).getHour());
    table.strict1("minute", (site, a) -> local(site, a).getMinute());
    table.strict1("second", (site, a) -> local(site, a).getSecond());
    table.strict2("date_part datepart extract", Timestamps::extract);
    table.strict2("date_trunc", Timestamps::truncate);
    table.strict("months_between", Timestamps::monthsBetween);
    registerUnits(table);
    registerZones(table);
    table.strict1("window_time", (site, a) -> windowTime((Row) a));
    table.strict2("session_window", Timestamps::session);
    table.bound(
        "make_timestamp make_timestamp_ltz",
        (site, arguments) -> FunctionTable.strict(site, arguments, Timestamps::makeTimestamp));
    table.strict("make_timestamp_ntz", (site, a) -> makeDateTime(site, a));
  }

  private static void registerUnits(FunctionTable table) {
    table.strict1("unix_micros", (site, a) -> VectorWriter.micros((Instant) a));
    table.strict1(
        "unix_millis", (site, a) -> Math.floorDiv(VectorWriter.micros((Instant) a), 1_000L));
    table.strict1("unix_seconds", (site, a) -> ((Instant) a).getEpochSecond());
    table.strict1("timestamp_micros", (site, a) -> VectorReader.instant(Numbers.toLong(a)));
    table.strict1("timestamp_millis", (site, a) -> ofNumber(site, a, 1_000));
    table.strict1("timestamp_seconds", (site, a) -> ofNumber(site, a, Times.MICROS_PER_SECOND));
  }

  private static void registerZones(FunctionTable table) {
    table.strict2(
        "from_utc_timestamp",
        (site, a, b) -> moved(Times.instant(a, site.zone()), ZoneOffset.UTC, zone(site, b)));
    table.strict2(
        "to_utc_timestamp",
        (site, a, b) -> moved(Times.instant(a, site.zone()), zone(site, b), ZoneOffset.UTC));
    table.strict("convert_timezone", Timestamps::convertZone);
  }

  static LocalDateTime local(CallSite site, Object value) {
    return Times.dateTime(value, site.zone());
  }

  /** The instant that many units after 1970-01-01 UTC; finer than microseconds is cut off. */
  static Instant ofUnits(BigDecimal amount, long microsPerUnit) {
    return VectorReader.instant(
        amount
            .multiply(BigDecimal.valueOf(microsPerUnit))
            .setScale(0, RoundingMode.DOWN)
            .longValueExact());
  }

  private static @Nullable Object ofNumber(CallSite site, Object a, long microsPerUnit) {
    if (Numbers.isFloating(a) && !Double.isFinite(Numbers.toDouble(a))) {
      return null;
    }
    try {
      return ofUnits(
          Numbers.isFloating(a) ? new BigDecimal(Numbers.toDouble(a)) : Numbers.toDecimal(a),
          microsPerUnit);
    } catch (ArithmeticException e) {
      throw site.overflow(a);
    }
  }

  private static ZoneId zone(CallSite site, Object name) {
    ZoneId zone = TimeText.zone((String) name);
    if (zone == null) {
      throw site.fault(
          "INVALID_TIMEZONE",
          "time zone must be a region or an offset",
          "write it as Europe/Berlin or +02:00",
          name);
    }
    return zone;
  }

  /** What clocks show in {@code to}, taken for a time in {@code from}. */
  private static Instant moved(Instant instant, ZoneId from, ZoneId to) {
    return LocalDateTime.ofInstant(instant, to).atZone(from).toInstant();
  }

  private static Object convertZone(CallSite site, Object[] a) {
    ZoneId from = a.length == 3 ? zone(site, a[0]) : site.zone();
    LocalDateTime dateTime = Times.dateTime(a[a.length - 1], site.zone());
    return dateTime.atZone(from).withZoneSameInstant(zone(site, a[a.length - 2])).toLocalDateTime();
  }

  private static Object session(CallSite site, Object time, Object gap) {
    Duration length = (Duration) gap;
    Object end =
        time instanceof Instant instant
            ? instant.plus(length)
            : ((LocalDateTime) time).plus(length);
    return Row.withSchema((StructType) site.type(), List.of(time, end));
  }

  private static Object windowTime(Row window) {
    Object end = window.get(1);
    return end instanceof Instant instant
        ? instant.minus(1, ChronoUnit.MICROS)
        : ((LocalDateTime) java.util.Objects.requireNonNull(end)).minus(1, ChronoUnit.MICROS);
  }

  private static Object extract(CallSite site, Object field, Object source) {
    if (source instanceof Duration || source instanceof Period) {
      return extractInterval(site, field, source);
    }
    LocalDateTime time = local(site, source);
    LocalDate date = time.toLocalDate();
    return switch (((String) field).toUpperCase(Locale.ROOT)) {
      case "YEAR", "Y", "YEARS", "YR", "YRS" -> time.getYear();
      case "YEAROFWEEK" -> date.get(IsoFields.WEEK_BASED_YEAR);
      case "QUARTER", "QTR" -> date.get(IsoFields.QUARTER_OF_YEAR);
      case "MONTH", "MON", "MONS", "MONTHS" -> time.getMonthValue();
      case "WEEK", "W", "WEEKS" -> date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case "DAY", "D", "DAYS" -> time.getDayOfMonth();
      case "DAYOFWEEK", "DOW" -> Dates.dayOfWeek(date);
      case "DAYOFWEEK_ISO", "DOW_ISO" -> date.getDayOfWeek().getValue();
      case "DOY" -> time.getDayOfYear();
      case "HOUR", "H", "HOURS", "HR", "HRS" -> time.getHour();
      case "MINUTE", "M", "MIN", "MINS", "MINUTES" -> time.getMinute();
      case "SECOND", "S", "SEC", "SECONDS", "SECS" ->
          BigDecimal.valueOf(time.getSecond() * 1_000_000L + time.getNano() / 1_000, 6);
      default -> throw invalidField(site, field, source);
    };
  }

  private static Object extractInterval(CallSite site, Object field, Object source) {
    String name = ((String) field).toUpperCase(Locale.ROOT);
    if (source instanceof Period period) {
      return switch (name) {
        case "YEAR", "Y", "YEARS", "YR", "YRS" -> (int) (period.toTotalMonths() / 12);
        case "MONTH", "MON", "MONS", "MONTHS" -> (byte) (period.toTotalMonths() % 12);
        default -> throw invalidField(site, field, source);
      };
    }
    long micros = VectorWriter.micros((Duration) source);
    return switch (name) {
      case "DAY", "D", "DAYS" -> (int) (micros / 86_400_000_000L);
      case "HOUR", "H", "HOURS", "HR", "HRS" -> (byte) (micros / 3_600_000_000L % 24);
      case "MINUTE", "M", "MIN", "MINS", "MINUTES" -> (byte) (micros / 60_000_000L % 60);
      case "SECOND", "S", "SEC", "SECONDS", "SECS" -> BigDecimal.valueOf(micros % 60_000_000L, 6);
      default -> throw invalidField(site, field, source);
    };
  }

  private static RuntimeException invalidField(CallSite site, Object field, Object source) {
    return site.fault(
        "INVALID_EXTRACT_FIELD",
        "field must be one that the source has",
        "write YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, ...",
        field,
        source);
  }

  private static @Nullable Object truncate(CallSite site, Object unit, Object source) {
    LocalDateTime time = local(site, source);
    ChronoUnit small =
        switch (((String) unit).toUpperCase(Locale.ROOT)) {
          case "DAY", "DD" -> ChronoUnit.DAYS;
          case "HOUR" -> ChronoUnit.HOURS;
          case "MINUTE" -> ChronoUnit.MINUTES;
          case "SECOND" -> ChronoUnit.SECONDS;
          case "MILLISECOND" -> ChronoUnit.MILLIS;
          case "MICROSECOND" -> ChronoUnit.MICROS;
          default -> ChronoUnit.FOREVER;
        };
    LocalDateTime truncated;
    if (small == ChronoUnit.FOREVER) {
      LocalDate date = Dates.truncated(time.toLocalDate(), (String) unit);
      if (date == null) {
        return null;
      }
      truncated = date.atStartOfDay();
    } else {
      truncated = time.truncatedTo(small);
    }
    if (!site.type().equals(DataTypes.TIMESTAMP)) {
      return truncated;
    }
    if (source instanceof Instant instant && small.compareTo(ChronoUnit.DAYS) < 0) {
      // By the distance within the instant's own offset, so that an hour that clocks show twice
      // stays the same one.
      return instant.minus(Duration.between(truncated, time));
    }
    return truncated.atZone(site.zone()).toInstant();
  }

  private static Object monthsBetween(CallSite site, Object[] a) {
    LocalDateTime later = local(site, a[0]);
    LocalDateTime earlier = local(site, a[1]);
    boolean round = a.length < 3 || (Boolean) a[2];
    long months =
        (later.getYear() - earlier.getYear()) * 12L
            + later.getMonthValue()
            - earlier.getMonthValue();
    boolean bothLast = isLastDay(later) && isLastDay(earlier);
    if (later.getDayOfMonth() == earlier.getDayOfMonth() || bothLast) {
      return (double) months;
    }
    long seconds =
        (later.getDayOfMonth() - earlier.getDayOfMonth()) * 86_400L
            + later.toLocalTime().toSecondOfDay()
            - earlier.toLocalTime().toSecondOfDay();
    double difference = months + seconds / SECONDS_PER_31_DAYS.doubleValue();
    return round
        ? Numbers.toDecimal(difference).setScale(8, RoundingMode.HALF_UP).doubleValue()
        : difference;
  }

  private static boolean isLastDay(LocalDateTime time) {
    return time.getDayOfMonth() == time.toLocalDate().lengthOfMonth();
  }

  private static Object makeTimestamp(CallSite site, Object[] a) {
    ZoneId zone = a.length > 6 ? zone(site, a[6]) : site.zone();
    LocalDateTime dateTime = makeDateTime(site, a);
    return site.type().equals(DataTypes.TIMESTAMP_NTZ)
        ? dateTime
        : dateTime.atZone(zone).toInstant();
  }

  private static LocalDateTime makeDateTime(CallSite site, Object[] a) {
    try {
      BigDecimal seconds = Numbers.toDecimal(a[5]);
      // 60 is the first second of the next minute, but only without a fraction.
      boolean leap = seconds.compareTo(BigDecimal.valueOf(60)) == 0;
      BigDecimal nanos = (leap ? BigDecimal.ZERO : seconds).movePointRight(9);
      LocalDateTime minute =
          LocalDateTime.of(
              Numbers.toInt(a[0]),
              Numbers.toInt(a[1]),
              Numbers.toInt(a[2]),
              Numbers.toInt(a[3]),
              Numbers.toInt(a[4]));
      long total = nanos.longValue();
      if (total < 0 || total >= 60_000_000_000L) {
        throw new DateTimeException("seconds must be 0 to 60: seconds=" + seconds);
      }
      return minute.plusMinutes(leap ? 1 : 0).plusNanos(total).truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      throw Dates.outOfBounds(site, e, a);
    }
  }
}
