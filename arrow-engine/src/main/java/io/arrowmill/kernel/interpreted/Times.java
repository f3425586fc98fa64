package io.arrowmill.kernel.interpreted;

import io.arrowmill.batch.VectorReader;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** Points in time as one another. */
final class Times {
  static final long MICROS_PER_SECOND = VectorReader.MICROS_PER_SECOND;

  private Times() {}

  /** A date, instant or date-time as the instant it is in {@code zone}. */
  static Instant instant(Object time, ZoneId zone) {
    return switch (time) {
      case Instant instant -> instant;
      case LocalDateTime dateTime -> dateTime.atZone(zone).toInstant();
      case LocalDate date -> date.atStartOfDay(zone).toInstant();
      default -> throw new IllegalArgumentException("not a point in time: " + time.getClass());
    };
  }

  /** A date, instant or date-time as the date and time that clocks show in {@code zone}. */
  static LocalDateTime dateTime(Object time, ZoneId zone) {
    return switch (time) {
      case Instant instant -> LocalDateTime.ofInstant(instant, zone);
      case LocalDateTime dateTime -> dateTime;
      case LocalDate date -> date.atStartOfDay();
      default -> throw new IllegalArgumentException("not a point in time: " + time.getClass());
    };
  }

  /** A date, instant or date-time as the date that calendars show in {@code zone}. */
  static LocalDate date(Object time, ZoneId zone) {
    return time instanceof LocalDate date ? date : dateTime(time, zone).toLocalDate();
  }

  static Duration duration(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }
}
