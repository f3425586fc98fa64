package io.arrowmill.wal;

/** The JVM was started without flags that the log's memory mapping needs. */
public final class JvmFlagsMissingException extends WalException {

  private static final long serialVersionUID = 1L;

  JvmFlagsMissingException(String message) {
    super("JVM_FLAGS_MISSING", message, null);
  }
}
