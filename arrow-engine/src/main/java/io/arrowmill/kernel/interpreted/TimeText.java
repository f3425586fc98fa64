package io.arrowmill.kernel.interpreted;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads dates and timestamps from text as casts do: {@code 2024-3-1}, {@code
 * 2024-03-01T10:00:00.5+02:00}, ...
 */
final class TimeText {
  private static final Pattern DATE =
      Pattern.compile("([+-]?\\d{4,7})(?:-(\\d{1,2})(?:-(\\d{1,2})(?:[ T].*)?)?)?", Pattern.DOTALL);

  /** Minutes, seconds and fraction; only what has seconds may have a zone. */
  private static final String MINUTES = ":(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d*))?\\s*(\\S.*)?)?";

  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "([+-]?\\d{4,6})(?:-(\\d{1,2})(?:-(\\d{1,2})(?:[ T](?:(\\d{1,2})(?:"
              + MINUTES
              + ")?)?)?)?)?");

  private static final Pattern TIME_OF_DAY = Pattern.compile("T?(\\d{1,2})" + MINUTES);

  private static final Pattern OFFSET =
      Pattern.compile("(?:UTC|GMT|UT)?([+-])(\\d{1,2})(?::(\\d{1,2})(?::(\\d{1,2}))?)?");

  private static final Pattern COMPACT_OFFSET = Pattern.compile("(?:UTC|GMT|UT)?([+-]\\d{4})");

  private TimeText() {}

  /** The text without white space and control characters around it. */
  static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (start < end && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isISOControl(c);
  }

  /**
   * The date, or null if the text does not tell one. What follows a blank or T after the day is
   * ignored.
   */
  static @Nullable LocalDate parseDate(String text) {
    Matcher matcher = DATE.matcher(trim(text));
    return matcher.matches() ? date(matcher) : null;
  }

  private static @Nullable LocalDate date(Matcher matcher) {
    try {
      return LocalDate.of(
          Integer.parseInt(matcher.group(1)),
          number(matcher.group(2), 1),
          number(matcher.group(3), 1));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static int number(@Nullable String digits, int missing) {
    return digits == null ? missing : Integer.parseInt(digits);
  }

  /** Nanoseconds of digits after the point, no finer than a microsecond. */
  static int nanos(@Nullable String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "000000").substring(0, 6)) * 1_000;
  }

  private static @Nullable LocalTime time(Matcher matcher, int group) {
    try {
      return LocalTime.of(
          number(matcher.group(group), 0),
          number(matcher.group(group + 1), 0),
          number(matcher.group(group + 2), 0),
          nanos(matcher.group(group + 3)));
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * The instant, or null if the text does not tell one; in {@code zone} unless the text names
   * another.
   */
  static @Nullable Instant parseTimestamp(String text, ZoneId zone, Instant now) {
    String trimmed = trim(text);
    Matcher matcher = TIMESTAMP.matcher(trimmed);
    int group = 4;
    LocalDate date;
    if (matcher.matches()) {
      date = date(matcher);
    } else {
      matcher = TIME_OF_DAY.matcher(trimmed);
      group = 1;
      date = matcher.matches() ? LocalDate.ofInstant(now, zone) : null;
    }
    if (date == null) {
      return null;
    }
    LocalTime time = time(matcher, group);
    String zoneText = matcher.group(group + 4);
    ZoneId own = zoneText == null ? zone : zone(zoneText);
    return time == null || own == null ? null : date.atTime(time).atZone(own).toInstant();
  }

  /** The date and time, or null if the text does not tell one; a zone is read and ignored. */
  static @Nullable LocalDateTime parseDateTime(String text) {
    Matcher matcher = TIMESTAMP.matcher(trim(text));
    LocalDate date = matcher.matches() ? date(matcher) : null;
    LocalTime time = date == null ? null : time(matcher, 4);
    if (date == null || time == null) {
      return null;
    }
    String zoneText = matcher.group(8);
    return zoneText != null && zone(zoneText) == null ? null : date.atTime(time);
  }

  /**
   * The zone of that name or offset, {@code +2:00} and {@code UTC+2} included, or null if there is
   * none.
   */
  static @Nullable ZoneId zone(String text) {
    String name = text.strip();
    try {
      Matcher offset = OFFSET.matcher(name);
      if (offset.matches()) {
        return ZoneId.of(
            String.format(
                java.util.Locale.ROOT,
                "%s%02d:%02d:%02d",
                offset.group(1),
                number(offset.group(2), 0),
                number(offset.group(3), 0),
                number(offset.group(4), 0)));
      }
      Matcher compact = COMPACT_OFFSET.matcher(name);
      return ZoneId.of(compact.matches() ? compact.group(1) : name, ZoneId.SHORT_IDS);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
