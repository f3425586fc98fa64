package io.arrowmill.oracle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a selection gave.
 *
 * @param rows values as text, one list a row; empty if it failed
 * @param error the condition of the error, or null
 * @param message the error's message, for the reader
 */
record TableOutcome(List<List<String>> rows, @Nullable String error, @Nullable String message) {

  static TableOutcome of(List<List<String>> rows) {
    return new TableOutcome(rows, null, null);
  }

  static TableOutcome failed(String condition, Throwable cause) {
    return new TableOutcome(List.of(), condition, cause.toString());
  }
}
