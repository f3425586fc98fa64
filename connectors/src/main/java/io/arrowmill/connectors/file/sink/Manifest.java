package io.arrowmill.connectors.file.sink;

import io.arrowmill.ArrowmillException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The files of a prepared batch: UTF-8 text, one name a line relative to the output directory, then
 * the CRC-32C of those lines as 8 hex digits. A batch is prepared if and only if this file is there
 * and whole.
 */
final class Manifest {
  private static final String NAME = "_manifest";

  private Manifest() {}

  /** Writes the content under another name; {@link #show} gives it its own. */
  static Path write(Path staging, List<String> names) throws IOException {
    String body = names.isEmpty() ? "" : String.join("\n", names) + "\n";
    Path fresh = staging.resolve(NAME + ".new");
    Files.writeString(fresh, body + checksum(body) + "\n");
    return fresh;
  }

  /** Gives a manifest that is durable its name, which is durable once the directory is. */
  static void show(Path staging) throws IOException {
    Files.move(
        staging.resolve(NAME + ".new"), staging.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The names, or null if the batch was not prepared. */
  static @Nullable List<String> read(Path staging) throws IOException {
    Path file = staging.resolve(NAME);
    if (!Files.exists(file)) {
      return null;
    }
    String text = Files.readString(file);
    int end = text.length() - 9;
    if (end < 0 || !text.substring(end).equals(checksum(text.substring(0, end)) + "\n")) {
      throw new ArrowmillException(
          "FILE_SINK_MANIFEST_CORRUPT",
          "a batch's manifest must match its checksum: file="
              + file
              + "; compare the files beside it to the source, move them in by hand and delete the"
              + " directory");
    }
    return text.substring(0, end).lines().toList();
  }

  private static String checksum(String body) {
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
