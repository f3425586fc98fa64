package io.arrowmill.connectors.file.format;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.SourceSpec;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How fields are told apart in CSV text. Characters are of ASCII, so that bytes of UTF-8 can be
 * compared to them; -1 means that there is no such character.
 *
 * @param separator one or more ASCII characters
 */
record CsvDialect(String separator, int quote, int escape, int comment) {

  static CsvDialect of(SourceSpec spec) {
    @Nullable String separator = spec.option("sep");
    if (separator == null) {
      separator = WriteOptions.text(spec, "delimiter", ",");
    }
    separator = separator.replace("\\t", "\t");
    if (separator.isEmpty() || separator.chars().anyMatch(c -> c > 127)) {
      throw invalid("sep", separator, "one or more ASCII characters");
    }
    return new CsvDialect(
        separator,
        character(spec, "quote", "\""),
        character(spec, "escape", "\\"),
        character(spec, "comment", ""));
  }

  /** The separator as it stands in files. */
  byte[] separatorBytes() {
    return separator.getBytes(StandardCharsets.US_ASCII);
  }

  private static int character(SourceSpec spec, String option, String fallback) {
    String text = WriteOptions.text(spec, option, fallback);
    if (text.length() > 1 || (text.length() == 1 && text.charAt(0) > 127)) {
      throw invalid(option, text, "one ASCII character, or empty for none");
    }
    return text.isEmpty() || text.equals("\0") ? -1 : text.charAt(0);
  }

  private static AnalysisException invalid(String option, String value, String wanted) {
    return new AnalysisException(
        "INVALID_OPTION_VALUE",
        "option must be " + wanted + ": option=" + option + ", value=" + value);
  }
}
