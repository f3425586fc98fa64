package io.arrowmill.wal;

import org.jspecify.annotations.Nullable;

/** The operating system refused to read the checkpoint. */
public final class LogReadException extends WalException {

  private static final long serialVersionUID = 1L;

  LogReadException(String message, @Nullable Throwable cause) {
    super("LOG_READ_FAILED", message, cause);
  }
}
