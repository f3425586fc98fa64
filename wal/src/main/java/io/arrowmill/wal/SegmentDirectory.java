package io.arrowmill.wal;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Names on disk: {@code CHECKPOINT/wal/<sequence of the first record, 20 digits>/19700101.cq4}. The
 * date is the one file that a Chronicle Queue writes whose clock stands still.
 */
record SegmentDirectory(Path path, long firstSequence) {

  static final String WAL = "wal";
  static final String DATA_FILE = "19700101.cq4";

  private static final String DELETED_SUFFIX = ".deleted";
  private static final Pattern NAME = Pattern.compile("0[0-8]\\d{18}");

  static SegmentDirectory of(Path walDirectory, long firstSequence) {
    String name = String.format(Locale.ROOT, "%020d", firstSequence);
    return new SegmentDirectory(walDirectory.resolve(name), firstSequence);
  }

  /** The segments of a log, ascending; none if there is no such directory. */
  static List<SegmentDirectory> list(Path walDirectory) throws IOException {
    List<SegmentDirectory> segments = new ArrayList<>();
    try (Stream<Path> children = Files.list(walDirectory)) {
      for (Path child : (Iterable<Path>) children::iterator) {
        String name = String.valueOf(child.getFileName());
        if (NAME.matcher(name).matches()) {
          segments.add(new SegmentDirectory(child, Long.parseLong(name)));
        }
      }
    } catch (NoSuchFileException _) {
      return List.of();
    }
    segments.sort(Comparator.comparingLong(SegmentDirectory::firstSequence));
    return segments;
  }

  Path dataFile() {
    return path.resolve(DATA_FILE);
  }

  /** Takes the segment out of the log at once and durably, then deletes its files. */
  void delete() throws IOException {
    Path doomed = path.resolveSibling(path.getFileName() + DELETED_SUFFIX);
    deleteTree(doomed);
    Files.move(path, doomed);
    CheckpointFiles.syncDirectory(CheckpointFiles.parentOf(path));
    deleteTree(doomed);
  }

  /** Finishes deletions that a crash interrupted. */
  static void finishDeletions(Path walDirectory) throws IOException {
    List<Path> doomed = new ArrayList<>();
    try (Stream<Path> children = Files.list(walDirectory)) {
      children.filter(child -> child.toString().endsWith(DELETED_SUFFIX)).forEach(doomed::add);
    }
    for (Path directory : doomed) {
      deleteTree(directory);
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
