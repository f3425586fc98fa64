package io.arrowmill.kernel.interpreted;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.VectorWriter;
import io.arrowmill.types.DataTypes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Functions that format and parse points in time by a pattern. */
final class TimeFormats {
  private static final String DEFAULT_PATTERN = "yyyy-MM-dd HH:mm:ss";

  private TimeFormats() {}

  static void register(FunctionTable table) {
    table.bound(
        "date_format",
        (site, arguments) -> {
          Memo<String, DateTimeFormatter> formats = formats(site, false);
          return FunctionTable.strict(
              site, arguments, (s, a) -> format(s, a[0], formats.get((String) a[1])));
        });
    table.bound(
        "from_unixtime",
        (site, arguments) -> {
          Memo<String, DateTimeFormatter> formats = formats(site, false);
          return FunctionTable.strict(
              site,
              arguments,
              (s, a) ->
                  format(
                      s,
                      Instant.ofEpochSecond(Numbers.toLong(a[0])),
                      formats.get(a.length > 1 ? (String) a[1] : DEFAULT_PATTERN)));
        });
    parser(table, "to_date", false, TimeFormats::toDate);
    parser(table, "try_to_date", true, TimeFormats::toDate);
    parser(table, "to_timestamp to_timestamp_ltz", false, TimeFormats::toTimestamp);
    parser(table, "try_to_timestamp", true, TimeFormats::toTimestamp);
    parser(table, "to_timestamp_ntz", false, TimeFormats::toDateTime);
    parser(table, "to_unix_timestamp", false, TimeFormats::toUnix);
    table.bound(
        "unix_timestamp",
        (site, arguments) -> {
          if (arguments.isEmpty()) {
            return row -> site.now().getEpochSecond();
          }
          Memo<String, DateTimeFormatter> formats = formats(site, true);
          return FunctionTable.strict(site, arguments, (s, a) -> toUnix(s, a, formats));
        });
  }

  /** A function of text (or a point in time) and perhaps a pattern. */
  @FunctionalInterface
  private interface Parser {
    @Nullable Object parse(
        CallSite site, Object[] arguments, Memo<String, DateTimeFormatter> formats);
  }

  private static void parser(FunctionTable table, String names, boolean orNull, Parser parser) {
    table.bound(
        names,
        (site, arguments) -> {
          Memo<String, DateTimeFormatter> formats = formats(site, true);
          return FunctionTable.strict(
              site,
              arguments,
              (s, a) -> {
                try {
                  return parser.parse(s, a, formats);
                } catch (ArrowmillException e) {
                  if (orNull && !e.condition().equals("INVALID_DATETIME_PATTERN")) {
                    return null;
                  }
                  throw e;
                }
              });
        });
  }

  private static Memo<String, DateTimeFormatter> formats(CallSite site, boolean parsing) {
    return new Memo<>(pattern -> {
      try {
        return formatter(pattern, parsing);
      } catch (IllegalArgumentException e) {
        throw site.fault(
            "INVALID_DATETIME_PATTERN",
            "pattern must be one of letters GyDMLdQqEFahKkHmsSVzOXxZ and quoted text ("
                + e.getMessage()
                + ")",
            "correct the pattern",
            pattern);
      }
    });
  }

  /**
   * The formatter of a pattern. Years are proleptic unless the pattern names the era; fractions of
   * seconds are read with any number of digits up to the pattern's.
   */
  static DateTimeFormatter formatter(String pattern, boolean parsing) {
    DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
    boolean era = pattern.replaceAll("'[^']*'", "").contains("G");
    int i = 0;
    while (i < pattern.length()) {
      char c = pattern.charAt(i);
      int end = i + 1;
      if (c == '\'') {
        end = quoteEnd(pattern, i);
        builder.appendPattern(pattern.substring(i, end));
      } else if (Character.isLetter(c)) {
        while (end < pattern.length() && pattern.charAt(end) == c) {
          end++;
        }
        appendLetters(builder, c, end - i, parsing, era);
      } else {
        builder.appendPattern(pattern.substring(i, end));
      }
      i = end;
    }
    if (parsing) {
      if (!pattern.contains("D")) {
        builder.parseDefaulting(ChronoField.MONTH_OF_YEAR, 1);
        builder.parseDefaulting(ChronoField.DAY_OF_MONTH, 1);
      }
      if (!pattern.contains("y")) {
        builder.parseDefaulting(ChronoField.YEAR, 1970);
      }
    }
    return builder.toFormatter(Locale.US).withResolverStyle(ResolverStyle.STRICT);
  }

