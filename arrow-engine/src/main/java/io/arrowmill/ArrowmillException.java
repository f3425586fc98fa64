package io.arrowmill;

import org.jspecify.annotations.Nullable;

/**
 * Any failure that Arrowmill reports. {@link #condition()} is a stable name to program against; the
 * message says what must hold, the values found, and the remedy.
 */
public class ArrowmillException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String condition;

  /** A failure of the given condition. */
  public ArrowmillException(String condition, String message) {
    this(condition, message, null);
  }

  /** A failure of the given condition with its cause. */
  public ArrowmillException(String condition, String message, @Nullable Throwable cause) {
    super("[" + condition + "] " + message, cause);
    this.condition = condition;
  }

  /** The stable name of what went wrong; Spark's name where Spark has one. */
  public String condition() {
    return condition;
  }
}
