package io.arrowmill.connectors.file.format;

import io.arrowmill.ArrowmillException;
import io.arrowmill.types.DataType;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The failures of reading a file, each naming it. */
public final class ReadErrors {
  private ReadErrors() {}

  /** A file that was listed is gone. */
  public static ArrowmillException missing(Path path) {
    return new ArrowmillException(
        "FAILED_READ_FILE.FILE_NOT_EXIST",
        "a listed file must stay until its rows are committed: file="
            + path.toUri()
            + "; put it back, or restart the query from a new checkpoint");
  }

  /** A file that was listed got shorter, or was rewritten. */
  public static ArrowmillException changed(Path path, long listedBytes, long foundBytes) {
    return new ArrowmillException(
        "FAILED_READ_FILE.FILE_CHANGED",
        "a listed file must not change until its rows are committed: file="
            + path.toUri()
            + ", listedBytes="
            + listedBytes
            + ", foundBytes="
            + foundBytes
            + "; write files elsewhere and move them in when they are complete");
  }

  /** A file that can't be read as what it should be. */
  public static ArrowmillException unreadable(
      Path path, String format, String why, @Nullable Throwable cause) {
    if (!Files.exists(path)) {
      return missing(path);
    }
    if (!Files.isReadable(path)) {
      return new ArrowmillException(
          "FAILED_READ_FILE.NO_HINT",
          "this process must have the permission to read the file: file="
              + path.toUri()
              + ", user="
              + System.getProperty("user.name")
              + "; grant it, or remove the file",
          cause);
    }
    return new ArrowmillException(
        "FAILED_READ_FILE.NO_HINT",
        "file must be readable and complete "
            + format
            + ": file="
            + path.toUri()
            + ", reason="
            + why
            + "; remove or replace it",
        cause);
  }

  /** A column whose type in the file can't be read as the wanted one. */
  public static ArrowmillException columnType(
      Path path, String format, String column, String found, DataType wanted) {
    return new ArrowmillException(
        format.equals("parquet")
            ? "FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH"
            : "FAILED_READ_FILE.COLUMN_DATA_TYPE_MISMATCH",
        "column in the file must have a type that converts to the wanted one without loss: file="
            + path.toUri()
            + ", column="
            + column
            + ", fileType="
            + found
            + ", wantedType="
            + wanted.sql()
            + "; change the schema of the read, and cast afterwards");
  }
}
