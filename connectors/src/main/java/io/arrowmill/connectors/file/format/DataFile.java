package io.arrowmill.connectors.file.format;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was listed: readers read the first {@code sizeBytes} bytes of it and no more, so
 * that a file that still grows gives the same rows each time.
 *
 * @param partition the unescaped text of each {@code column=value} directory above the file,
 *     outermost first; null is the default partition
 */
public record DataFile(
    Path path, long sizeBytes, long modifiedMillis, Map<String, @Nullable String> partition) {

  /** A file that lies in no partition. */
  public DataFile(Path path, long sizeBytes, long modifiedMillis) {
    this(path, sizeBytes, modifiedMillis, new TreeMap<>());
  }

  /** The file's name as messages and logs spell it, {@code file:///...}. */
  public String uri() {
    return path.toUri().toString();
  }
}
