package io.arrowmill.plan;

import io.arrowmill.AnalysisException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads lengths of time as text, such as {@code 10 minutes}, {@code 1 hour 30 seconds} or {@code
 * interval 1.5 seconds}: one or more of a number and a unit. Only seconds take a fraction.
 */
public final class TimeSpans {
  private static final Pattern PART =
      Pattern.compile("\\s*([+-]?\\s*(?:\\d+(?:\\.\\d*)?|\\.\\d+))\\s*([a-z]+)\\s*");
  private static final int MONTHS_PER_YEAR = 12;

  private static final long DELAY_MONTH_DAYS = 31;

  private TimeSpans() {}

  /**
   * A length of time in its two parts that can't be converted into one another.
   *
   * @param months calendar months, of any length
   * @param micros microseconds; a day has 24 hours
   */
  public record Span(int months, long micros) {}

  /**
   * The length in microseconds; may be negative.
   *
   * @throws AnalysisException with condition {@code CANNOT_PARSE_INTERVAL} if the text is no length
   *     of time, has months or years (which have no fixed length), or does not fit
   */
  public static long parse(String text) {
    Span span = parseSpan(text);
    if (span.months() != 0) {
      throw error(text, "it must have a fixed length, which months and years have not");
    }
    return span.micros();
  }

  /**
   * How late a row may be, in microseconds. As in Spark a month counts as 31 days.
   *
   * @throws AnalysisException with condition {@code CANNOT_PARSE_INTERVAL} if the text is no length
   *     of time or is negative
   */
  public static long parseDelay(String text) {
    return delay(parseSpan(text), text);
  }

  /** As {@link #parseDelay}, for a length that has been read from {@code text}. */
  public static long delay(Span span, String text) {
    try {
      long micros =
          Math.addExact(
              span.micros(), Math.multiplyExact(span.months(), DELAY_MONTH_DAYS * 86_400_000_000L));
      if (micros >= 0) {
        return micros;
      }
    } catch (ArithmeticException e) {
      throw error(text, "it must fit into 64 bits of microseconds");
    }
    throw error(text, "a watermark delay must be zero or more");
  }

  /**
   * The length in microseconds, which must be above zero.
   *
   * @param what names the setting in the message, such as {@code window length}
   */
  public static long parsePositive(String text, String what) {
    long micros = parse(text);
    if (micros <= 0) {
      throw error(text, what + " must be above zero");
    }
    return micros;
  }

  /** The length in months and microseconds. */
  public static Span parseSpan(String text) {
    String rest = text.strip().toLowerCase(Locale.ROOT);
    if (rest.startsWith("interval") && !rest.equals("interval")) {
      rest = rest.substring("interval".length());
    }
    if (rest.isBlank()) {
      throw error(text, "it must hold at least one number with its unit");
    }
    Matcher part = PART.matcher(rest);
    long months = 0;
    long micros = 0;
    int end = 0;
    try {
      while (end < rest.length()) {
        if (!part.find(end) || part.start() != end) {
          throw error(
              text, "it must be numbers, each with its unit; found '" + rest.substring(end) + "'");
        }
        BigDecimal number = new BigDecimal(part.group(1).replaceAll("\\s", ""));
        String unit = part.group(2);
        int unitMonths = unitMonths(unit);
        if (unitMonths > 0) {
          months = Math.addExact(months, Math.multiplyExact(whole(number, text), unitMonths));
        } else {
          micros = Math.addExact(micros, micros(number, unit, text));
        }
        end = part.end();
      }
      return new Span(Math.toIntExact(months), micros);
    } catch (ArithmeticException e) {
      throw error(text, "it must fit into 64 bits of microseconds and 32 bits of months");
    }
  }

  private static int unitMonths(String unit) {
    return switch (unit) {
      case "year", "years" -> MONTHS_PER_YEAR;
      case "month", "months" -> 1;
      default -> 0;
    };
  }

  private static long micros(BigDecimal number, String unit, String text) {
    long unitMicros =
        switch (unit) {
          case "week", "weeks" -> 7 * 86_400_000_000L;
          case "day", "days" -> 86_400_000_000L;
          case "hour", "hours" -> 3_600_000_000L;
          case "minute", "minutes" -> 60_000_000L;
          case "second", "seconds" -> 1_000_000L;
          case "millisecond", "milliseconds" -> 1_000L;
          case "microsecond", "microseconds" -> 1L;
          default ->
              throw error(
                  text,
                  "unit must be one of weeks, days, hours, minutes, seconds, milliseconds,"
                      + " microseconds; found '"
                      + unit
                      + "'");
        };
    if (unitMicros == 1_000_000L) {
      return number.movePointRight(6).longValueExact();
    }
    return Math.multiplyExact(whole(number, text), unitMicros);
  }

  private static long whole(BigDecimal number, String text) {
    if (number.stripTrailingZeros().scale() > 0) {
      throw error(text, "only seconds can have a fraction; found " + number.toPlainString());
    }
    return number.longValueExact();
  }

  private static AnalysisException error(String text, String reason) {
    return new AnalysisException(
        "CANNOT_PARSE_INTERVAL",
        "text must be a length of time: text='"
            + text
            + "'; "
            + reason
            + "; write it like '10 minutes' or '1 hour 30 seconds'");
  }
}
