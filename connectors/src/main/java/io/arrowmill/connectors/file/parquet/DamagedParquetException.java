package io.arrowmill.connectors.file.parquet;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A part of a file breaks the format's rules; readers add which file it is. */
final class DamagedParquetException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  DamagedParquetException(String message) {
    super(message);
  }

  DamagedParquetException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Throws unless {@code holds}. */
  static void check(boolean holds, String message) {
    if (!holds) {
      throw new DamagedParquetException(message);
    }
  }

  /** Returns {@code value}, or throws if there is none. */
  static <T> T present(@Nullable T value, String message) {
    if (value == null) {
      throw new DamagedParquetException(message);
    }
    return value;
  }

  /** Throws unless {@code from <= value <= to}. */
  static void checkRange(String what, long value, long from, long to) {
    if (value < from || value > to) {
      throw new DamagedParquetException(
          what + " must be between " + from + " and " + to + ": " + value);
    }
  }
}
