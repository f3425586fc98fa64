package io.arrowmill.wal;

import org.jspecify.annotations.Nullable;

/**
 * The operating system refused a write or a sync; the log takes no more entries until it is
 * reopened.
 */
public final class LogWriteException extends WalException {

  private static final long serialVersionUID = 1L;

  LogWriteException(String message, @Nullable Throwable cause) {
    super("LOG_WRITE_FAILED", message, cause);
  }
}
