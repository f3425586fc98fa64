package io.arrowmill.connectors.file.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes changes to the file system survive a crash of the machine. */
public final class Durable {
  private Durable() {}

  /**
   * Makes durable which names a directory holds. Does nothing where directories can't be opened.
   */
  public static void syncDirectory(Path directory) throws IOException {
    if (System.getProperty("os.name", "").startsWith("Windows")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** The directory that holds {@code path}, which must have one. */
  public static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("path must have a parent: path=" + path);
    }
    return parent;
  }

  /** Makes the content of a file durable. */
  public static void syncFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
