package io.arrowmill.streaming;

import io.arrowmill.AnalysisException;
import java.util.Locale;

/** Which rows of the result table a batch hands to the sink. */
public enum OutputMode {
  /** Rows that were added and will never change. */
  APPEND,
  /** Rows that were added or changed. */
  UPDATE,
  /** All rows. */
  COMPLETE;

  /** Rows that were added and will never change. */
  public static OutputMode Append() {
    return APPEND;
  }

  /** Rows that were added or changed. */
  public static OutputMode Update() {
    return UPDATE;
  }

  /** All rows. */
  public static OutputMode Complete() {
    return COMPLETE;
  }

  /**
   * Reads {@code append}, {@code update} or {@code complete}, in any case.
   *
   * @throws AnalysisException with condition {@code STREAMING_OUTPUT_MODE.INVALID} for any other
   *     text
   */
  public static OutputMode parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "append" -> APPEND;
      case "update" -> UPDATE;
      case "complete" -> COMPLETE;
      default ->
          throw new AnalysisException(
              "STREAMING_OUTPUT_MODE.INVALID",
              "output mode must be known: mode=" + text + "; use append, update or complete");
    };
  }

  @Override
  public String toString() {
    return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
  }
}
