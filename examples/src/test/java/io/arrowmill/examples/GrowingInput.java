package io.arrowmill.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** A directory of {@link AdEvents} that more files can be put into. */
final class GrowingInput {
  private static final int MORE_FILES = 24;

  private final Path directory;
  private final int rowsPerFile;
  private final long seed;
  private int files;

  GrowingInput(Path directory, int files, int rowsPerFile, long seed)
      throws SQLException, IOException {
    this.directory = directory;
    this.rowsPerFile = rowsPerFile;
    this.seed = seed;
    add(files);
  }

  /** Puts some more files into the directory. */
  void grow() throws SQLException, IOException {
    add(MORE_FILES);
  }

  private void add(int more) throws SQLException, IOException {
    AdEvents.write(directory, files, more, rowsPerFile, seed);
    files += more;
  }
}
