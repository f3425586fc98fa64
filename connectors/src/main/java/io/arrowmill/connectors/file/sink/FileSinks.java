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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Opens sinks, after checking what the user asked for. */
public final class FileSinks {
  private static final Set<String> COMMON = Set.of("path", "checkpointLocation");

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
    return new FileSink(FileListing.toPath(target.path()), format, spec, partitionBy);
  }
}
