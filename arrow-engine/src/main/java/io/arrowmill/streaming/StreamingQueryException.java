package io.arrowmill.streaming;

import io.arrowmill.ArrowmillException;
import org.jspecify.annotations.Nullable;

/** A streaming query ended with an error: which query, and what went wrong. */
public final class StreamingQueryException extends ArrowmillException {
  private static final long serialVersionUID = 1L;

  /** A query that failed. */
  public StreamingQueryException(String condition, String message, @Nullable Throwable cause) {
    super(condition, message, cause);
  }
}
