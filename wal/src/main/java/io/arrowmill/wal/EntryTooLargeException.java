package io.arrowmill.wal;

/** An entry is larger than the log takes; nothing was written. */
public final class EntryTooLargeException extends WalException {

  private static final long serialVersionUID = 1L;

  EntryTooLargeException(String message) {
    super("ENTRY_TOO_LARGE", message, null);
  }
}
