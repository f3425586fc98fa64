import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Formats, or checks, every Java file under {@code src/<any>/java} of a tree. The build runs it from source:
 * {@code Format.java check ROOT REPORT} writes the report only if files are unformatted, {@code
 * Format.java write ROOT} formats them.
 */
final class Format {
  private static final Set<String> SKIPPED = Set.of("target", ".git");

  public static void main(String[] args) throws IOException {
    boolean write = args[0].equals("write");
    Path root = Path.of(args[1]).toAbsolutePath().normalize();
    List<Path> unformatted =
        sources(root).parallelStream().filter(file -> !isFormatted(file, write)).sorted().toList();
    List<Path> names = unformatted.stream().map(root::relativize).toList();
    if (write) {
      names.forEach(name -> System.out.println("formatted " + name));
      return;
    }
    Path report = Path.of(args[2]);
    Files.deleteIfExists(report);
    if (!names.isEmpty()) {
      Files.createDirectories(report.getParent());
      Files.writeString(
          report,
          "Java files must be formatted; run mvn -q -N -Pformat initialize to do so: files="
              + names);
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            boolean skip = SKIPPED.contains(directory.getFileName().toString());
            return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().matches(".*/src/[^/]+/java/.*\\.java")) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  private static boolean isFormatted(Path file, boolean write) {
    try {
      String before = Files.readString(file);
      String after = new Formatter().formatSourceAndFixImports(before);
      boolean same = after.equals(before);
      if (write && !same) {
        Files.writeString(file, after);
      }
      return same;
    } catch (FormatterException e) {
      System.err.println("a Java file must parse: file=" + file + ", error=" + e.getMessage());
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
