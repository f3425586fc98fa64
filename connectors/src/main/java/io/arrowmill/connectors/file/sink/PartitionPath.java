package io.arrowmill.connectors.file.sink;

import io.arrowmill.batch.ValueText;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The directory of a partition, {@code column=value}, in the escaping that Hive and Spark use. */
final class PartitionPath {
  private static final String NULL_NAME = "__HIVE_DEFAULT_PARTITION__";
  private static final String ESCAPED = "\"#%'*/:=?\\{[]^\u007F";

  private PartitionPath() {}

  /** One directory name; null and the empty text share one. */
  static String directory(String column, @Nullable Object value) {
    String text = value == null ? "" : ValueText.cast(value, ZoneOffset.UTC);
    return escape(column) + "=" + (text.isEmpty() ? NULL_NAME : escape(text));
  }

  static String escape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || ESCAPED.indexOf(c) >= 0) {
        out.append(String.format(java.util.Locale.ROOT, "%%%02X", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
