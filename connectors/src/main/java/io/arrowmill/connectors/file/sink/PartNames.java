package io.arrowmill.connectors.file.sink;

import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of one writer's files, {@code part-<batchId>-<task>-<writer>.<extension>}: whoever else
 * writes into the directory has other names.
 *
 * @param writer the id of a query, or of one write of a table
 * @param pattern what such a name looks like
 */
record PartNames(UUID writer, Pattern pattern) {

  static PartNames of(UUID writer) {
    return new PartNames(writer, Pattern.compile("part-(\\d{10,18})-\\d+-" + writer + "\\..*"));
  }

  /** The name of a task's file of a batch, the same each time the batch is written. */
  String name(long batchId, int task, String extension) {
    return String.format(Locale.ROOT, "part-%010d-%d-%s.%s", batchId, task, writer, extension);
  }

  /** The batch of a file of the writer, or -1 if the file is not one of its. */
  long batchOf(Path file) {
    Matcher matcher = pattern.matcher(file.getFileName().toString());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }
}
