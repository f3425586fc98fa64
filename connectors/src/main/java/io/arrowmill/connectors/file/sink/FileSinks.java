package io.arrowmill.connectors.file.sink;

import io.arrowmill.AnalysisException;
import io.arrowmill.connector.StreamSink;
import io.arrowmill.connectors.file.format.WriteFormats;
import io.arrowmill.connectors.file.source.FileListing;
import io.arrowmill.connectors.file.source.FileOptions;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Opens sinks, after checking what the user asked for. */
public final class FileSinks {
  /**
   * What a write does with files that are there already: {@code append} (the default, and the only
   * one for streams), {@code overwrite}, which removes them when the output is published, or {@code
   * errorifexists}, which refuses to open. The engine sets it for writes of tables.
   */
  private static final String SAVE_MODE = "saveMode";

  private static final Set<String> COMMON = Set.of("path", "checkpointLocation", SAVE_MODE);

  private FileSinks() {}

  /** The formats that have a sink; that of ORC says that it can't be written. */
  public static Set<String> formats() {
    return Arrays.stream(WriteFormats.values())
        .map(format -> format.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** See {@link io.arrowmill.connector.SinkProvider#open}. */
  public static StreamSink open(SourceSpec spec, StructType schema, List<String> partitionBy)
      throws IOException {
    WriteFormats format = WriteFormats.valueOf(spec.format().toUpperCase(Locale.ROOT));
    FileOptions.checkKnown(spec, COMMON, format.writeOptions());
    FileListing target = new FileListing(spec);
    StructType inFile = schema;
    for (String name : partitionBy) {
      StructField column =
          schema.field(
              schema
                  .indexOf(name)
                  .orElseThrow(() ->
                      new AnalysisException(
                          "PARTITION_COLUMN_NOT_FOUND",
                          "partition column must be a column of the output: column="
                              + name
                              + ", columns="
                              + List.of(schema.fieldNames()))));
      inFile =
          StructType.of(inFile.fields().stream().filter(field -> !field.equals(column)).toList());
    }
    if (inFile.size() == 0) {
      throw new AnalysisException(
          "ALL_PARTITION_COLUMNS_NOT_ALLOWED",
          "there must be a column that is not a partition column: partitionBy=" + partitionBy);
    }
    format.checkWrite(spec, inFile);
    Path directory = FileListing.toPath(target.path());
    return new FileSink(directory, format, spec, partitionBy, overwrites(spec, directory));
  }

  private static boolean overwrites(SourceSpec spec, Path directory) throws IOException {
    String given = spec.option(SAVE_MODE);
    String mode = given == null ? "append" : given.toLowerCase(Locale.ROOT);
    return switch (mode) {
      case "append" -> false;
      case "overwrite" -> true;
      case "errorifexists", "error" -> {
        if (Files.exists(directory) && !FileSink.isEmpty(directory)) {
          throw new AnalysisException(
              "PATH_ALREADY_EXISTS",
              "there must be no files at the path yet: path="
                  + directory
                  + "; use mode overwrite or append, or another path");
        }
        yield false;
      }
      default -> throw FileOptions.invalid(SAVE_MODE, mode, "append, overwrite or errorifexists");
    };
  }
}
