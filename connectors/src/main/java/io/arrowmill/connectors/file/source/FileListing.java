package io.arrowmill.connectors.file.source;

import io.arrowmill.AnalysisException;
import io.arrowmill.connectors.file.format.DataFile;
import io.arrowmill.plan.SourceSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lists the files below a path: a file, a directory, or a pattern with {@code * ? [] {}} in any
 * component. Goes down into {@code column=value} directories, and into all with {@code
 * recursiveFileLookup}. Names that begin with {@code _} or {@code .} are not data.
 */
public final class FileListing {
  /** Oldest first; among equals by path. */
  public static final Comparator<DataFile> OLDEST_FIRST =
      Comparator.comparingLong(DataFile::modifiedMillis)
          .thenComparing(file -> file.path().toString());

  private final String path;
  private final boolean recursive;
  private final @Nullable PathMatcher nameFilter;
  private final @Nullable Path basePath;

  /**
   * The listing that the options {@code path, pathGlobFilter, basePath, recursiveFileLookup}
   * describe.
   */
  public FileListing(SourceSpec spec) {
    String given = spec.option("path");
    if (given == null || given.isBlank()) {
      throw new AnalysisException(
          "MISSING_PATH",
          "a path must be given: format="
              + spec.format()
              + "; use load(path) or option(\"path\", ...)");
    }
    path = given;
    recursive = FileOptions.flag(spec, "recursiveFileLookup", false);
    String filter = spec.option("pathGlobFilter");
    nameFilter = filter == null ? null : matcher(filter);
    String base = spec.option("basePath");
    basePath = base == null ? null : toPath(base);
  }

  /** The path as the user gave it. */
  public String path() {
    return path;
  }

  /** The deepest directory above everything that can be listed. */
  public Path root() {
    Path root = toPath(firstPlainPart());
    return root;
  }

  private String firstPlainPart() {
    if (!isPattern(path)) {
      return path;
    }
    StringBuilder plain = new StringBuilder();
    for (String part : path.split("(?<=/)", -1)) {
      if (isPattern(part)) {
        break;
      }
      plain.append(part);
    }
    return plain.isEmpty() ? "." : plain.toString();
  }

  /** A path or a {@code file:} URI. */
  public static Path toPath(String text) {
    if (text.startsWith("file:")) {
      if (text.startsWith("file:///")) {
        text = text.substring("file://".length());
      } else {
        text = text.substring("file:".length());
      }
      text = text.contains("%") ? URI.create("file://" + text.replace(" ", "%20")).getPath() : text;
    } else if (text.matches("[A-Za-z][A-Za-z0-9+.-]+://.*")) {
      throw new AnalysisException(
          "UNSUPPORTED_FILE_SYSTEM",
          "path must be a local one: path=" + text + "; use a plain path or a file: URI");
    }
    return Path.of(text).toAbsolutePath().normalize();
  }

  private static boolean isPattern(String text) {
    return text.chars().anyMatch(c -> c == '*' || c == '?' || c == '[' || c == '{');
  }

  private static PathMatcher matcher(String pattern) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + pattern.replace("[^", "[!"));
    } catch (IllegalArgumentException e) {
      throw FileOptions.invalid("path pattern", pattern, "a pattern with * ? [] {}");
    }
  }

  /**
   * Checks that there is something to list.
   *
   * @param mayBeEmpty whether a pattern may match nothing for now
   */
  public void checkExists(boolean mayBeEmpty) {
    boolean there = isPattern(path) ? mayBeEmpty || !roots().isEmpty() : Files.exists(toPath(path));
    if (!there) {
      throw new AnalysisException(
          "PATH_NOT_FOUND", "path must exist: path=" + path + "; create it, or correct it");
    }
  }

  /** All files there are now, oldest first. */
  public List<DataFile> list() throws IOException {
    List<DataFile> files = new ArrayList<>();
    for (Path root : roots()) {
      Path base = basePath;
      Map<String, @Nullable String> partition =
          base != null && root.startsWith(base)
              ? PartitionColumns.between(base, root)
              : new LinkedHashMap<>();
      visit(root, partition, files);
    }
    files.sort(OLDEST_FIRST);
    return files;
  }

  private List<Path> roots() {
    if (!isPattern(path)) {
      return List.of(toPath(path));
    }
    List<Path> level = List.of(root());
    String rest = path.substring(firstPlainPart().equals(".") ? 0 : firstPlainPart().length());
    try {
      for (String part : rest.split("/", -1)) {
        if (!part.isEmpty()) {
          level = matches(level, part);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return level;
  }

  private static List<Path> matches(List<Path> level, String part) throws IOException {
    PathMatcher matcher = matcher(part);
    List<Path> next = new ArrayList<>();
    for (Path directory : level) {
      if (Files.isDirectory(directory)) {
        for (Path child : children(directory)) {
          if (!isHidden(child) && matcher.matches(child.getFileName())) {
            next.add(child);
          }
        }
      }
    }
    return next;
  }

  private void visit(Path path, Map<String, @Nullable String> partition, List<DataFile> files)
      throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      return; // gone since its directory was listed
    }
    if (!attributes.isDirectory()) {
      PathMatcher filter = nameFilter;
      if (filter == null || filter.matches(path.getFileName())) {
        files.add(
            new DataFile(
                path, attributes.size(), attributes.lastModifiedTime().toMillis(), partition));
      }
      return;
    }
    for (Path child : children(path)) {
      if (isHidden(child)) {
        continue;
      }
      Map.Entry<String, @Nullable String> column =
          recursive ? null : PartitionColumns.parse(child.getFileName().toString());
      if (Files.isDirectory(child)) {
        if (recursive) {
          visit(child, partition, files);
        } else if (column != null) {
          Map<String, @Nullable String> deeper = new LinkedHashMap<>(partition);
          deeper.put(column.getKey(), column.getValue());
          visit(child, deeper, files);
        }
      } else {
        visit(child, partition, files);
      }
    }
  }

  private static List<Path> children(Path directory) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return children;
    }
    return children;
  }

  private static boolean isHidden(Path path) {
    String name = path.getFileName().toString();
    return name.startsWith(".") || (name.startsWith("_") && !name.contains("="));
  }
}
