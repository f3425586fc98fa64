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
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes each batch's rows to files of a directory, exactly once.
 *
 * <p>A batch is staged in {@code _staging/<batchId>} of the output directory, on the same file
 * system. Preparing makes the files and a {@link Manifest} of their names durable; publishing moves
 * them to their places one by one, which can be done again after a crash; the staging directory
 * goes last. Names are {@code part-<batchId>-<task>.<extension>}: a batch that is written again
 * takes the place of what it wrote before. Confined to one thread, writers to one each.
 */
final class FileSink implements StreamSink {
  private static final Pattern PART = Pattern.compile("part-(\\d{10,19})-\\d+\\..*");

  private final Path directory;
  private final Path staging;
  private final WriteFormat format;
  private final SourceSpec spec;
  private final List<String> partitionBy;

  /** Whether publishing removes every file that was there before. */
  private final boolean overwrite;

  /**
   * Batches that are visible though the query has not committed them, from an earlier life of the
   * directory.
   */
  private final Set<Long> visibleLater = new HashSet<>();

  FileSink(
      Path directory,
      WriteFormat format,
      SourceSpec spec,
      List<String> partitionBy,
      boolean overwrite) {
    this.directory = directory;
    this.staging = directory.resolve("_staging");
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
  public void recover(long lastCommittedBatchId) throws IOException {
    Files.createDirectories(directory);
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
    for (Path file : parts()) {
      long batch = batchOf(file);
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
    return new FileSinkBatch(own, format, spec, schema, partitionBy, prefix(batchId));
  }

  @Override
  public void publish(long batchId) throws IOException {
    Path own = stagingOf(batchId);
    List<String> names = Manifest.read(own);
    if (names == null) {
      delete(own); // published before, up to the manifest
      return;
    }
    if (overwrite) {
      removeAll(Set.copyOf(names));
    } else if (visibleLater.remove(batchId)) {
      removeOthers(batchId, Set.copyOf(names));
    }
    Set<Path> touched = new HashSet<>();
    for (String name : names) {
      Path to = directory.resolve(name);
      Path from = own.resolve(name);
      if (Files.exists(from)) {
        createDirectories(Durable.parent(to), touched);
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
      touched.add(Durable.parent(to));
    }
    Durable.syncAll(touched);
    delete(own);
  }

  private void createDirectories(Path wanted, Set<Path> touched) throws IOException {
    if (Files.isDirectory(wanted)) {
      return;
    }
    createDirectories(Durable.parent(wanted), touched);
    Files.createDirectories(wanted);
    touched.add(Durable.parent(wanted));
  }

  private void removeOthers(long batchId, Set<String> keep) throws IOException {
    for (Path file : parts()) {
      if (batchOf(file) == batchId && !keep.contains(directory.relativize(file).toString())) {
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
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths
          .filter(Files::isRegularFile)
          .filter(file -> !isHidden(directory.relativize(file)))
          .toList();
    }
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

  /** All visible files that have a batch's name. */
  private List<Path> parts() throws IOException {
    List<Path> parts = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return path.equals(staging) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            if (batchOf(path) >= 0) {
              parts.add(path);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return parts;
  }

  private static long batchOf(Path file) {
    Matcher matcher = PART.matcher(file.getFileName().toString());
    return matcher.matches() && matcher.group(1).length() < 19
        ? Long.parseLong(matcher.group(1))
        : -1;
  }

  private static String prefix(long batchId) {
    return String.format(Locale.ROOT, "part-%010d-", batchId);
  }

  private Path stagingOf(long batchId) {
    return staging.resolve(Long.toString(batchId));
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
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
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
      Files.deleteIfExists(staging);
    } catch (IOException e) {
      // Not empty: a prepared batch waits there for the next run.
      return;
    }
  }
}
