package io.arrowmill.connectors.file.source;

import io.arrowmill.AnalysisException;
import io.arrowmill.connectors.file.format.DataFile;
import io.arrowmill.plan.SourceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What happens to files whose rows are committed: option {@code cleanSource} off, delete or
 * archive. A file that can't be cleaned stays, with a warning: it will not be read again. Confined
 * to one thread.
 */
final class SourceCleaner {
  private static final System.Logger LOG = System.getLogger(SourceCleaner.class.getName());

  private enum Mode {
    OFF,
    DELETE,
    ARCHIVE
  }

  private final Mode mode;
  private final @Nullable Path archive;
  private long cleanedTo = -1;

  private SourceCleaner(Mode mode, @Nullable Path archive) {
    this.mode = mode;
    this.archive = archive;
  }

  static SourceCleaner of(SourceSpec spec, FileListing listing) {
    String given = spec.option("cleanSource");
    String text = given == null ? "off" : given;
    Mode mode =
        switch (text.toLowerCase(Locale.ROOT)) {
          case "off" -> Mode.OFF;
          case "delete" -> Mode.DELETE;
          case "archive" -> Mode.ARCHIVE;
          default -> throw FileOptions.invalid("cleanSource", text, "off, delete or archive");
        };
    if (mode != Mode.ARCHIVE) {
      return new SourceCleaner(mode, null);
    }
    String directory = spec.option("sourceArchiveDir");
    if (directory == null) {
      throw new AnalysisException(
          "INVALID_OPTION_VALUE",
          "sourceArchiveDir must be given when cleanSource is archive; add the option");
    }
    Path archive = FileListing.toPath(directory);
    if (archive.startsWith(listing.root())) {
      throw new AnalysisException(
          "INVALID_OPTION_VALUE",
          "sourceArchiveDir must lie outside of what the source reads: sourceArchiveDir="
              + directory
              + ", path="
              + listing.path()
              + "; archive to another directory");
    }
    return new SourceCleaner(mode, archive);
  }

  /**
   * Deletes or moves the files of a committed batch; a second call for the same batch does nothing.
   */
  void clean(long batch, List<DataFile> files) {
    if (mode == Mode.OFF || batch <= cleanedTo) {
      return;
    }
    for (DataFile file : files) {
      try {
        clean(file.path());
      } catch (IOException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "a file that was read could not be cleaned and stays: file={0}, reason={1}",
            file.path(),
            e.toString());
      }
    }
    cleanedTo = batch;
  }

  private void clean(Path file) throws IOException {
    Path target = archive;
    if (target == null) {
      Files.deleteIfExists(file);
    } else if (Files.exists(file)) {
      // The whole path is kept below the archive, so that names can't collide.
      Path to = target.resolve(file.getRoot().relativize(file).toString());
      Files.createDirectories(to.getParent());
      Files.move(file, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
