package io.arrowmill.connectors.file.format;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.SourceSpec;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The options that formats made of lines have in common. */
final class LineOptions {
  private LineOptions() {}

  static void check(SourceSpec spec) {
    String encoding = spec.option("encoding");
    if (encoding == null) {
      encoding = spec.option("charset");
    }
    if (encoding != null && !encoding.equalsIgnoreCase("utf-8")) {
      throw new AnalysisException(
          "INVALID_PARAMETER_VALUE.CHARSET",
          "files must be in UTF-8: encoding=" + encoding + "; convert them first");
    }
    String separator = spec.option("lineSep");
    if (separator != null && separator.isEmpty()) {
      throw new AnalysisException(
          "INVALID_OPTION_VALUE", "lineSep must not be empty; leave it out to accept any newline");
    }
  }

  /** What lines end with, or null for any newline. */
  static byte @Nullable [] separator(SourceSpec spec) {
    String separator = spec.option("lineSep");
    return separator == null ? null : separator.getBytes(StandardCharsets.UTF_8);
  }
}
