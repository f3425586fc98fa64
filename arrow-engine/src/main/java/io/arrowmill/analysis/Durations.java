package io.arrowmill.analysis;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.Expression;
import io.arrowmill.plan.Expression.Literal;
import java.time.Duration;
import java.util.Locale;

/** Text such as {@code 10 minutes} or {@code interval 1 hour 30 seconds}. */
public final class Durations {
  private Durations() {}

  /**
   * The microseconds that the text says.
   *
   * @throws AnalysisException with condition {@code CANNOT_PARSE_INTERVAL} if it is no duration;
   *     months and years are none, as their lengths differ
   */
  public static long parseMicros(String text) {
    String[] words = text.trim().toLowerCase(Locale.ROOT).split("\\s+", -1);
    int at = words[0].equals("interval") ? 1 : 0;
    if (at == words.length || (words.length - at) % 2 != 0) {
      throw invalid(text);
    }
    long micros = 0;
    try {
      for (; at < words.length; at += 2) {
        long count = Long.parseLong(words[at]);
        micros = Math.addExact(micros, Math.multiplyExact(count, unitMicros(words[at + 1], text)));
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw invalid(text);
    }
    return micros;
  }

  private static long unitMicros(String unit, String text) {
    return switch (unit) {
      case "microsecond", "microseconds" -> 1;
      case "millisecond", "milliseconds" -> 1_000;
      case "second", "seconds" -> 1_000_000;
      case "minute", "minutes" -> 60_000_000L;
      case "hour", "hours" -> 3_600_000_000L;
      case "day", "days" -> 86_400_000_000L;
      case "week", "weeks" -> 7 * 86_400_000_000L;
      default -> throw invalid(text);
    };
  }

  /** The microseconds of a constant: text or an interval. */
  static long ofLiteral(Expression expression) {
    if (expression instanceof Literal literal) {
      if (literal.value() instanceof String text) {
        return parseMicros(text);
      }
      if (literal.value() instanceof Duration duration) {
        return Math.addExact(
            Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1_000);
      }
    }
    throw invalid(expression.sql());
  }

  private static AnalysisException invalid(String text) {
    return new AnalysisException(
        "CANNOT_PARSE_INTERVAL",
        "duration must be pairs of a whole number and a unit: text='"
            + text
            + "'; write it as in '10 minutes', with units from microseconds to weeks");
  }
}
