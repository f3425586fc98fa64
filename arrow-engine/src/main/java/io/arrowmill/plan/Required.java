package io.arrowmill.plan;

import io.arrowmill.AnalysisException;
import org.jspecify.annotations.Nullable;

/** What a program must give, told where it is missing instead of where it is needed. */
public final class Required {
  private Required() {}

  /**
   * The value that was given.
   *
   * @param what names it in the error: {@code "text of a query"}
   */
  public static <T> T given(@Nullable T value, String what) {
    if (value == null) {
      throw new AnalysisException(
          "ARGUMENT_REQUIRED", what + " must be given: value=null; pass one that is not null");
    }
    return value;
  }
}
