package io.arrowmill.connectors.file.format;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.SourceSpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Dates and timestamps as text in CSV and JSON, by the options {@code dateFormat}, {@code
 * timestampFormat}, {@code timestampNTZFormat} and {@code timeZone} (UTC unless given). Without a
 * format, ISO 8601 is read with a space or {@code T}, with or without time, fraction and zone; and
 * written with three digits of fraction, or six if the value needs them. Immutable.
 */
final class TimeText {
  private static final DateTimeFormatter MILLIS = fraction(3);
  private static final DateTimeFormatter MICROS = fraction(6);
  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .appendPattern("HH:mm[:ss]")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendPattern("[XXX][XX][X]")
          .optionalEnd()
          .toFormatter(Locale.ROOT);

  private final @Nullable DateTimeFormatter date;
  private final @Nullable DateTimeFormatter timestamp;
  private final @Nullable DateTimeFormatter local;
  private final ZoneId zone;

  TimeText(SourceSpec spec) {
    date = formatter(spec, "dateFormat");
    timestamp = formatter(spec, "timestampFormat");
    local = formatter(spec, "timestampNTZFormat");
    String zoneName = spec.option("timeZone");
    try {
      zone = zoneName == null ? ZoneOffset.UTC : ZoneId.of(zoneName);
    } catch (DateTimeException e) {
      throw new AnalysisException(
          "INVALID_OPTION_VALUE",
          "option must be a time zone: option=timeZone, value="
              + zoneName
              + "; use a name such as Europe/Berlin, or +01:00");
    }
  }

  private static DateTimeFormatter fraction(int digits) {
    return new DateTimeFormatterBuilder()
        .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
        .appendFraction(ChronoField.NANO_OF_SECOND, digits, digits, true)
        .toFormatter(Locale.ROOT);
  }

  private static @Nullable DateTimeFormatter formatter(SourceSpec spec, String option) {
    String pattern = spec.option(option);
    if (pattern == null) {
      return null;
    }
    try {
      return new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern(pattern.replace('y', 'u'))
          .toFormatter(Locale.US);
    } catch (IllegalArgumentException e) {
      throw new AnalysisException(
          "INVALID_DATETIME_PATTERN",
          "option must be a date and time pattern: option="
              + option
              + ", value="
              + pattern
              + "; use one such as yyyy-MM-dd HH:mm:ss");
    }
  }

  LocalDate date(String text) {
    if (date != null) {
      return LocalDate.parse(text, date);
    }
    return text.length() == 10 ? LocalDate.parse(text) : dateTime(iso(text)).toLocalDate();
  }

  Instant instant(String text) {
    TemporalAccessor parsed = timestamp == null ? iso(text) : timestamp.parse(text);
    LocalDateTime dateTime = dateTime(parsed);
    ZoneId found = parsed.query(TemporalQueries.zone());
    return dateTime.atZone(found == null ? zone : found).toInstant();
  }

  LocalDateTime local(String text) {
    return dateTime(local == null ? iso(text) : local.parse(text));
  }

  private static TemporalAccessor iso(String text) {
    String trimmed = text.trim();
    return ISO.parse(
        trimmed.length() > 10 && trimmed.charAt(10) == ' '
            ? trimmed.substring(0, 10) + 'T' + trimmed.substring(11)
            : trimmed);
  }

  private static LocalDateTime dateTime(TemporalAccessor parsed) {
    LocalDate day = parsed.query(TemporalQueries.localDate());
    LocalTime time = parsed.query(TemporalQueries.localTime());
    return (day == null ? LocalDate.EPOCH : day).atTime(time == null ? LocalTime.MIDNIGHT : time);
  }

  String text(LocalDate value) {
    return date == null ? value.toString() : date.format(value);
  }

  String text(Instant value) {
    OffsetDateTime dateTime = value.atZone(zone).toOffsetDateTime();
    if (timestamp != null) {
      return timestamp.format(value.atZone(zone));
    }
    return iso(dateTime.toLocalDateTime()) + dateTime.getOffset();
  }

  String text(LocalDateTime value) {
    return local == null ? iso(value) : local.format(value);
  }

  private static String iso(LocalDateTime value) {
    return (value.get(ChronoField.NANO_OF_SECOND) % 1_000_000 == 0 ? MILLIS : MICROS).format(value);
  }
}