  private static int quoteEnd(String pattern, int start) {
    int end = pattern.indexOf('\'', start + 1);
    if (end < 0) {
      throw new IllegalArgumentException("a quote must be closed: pattern=" + pattern);
    }
    return end + 1;
  }

  private static void appendLetters(
      DateTimeFormatterBuilder builder, char letter, int count, boolean parsing, boolean era) {
    if ("GyDMLdQqEFahKkHmsSVzOXxZ".indexOf(letter) < 0) {
      throw new IllegalArgumentException("there is no such letter: letter=" + letter);
    }
    if (letter == 'S' && parsing) {
      builder.appendFraction(ChronoField.NANO_OF_SECOND, 1, Math.min(count, 9), false);
    } else {
      builder.appendPattern(String.valueOf(letter == 'y' && !era ? 'u' : letter).repeat(count));
    }
  }

  private static String format(CallSite site, Object time, DateTimeFormatter formatter) {
    try {
      return formatter.format(
          time instanceof LocalDateTime dateTime
              ? dateTime
              : Times.instant(time, site.zone()).atZone(site.zone()));
    } catch (DateTimeException e) {
      throw site.invalidParameter("value must have all fields of the pattern", time);
    }
  }

  private static ArrowmillException unparsed(CallSite site, Object... values) {
    return site.fault(
        "CANNOT_PARSE_TIMESTAMP",
        "text must be a date or timestamp of the given form",
        "correct the value, or use try_to_timestamp to get NULL instead",
        values);
  }

  /** The point in time that the first argument tells, by the pattern that is the second. */
  private static TemporalAccessor parse(
      CallSite site, Object[] a, Memo<String, DateTimeFormatter> formats) {
    try {
      return formats.get((String) a[1]).parse((String) a[0]);
    } catch (DateTimeException e) {
      throw unparsed(site, a);
    }
  }

  private static LocalDateTime local(CallSite site, Object[] a, TemporalAccessor fields) {
    LocalDate date = fields.query(TemporalQueries.localDate());
    LocalTime time = fields.query(TemporalQueries.localTime());
    if (date == null) {
      throw unparsed(site, a);
    }
    return date.atTime(time != null ? time : LocalTime.MIDNIGHT);
  }

  private static Object toDate(CallSite site, Object[] a, Memo<String, DateTimeFormatter> formats) {
    if (!(a[0] instanceof String text)) {
      return Times.date(a[0], site.zone());
    }
    if (a.length > 1) {
      return local(site, a, parse(site, a, formats)).toLocalDate();
    }
    LocalDate date = TimeText.parseDate(text);
    if (date == null) {
      throw unparsed(site, a);
    }
    return date;
  }

  private static Object toTimestamp(
      CallSite site, Object[] a, Memo<String, DateTimeFormatter> formats) {
    return site.type().equals(DataTypes.TIMESTAMP_NTZ)
        ? toDateTime(site, a, formats)
        : toInstant(site, a, formats);
  }

  private static Instant toInstant(
      CallSite site, Object[] a, Memo<String, DateTimeFormatter> formats) {
    if (!(a[0] instanceof String text)) {
      return Times.instant(a[0], site.zone());
    }
    if (a.length > 1) {
      TemporalAccessor fields = parse(site, a, formats);
      ZoneId own = fields.query(TemporalQueries.zone());
      Instant instant = local(site, a, fields).atZone(own != null ? own : site.zone()).toInstant();
      return TimeArithmetic.checked(instant);
    }
    Instant instant = TimeText.parseTimestamp(text, site.zone(), site.now());
    if (instant == null) {
      throw unparsed(site, a);
    }
    return instant;
  }

  private static Object toDateTime(
      CallSite site, Object[] a, Memo<String, DateTimeFormatter> formats) {
    if (!(a[0] instanceof String text)) {
      return Times.dateTime(a[0], site.zone());
    }
    LocalDateTime dateTime =
        a.length > 1 ? local(site, a, parse(site, a, formats)) : TimeText.parseDateTime(text);
    if (dateTime == null) {
      throw unparsed(site, a);
    }
    return dateTime;
  }

  private static Object toUnix(CallSite site, Object[] a, Memo<String, DateTimeFormatter> formats) {
    Object[] arguments =
        a[0] instanceof String && a.length == 1 ? new Object[] {a[0], DEFAULT_PATTERN} : a;
    // Towards zero, as Spark has it, while a cast to BIGINT and unix_seconds round down.
    return VectorWriter.micros(toInstant(site, arguments, formats)) / Times.MICROS_PER_SECOND;
  }
}
