package io.arrowmill.connectors.file.source;

import io.arrowmill.AnalysisException;
import io.arrowmill.connector.ConnectorOptions;
import io.arrowmill.plan.SourceSpec;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks options. Every wrong value is an {@link AnalysisException} that says what is
 * right.
 */
public final class FileOptions {
  /** The options that every file source knows, whatever the format. */
  public static final Set<String> OF_SOURCES =
      Set.of(
          "path",
          "basePath",
          "pathGlobFilter",
          "recursiveFileLookup",
          "maxFilesPerTrigger",
          "maxBytesPerTrigger",
          "latestFirst",
          "fileNameOnly",
          "maxFileAge",
          "maxCachedFiles",
          "discardCachedInputRatio",
          "cleanSource",
          "sourceArchiveDir",
          "schemaInference",
          "spark.sql.streaming.schemaInference");

  private static final Pattern AGE = Pattern.compile("(\\d+)\\s*([a-z]+)");

  private FileOptions() {}

  /** Rejects options that are in neither set. */
  public static void checkKnown(SourceSpec spec, Set<String> common, Set<String> own) {
    Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    known.addAll(common);
    known.addAll(own);
    for (String name : spec.options().keySet()) {
      if (!known.contains(name)) {
        throw new AnalysisException(
            "UNKNOWN_OPTION",
            "option must be one that the format knows: option="
                + name
                + ", format="
                + spec.format()
                + "; did you mean "
                + String.join(" or ", ConnectorOptions.closest(name, known))
                + "? All: "
                + String.join(", ", known));
      }
    }
  }

  /** An option that is true or false. */
  public static boolean flag(SourceSpec spec, String name, boolean fallback) {
    String text = spec.option(name);
    if (text == null) {
      return fallback;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(name, text, "true or false");
    };
  }

  /** An option that is a positive whole number, or null if it was not given. */
  public static @Nullable Long positive(SourceSpec spec, String name) {
    String text = spec.option(name);
    if (text == null) {
      return null;
    }
    try {
      long value = Long.parseLong(text.trim());
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw invalid(name, text, "a whole number above 0");
    }
    throw invalid(name, text, "a whole number above 0");
  }

  /** An option that is a number of bytes, such as {@code 64m}, or null if it was not given. */
  public static @Nullable Long bytes(SourceSpec spec, String name) {
    String text = spec.option(name);
    if (text == null) {
      return null;
    }
    Matcher matcher = Pattern.compile("(\\d{1,15})\\s*([kmgt]?)b?").matcher(lower(text));
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
      throw invalid(name, text, "a number of bytes above 0, such as 1048576 or 64m");
    }
    int shift = 10 * " kmgt".indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2));
    return Long.parseLong(matcher.group(1)) << shift;
  }

  /** An option that is a duration, such as {@code 7d} or {@code 12 hours}. */
  public static Duration duration(SourceSpec spec, String name, Duration fallback) {
    String text = spec.option(name);
    if (text == null) {
      return fallback;
    }
    Matcher matcher = AGE.matcher(lower(text));
    if (matcher.matches() && matcher.group(1).length() < 15) {
      long count = Long.parseLong(matcher.group(1));
      switch (matcher.group(2)) {
        case "ms", "millisecond", "milliseconds" -> {
          return Duration.ofMillis(count);
        }
        case "s", "sec", "second", "seconds" -> {
          return Duration.ofSeconds(count);
        }
        case "m", "min", "minute", "minutes" -> {
          return Duration.ofMinutes(count);
        }
        case "h", "hour", "hours" -> {
          return Duration.ofHours(count);
        }
        case "d", "day", "days" -> {
          return Duration.ofDays(count);
        }
        case "w", "week", "weeks" -> {
          return Duration.ofDays(7 * count);
        }
        default -> {}
      }
    }
    throw invalid(name, text, "a duration, such as 7d, 12h or 30 minutes");
  }

  private static String lower(String text) {
    return text.trim().toLowerCase(Locale.ROOT);
  }

  /** The error for a value that an option can't have. */
  public static AnalysisException invalid(String name, String found, String wanted) {
    return new AnalysisException(
        "INVALID_OPTION_VALUE",
        "option must be " + wanted + ": option=" + name + ", value=" + found);
  }
}
