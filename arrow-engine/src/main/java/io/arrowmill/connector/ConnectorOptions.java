package io.arrowmill.connector;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.plan.Suggestions;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options of one source or sink, read by type. Names are matched without regard to case. Every
 * getter throws an {@link AnalysisException} that names the option, the value found and what was
 * expected. Immutable.
 */
public final class ConnectorOptions {
  private static final Pattern DURATION =
      Pattern.compile("\\s*([+-]?\\d+(?:\\.\\d+)?)\\s*([a-zA-Zµ]*)\\s*");
  private static final int SUGGESTIONS_MAX = 3;

  /** What a query's options say to the engine, not to its sink. */
  private static final Set<String> ENGINE_OPTIONS =
      Set.of(
          "checkpointLocation",
          "asyncProgressTrackingEnabled",
          "asyncProgressTrackingCheckpointIntervalMs");

  private final String format;
  private final Map<String, String> options;

  private ConnectorOptions(String format, Map<String, String> options) {
    this.format = format;
    this.options = options;
  }

  /** The options of {@code spec}. */
  public static ConnectorOptions of(SourceSpec spec) {
    return new ConnectorOptions(spec.format(), spec.options());
  }

  /** The option's text, or null if it was not given. */
  public @Nullable String text(String name) {
    return options.get(name);
  }

  /** The option's text, or {@code otherwise} if it was not given. */
  public String text(String name, String otherwise) {
    String value = options.get(name);
    return value == null ? otherwise : value;
  }

  /**
   * The option's text.
   *
   * @throws AnalysisException with condition {@code OPTION_REQUIRED} if it was not given
   */
  public String required(String name) {
    String value = options.get(name);
    if (value == null) {
      throw new AnalysisException(
          "OPTION_REQUIRED",
          "option must be given: format="
              + format
              + ", option="
              + name
              + "; add .option(\""
              + name
              + "\", ...)");
    }
    return value;
  }

  /**
   * The option as a whole number from {@code min} to {@code max}, or {@code otherwise} if it was
   * not given.
   */
  public int intValue(String name, int otherwise, int min, int max) {
    return (int) longValue(name, otherwise, min, max);
  }

  /**
   * The option as a whole number from {@code min} to {@code max}, or {@code otherwise} if it was
   * not given.
   */
  public long longValue(String name, long otherwise, long min, long max) {
    String value = options.get(name);
    if (value == null) {
      return otherwise;
    }
    String expected = "a whole number from " + min + " to " + max;
    long number;
    try {
      number = Long.parseLong(value.strip());
    } catch (NumberFormatException e) {
      throw invalid(name, value, expected);
    }
    if (number < min || number > max) {
      throw invalid(name, value, expected);
    }
    return number;
  }

  /**
   * The option as {@code true} or {@code false}, in any case, or {@code otherwise} if it was not
   * given.
   */
  public boolean booleanValue(String name, boolean otherwise) {
    String value = options.get(name);
    if (value == null) {
      return otherwise;
    }
    return switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(name, value, "true or false");
    };
  }

  /**
   * The option as a duration that is not negative, such as {@code 500ms}, {@code 5s}, {@code 2
   * minutes} or, without a unit, seconds; or {@code otherwise} if it was not given.
   */
  public Duration duration(String name, Duration otherwise) {
    String value = options.get(name);
    if (value == null) {
      return otherwise;
    }
    Duration duration = parseDuration(value);
    if (duration == null || duration.isNegative()) {
      throw invalid(name, value, "a duration that is not negative, such as 500ms, 5s or 2 minutes");
    }
    return duration;
  }

  /** An option that has a value it must not have. */
  public AnalysisException invalid(String name, String value, String expected) {
    return new AnalysisException(
        "INVALID_OPTION",
        "option must be valid: format="
            + format
            + ", option="
            + name
            + ", value="
            + value
            + ", expected="
            + expected);
  }

  /**
   * Refuses options that are not among {@code known} and not the engine's own.
   *
   * @throws AnalysisException with condition {@code UNKNOWN_OPTION} that offers the closest known
   *     names
   */
  public void rejectUnknown(Set<String> known) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(known);
    for (String option : options.keySet()) {
      boolean engine = ENGINE_OPTIONS.stream().anyMatch(option::equalsIgnoreCase);
      if (!engine && !names.contains(option)) {
        throw new AnalysisException(
            "UNKNOWN_OPTION",
            "option must be known: format="
                + format
                + ", option="
                + option
                + "; "
                + (names.isEmpty()
                    ? "the format has no options"
                    : "the closest of its options are " + closest(option, names)));
      }
    }
  }

  /** The known names that a misspelt one may have meant, the likeliest first. */
  public static List<String> closest(String name, Set<String> known) {
    return Suggestions.closest(name, known, SUGGESTIONS_MAX);
  }

  private static @Nullable Duration parseDuration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long unitNanos = unitNanos(matcher.group(2).toLowerCase(Locale.ROOT));
    if (unitNanos == 0) {
      return null;
    }
    try {
      BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unitNanos));
      return Duration.ofNanos(nanos.longValueExact());
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private static long unitNanos(String unit) {
    return switch (unit) {
      case "ns", "nanosecond", "nanoseconds" -> 1;
      case "us", "µs", "microsecond", "microseconds" -> 1_000;
      case "ms", "millisecond", "milliseconds" -> 1_000_000;
      case "", "s", "sec", "second", "seconds" -> 1_000_000_000;
      case "m", "min", "minute", "minutes" -> 60_000_000_000L;
      case "h", "hour", "hours" -> 3_600_000_000_000L;
      case "d", "day", "days" -> 86_400_000_000_000L;
      default -> 0;
    };
  }
}
