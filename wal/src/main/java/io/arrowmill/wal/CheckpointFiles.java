package io.arrowmill.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Files of a checkpoint that entries name: written so that a name stands either for the whole
 * durable file or for nothing, and checked against length and CRC-32C. Any thread may call.
 */
public final class CheckpointFiles {

  private static final String TEMPORARY_SUFFIX = ".arrowmill-tmp";
  private static final int COPY_BYTES = 1 << 16;

  private CheckpointFiles() {}

  /** What an entry has to say about a file. */
  public record WrittenFile(String file, long length, int crc32c) {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface FileContent {
    /** Writes everything to {@code channel}, which may be closed or left open. */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /**
   * Writes a file and makes it and its name durable; replaces a file of that name at once. After an
   * exception the old file, or none, has the name.
   *
   * @param relativeName path below {@code checkpoint}, with '/' between names; directories are
   *     created
   * @throws LogWriteException if the operating system refuses
   */
  public static WrittenFile writeDurably(
      Path checkpoint, String relativeName, FileContent content) {
    WrittenFile written = writeContent(checkpoint, relativeName, content);
    syncNames(checkpoint, List.of(written));
    return written;
  }

  /**
   * As {@link #writeDurably}, but the name is durable only after {@link #syncNames}: so that
   * several files, also of several threads, share that.
   *
   * @throws LogWriteException if the operating system refuses
   */
  public static WrittenFile writeContent(
      Path checkpoint, String relativeName, FileContent content) {
    try (PendingFile file = begin(checkpoint, relativeName, content)) {
      return file.finish();
    }
  }

  /**
   * Creates a directory, unless it is there, and makes its name durable.
   *
   * @param relativeName path below {@code checkpoint}, with '/' between names
   * @throws LogWriteException if the operating system refuses
   */
  public static void createDirectory(Path checkpoint, String relativeName) {
    requireRelative(relativeName);
    Path directory = checkpoint.resolve(relativeName);
    try {
      createDirectoriesDurably(directory);
    } catch (IOException e) {
      throw writeFailed(directory, e);
    }
  }

  /**
   * Writes the content of a file that is to be finished later, perhaps by another thread.
   *
   * @return owned by the caller
   * @throws LogWriteException if the operating system refuses
   */
  public static PendingFile begin(Path checkpoint, String relativeName, FileContent content) {
    requireRelative(relativeName);
    Path target = checkpoint.resolve(relativeName);
    Path directory = parentOf(target);
    Path temporary =
        directory.resolve("." + target.getFileName() + "." + UUID.randomUUID() + TEMPORARY_SUFFIX);
    try {
      createDirectoriesDurably(directory);
      return write(relativeName, temporary, target, content);
    } catch (IOException e) {
      throw writeFailed(target, e);
    }
  }

  private static PendingFile write(
      String relativeName, Path temporary, Path target, FileContent content) throws IOException {
    FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      SummedFile file = new SummedFile(channel);
      content.writeTo(file);
      file.flush();
      WrittenFile written = new WrittenFile(relativeName, file.length(), file.crc32c());
      return new PendingFile(written, temporary, target, channel);
    } catch (IOException | RuntimeException | Error e) {
      try (channel) {
        Files.deleteIfExists(temporary);
      }
      throw e;
    }
  }

  /**
   * Makes the names of files durable.
   *
   * @throws LogWriteException if the operating system refuses
   */
  public static void syncNames(Path checkpoint, List<WrittenFile> files) {
    Set<Path> directories = new LinkedHashSet<>();
    files.forEach(file -> directories.add(parentOf(checkpoint.resolve(file.file()))));
    for (Path directory : directories) {
      try {
        syncDirectory(directory);
      } catch (IOException e) {
        throw writeFailed(directory, e);
      }
    }
  }

  static LogWriteException writeFailed(Path file, IOException e) {
    return new LogWriteException(
        "checkpoint file must be writable: file="
            + file
            + ", error="
            + e
            + "; check free space, permissions and the disk",
        e);
  }

  /**
   * Checks a file of a checkpoint.
   *
   * @throws LogDamagedException if it is missing, has another length or another checksum
   * @throws LogReadException if the operating system refuses to read it
   */
  public static void verify(Path file, long length, int crc32c) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() != length) {
        throw damaged(file, "expectedLength=" + length + ", foundLength=" + channel.size());
      }
      int found = crc32c(channel);
      if (found != crc32c) {
        throw damaged(
            file,
            "expectedCrc32c="
                + Integer.toHexString(crc32c)
                + ", foundCrc32c="
                + Integer.toHexString(found));
      }
    } catch (NoSuchFileException _) {
      throw damaged(file, "expectedLength=" + length + ", found=no file");
    } catch (IOException e) {
      throw new LogReadException(
          "checkpoint file must be readable: file="
              + file
              + ", error="
              + e
              + "; check permissions and the disk",
          e);
    }
  }

  private static LogDamagedException damaged(Path file, String facts) {
    return new LogDamagedException(
        file,
        -1,
        "checkpoint file must be as the log recorded it: file="
            + file
            + ", "
            + facts
            + "; restore the checkpoint from a copy, or start the query with a new checkpoint");
  }

  /** Refuses a name that is empty, absolute, or leaves the checkpoint. */
  static void requireRelative(String name) {
    boolean leaves = name.isEmpty() || name.startsWith("/") || name.indexOf('\\') >= 0;
    for (String step : name.split("/", -1)) {
      leaves |= step.isEmpty() || step.equals(".") || step.equals("..");
    }
    if (leaves) {
      throw new IllegalArgumentException(
          "file must be a path below the checkpoint with '/' between names: file=" + name);
    }
  }

  /**
   * Clears up after a killed process: deletes what its interrupted {@link #writeDurably} calls
   * left, and makes the names durable that it had made and not synced, before anything builds on
   * them. Nobody may be writing.
   */
  static void settle(Path checkpoint) throws IOException {
    Path parent = parentOf(checkpoint);
    if (Files.isReadable(parent)) {
      syncDirectory(parent);
    }
    Files.walkFileTree(
        checkpoint,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.toString().endsWith(TEMPORARY_SUFFIX)) {
              Files.deleteIfExists(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure == null) {
              syncDirectory(directory);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE; // what cannot be looked into is not the log's
          }
        });
  }

  /** Creates a directory and makes the names of all that were missing durable. */
  static void createDirectoriesDurably(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = parentOf(directory);
    createDirectoriesDurably(parent);
    Files.createDirectories(directory);
    syncDirectory(parent);
  }

  /** Makes the names in a directory durable, where the operating system knows how. */
  static void syncDirectory(Path directory) throws IOException {
    if (System.getProperty("os.name", "").startsWith("Windows")) {
      return; // a directory cannot be opened there, and its names need no sync
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static Path parentOf(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("path must have a parent directory: path=" + path);
    }
    return parent;
  }

  private static int crc32c(FileChannel channel) throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
    long position = 0;
    while (true) {
      int count = channel.read(buffer.clear(), position);
      if (count < 0) {
        return (int) crc.getValue();
      }
      crc.update(buffer.flip());
      position += count;
    }
  }
}
