package io.arrowmill.wal;

import java.nio.file.Path;

/**
 * Data that had been durable is missing or altered; the log is not opened, and nothing is changed.
 */
public final class LogDamagedException extends WalException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final long position;

  LogDamagedException(Path file, long position, String message) {
    super("LOG_DAMAGED", message, null);
    this.file = file.toString();
    this.position = position;
  }

  /** The damaged file. */
  public Path file() {
    return Path.of(file);
  }

  /**
   * Where in the file the damage was noticed, in bytes from its start; -1 if it concerns all of it.
   */
  public long position() {
    return position;
  }
}
