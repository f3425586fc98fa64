package io.arrowmill.wal;

import org.jspecify.annotations.Nullable;

/** What can go wrong with a checkpoint's log, by blame; the message names facts and the remedy. */
public abstract sealed class WalException extends RuntimeException
    permits CheckpointInUseException,
        EntryTooLargeException,
        JvmFlagsMissingException,
        LogDamagedException,
        LogReadException,
        LogWriteException {

  private static final long serialVersionUID = 1L;

  private final String condition;

  WalException(String condition, String message, @Nullable Throwable cause) {
    super("[" + condition + "] " + message, cause);
    this.condition = condition;
  }

  /** The kind of error in capitals, such as {@code LOG_DAMAGED}; never changes its meaning. */
  public final String condition() {
    return condition;
  }
}
