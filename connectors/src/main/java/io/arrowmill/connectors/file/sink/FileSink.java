package io.arrowmill.connectors.file.sink;

import io.arrowmill.connector.SinkBatch;
import io.arrowmill.connector.StreamSink;
import io.arrowmill.connectors.file.format.WriteFormat;
import io.arrowmill.connectors.file.source.Durable;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes each batch's rows to files of a directory, exactly once.
 *
 * <p>A batch is staged in {@code _staging-<writer>/<batchId>} of the output directory, on the same
 * file system. Preparing makes the files and a {@link Manifest} of their names durable; publishing
 * moves them to their places one by one, which can be done again after a crash; the staging
 * directory goes last.
 *
 * <p>The writer is the query by its id, which its checkpoint keeps, or one write of a table by an
 * id of its own. Names are {@link PartNames}, with the writer's id in them: a batch that is written
 * again takes the place of what it wrote before, and any number of writers, also in different
 * processes, add to one directory. A sink touches nothing of another writer's, since it can't know
 * which of it is committed; a staging directory whose query never comes back may be deleted by
 * hand. Confined to one thread, writers to one each.
 */
final class FileSink implements StreamSink {
  private static final String STAGING = "_staging-";

  private final Path directory;
  private final WriteFormat format;
  private final SourceSpec spec;
  private final List<String> partitionBy;

  /** Whether publishing removes every file that was there before. */
  private final boolean overwrite;

  /** Whose files these are; a write of a table has an id that nothing had before. */
  private PartNames names = PartNames.of(UUID.randomUUID());

  /**
   * Batches of the query that are visible though its checkpoint has not committed them, because the
   * checkpoint was put back to an earlier state.
   */
  private final Set<Long> visibleLater = new HashSet<>();

  FileSink(
      Path directory,
      WriteFormat format,
      SourceSpec spec,
      List<String> partitionBy,
      boolean overwrite) {
    this.directory = directory;
    this.format = format;
    this.spec = spec;
    this.partitionBy = partitionBy;
    this.overwrite = overwrite;
  }

  @Override
  public boolean supports(OutputMode mode) {
    return mode == OutputMode.APPEND;
  }

  @Override
  public void recover(UUID queryId, long lastCommittedBatchId) throws IOException {
    names = PartNames.of(queryId);
    Files.createDirectories(directory);
    Path staging = staging();
    Set<Long> staged = new TreeSet<>();
    if (Files.exists(staging)) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(staging)) {
        for (Path child : children) {
          String name = child.getFileName().toString();
          if (name.matches("\\d{1,18}")) {
            staged.add(Long.parseLong(name));
          }
        }
      }
    }
    for (long batch : staged) {
      if (batch <= lastCommittedBatchId) {
        publish(batch);
      } else {
        delete(stagingOf(batch));
      }
    }
    for (Path file : files(directory)) {
      long batch = names.batchOf(file);
      if (batch > lastCommittedBatchId) {
        visibleLater.add(batch);
      }
    }
  }

  @Override
  public SinkBatch begin(long batchId, StructType schema, OutputMode mode) throws IOException {
    Path own = stagingOf(batchId);
    delete(own);
    Files.createDirectories(own);
    return new FileSinkBatch(own, format, spec, schema, partitionBy, batchId, names);
  }

  @Override
  public void publish(long batchId) throws IOException {
    Path own = stagingOf(batchId);
    List<String> prepared = Manifest.read(own);
    if (prepared == null) {
      delete(own); // published before, up to the manifest
      return;
    }
    if (overwrite) {
      removeAll(Set.copyOf(prepared));
    } else if (visibleLater.remove(batchId)) {
      removeOthers(batchId, Set.copyOf(prepared));
    }
    Set<Path> touched = new HashSet<>();
    for (String name : prepared) {
      Path to = directory.resolve(name);
      Path from = own.resolve(name);
      if (Files.exists(from)) {
        Files.createDirectories(Durable.parent(to));
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
      // All above, too: who made them, an earlier run or another writer, may not have come to it.
      for (Path at = Durable.parent(to); at.startsWith(directory); at = Durable.parent(at)) {
        touched.add(at);
      }
    }
    Durable.syncAll(touched);
    delete(own);
  }

  private void removeOthers(long batchId, Set<String> keep) throws IOException {
    for (Path file : files(directory)) {
      if (names.batchOf(file) == batchId && !keep.contains(directory.relativize(file).toString())) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void removeAll(Set<String> keep) throws IOException {
    for (Path file : visible(directory)) {
      if (!keep.contains(directory.relativize(file).toString())) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Whether a directory has no file that readers would see. */
  static boolean isEmpty(Path directory) throws IOException {
    return visible(directory).isEmpty();
  }

  /** All files but those that are hidden or lie in a hidden directory. */
  private static List<Path> visible(Path directory) throws IOException {
    return files(directory).stream().filter(file -> !isHidden(directory.relativize(file))).toList();
  }

  private static boolean isHidden(Path relative) {
    for (Path part : relative) {
      String name = part.toString();
      if (name.startsWith(".") || (name.startsWith("_") && !name.contains("="))) {
        return true;
      }
    }
    return false;
  }

  /** All files but staged ones. Others may write to the directory meanwhile. */
  private static List<Path> files(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            boolean isStaging =
                directory.equals(path.getParent())
                    && path.getFileName().toString().startsWith(STAGING);
            return isStaging ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(path);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException failure)
              throws IOException {
            return unlessGone(failure);
          }
        });
    return files;
  }

  private static FileVisitResult unlessGone(IOException failure) throws IOException {
    if (failure instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw failure;
  }

  /** Where the writer's batches are staged: it alone makes and removes this directory. */
  private Path staging() {
    return directory.resolve(STAGING + names.writer());
  }

  private Path stagingOf(long batchId) {
    return staging().resolve(Long.toString(batchId));
  }

  /**
   * Deletes a directory and what is in it; the manifest goes first, so that half a batch is never
   * taken for one.
   */
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.deleteIfExists(directory.resolve("_manifest"));
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException failure)
              throws IOException {
            return unlessGone(failure);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(path);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public String description() {
    return "FileSink[" + directory.toUri() + "]";
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(staging());
    } catch (IOException e) {
      // Not empty: a prepared batch waits there for the next run.
      return;
    }
  }
}
