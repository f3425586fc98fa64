package io.arrowmill.connectors.file.format;

import io.arrowmill.AnalysisException;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.DataType;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;

/** What the formats' writers have in common. */
final class WriteOptions {
  private WriteOptions() {}

  /**
   * Whether the option {@code compression} asks for gzip.
   *
   * @throws AnalysisException if it asks for a codec that can't be written
   */
  static boolean gzip(SourceSpec spec) {
    String codec = spec.option("compression");
    return switch (codec == null ? "none" : codec.toLowerCase(Locale.ROOT)) {
      case "none", "uncompressed" -> false;
      case "gzip" -> true;
      default ->
          throw new AnalysisException(
              "CODEC_NOT_AVAILABLE",
              "compression must be one that can be written: format="
                  + spec.format()
                  + ", compression="
                  + codec
                  + "; use none or gzip");
    };
  }

  static OutputStream stream(Path file, SourceSpec spec) throws IOException {
    OutputStream raw = Files.newOutputStream(file);
    try {
      return new BufferedOutputStream(
          gzip(spec) ? new GZIPOutputStream(raw, 1 << 16) : raw, 1 << 16);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  /** Rejects columns of types that the format has no place for. */
  static void checkTypes(String format, StructType schema, Predicate<DataType> supported) {
    for (StructField field : schema.fields()) {
      if (!supported.test(field.type())) {
        throw new AnalysisException(
            "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
            "column must have a type that the format can hold: format="
                + format
                + ", column="
                + field.name()
                + ", type="
                + field.type().sql()
                + "; cast it, or leave it out");
      }
    }
  }

  static String text(SourceSpec spec, String name, String fallback) {
    String value = spec.option(name);
    return value == null ? fallback : value;
  }
}
