package io.arrowmill.kernel.interpreted;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads intervals from text: {@code 1 02:03:04.5} and {@code 1-2}, bare or as an {@code INTERVAL}
 * literal.
 */
final class IntervalText {
  private static final Pattern DAY_TIME =
      Pattern.compile(
          "(?i)(?:INTERVAL\\s+([+-])?')?([+-])?(\\d+) (\\d{1,2}):(\\d{1,2}):(\\d{1,2})"
              + "(?:\\.(\\d{1,9}))?(?:'\\s+DAY\\s+TO\\s+SECOND)?");

  private static final Pattern YEAR_MONTH =
      Pattern.compile(
          "(?i)(?:INTERVAL\\s+([+-])?')?([+-])?(\\d+)-(\\d{1,2})(?:'\\s+YEAR\\s+TO\\s+MONTH)?");

  private IntervalText() {}

  static @Nullable Duration parseDayTime(String text) {
    Matcher matcher = DAY_TIME.matcher(TimeText.trim(text));
    if (!matcher.matches()) {
      return null;
    }
    try {
      long hours = Long.parseLong(matcher.group(4));
      long minutes = Long.parseLong(matcher.group(5));
      long seconds = Long.parseLong(matcher.group(6));
      if (hours > 23 || minutes > 59 || seconds > 59) {
        return null;
      }
      Duration duration =
          Duration.ofDays(Long.parseLong(matcher.group(3)))
              .plusHours(hours)
              .plusMinutes(minutes)
              .plusSeconds(seconds)
              .plusNanos(TimeText.nanos(matcher.group(7)));
      return isNegative(matcher) ? duration.negated() : duration;
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  static @Nullable Period parseYearMonth(String text) {
    Matcher matcher = YEAR_MONTH.matcher(TimeText.trim(text));
    if (!matcher.matches()) {
      return null;
    }
    try {
      long months = Long.parseLong(matcher.group(4));
      if (months > 11) {
        return null;
      }
      long total = Math.addExact(Math.multiplyExact(Long.parseLong(matcher.group(3)), 12L), months);
      return TimeArithmetic.months(isNegative(matcher) ? -total : total);
    } catch (ArithmeticException | DateTimeException | NumberFormatException e) {
      return null;
    }
  }

  private static boolean isNegative(Matcher matcher) {
    return "-".equals(matcher.group(1)) != "-".equals(matcher.group(2));
  }
}
