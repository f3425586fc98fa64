package io.arrowmill.connectors.file;

import io.arrowmill.AnalysisException;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.connector.SourceContext;
import io.arrowmill.connector.SourceProvider;
import io.arrowmill.connector.StreamSource;
import io.arrowmill.connectors.file.format.CsvFormat;
import io.arrowmill.connectors.file.format.DataFile;
import io.arrowmill.connectors.file.format.DatasetFormat;
import io.arrowmill.connectors.file.format.FileFormat;
import io.arrowmill.connectors.file.format.JsonFormat;
import io.arrowmill.connectors.file.format.TextFormat;
import io.arrowmill.connectors.file.parquet.ParquetFormat;
import io.arrowmill.connectors.file.source.FileListing;
import io.arrowmill.connectors.file.source.FileOptions;
import io.arrowmill.connectors.file.source.FileRead;
import io.arrowmill.connectors.file.source.FileStreamSource;
import io.arrowmill.connectors.file.source.PartitionColumns;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads files of the formats {@code text}, {@code csv}, {@code json}, {@code parquet} and {@code
 * orc}, as a table or as a stream.
 */
public final class FileSourceProvider implements SourceProvider {
  private static final Map<String, FileFormat> FORMATS =
      Stream.of(
              new TextFormat(),
              new CsvFormat(),
              new JsonFormat(),
              new ParquetFormat(),
              DatasetFormat.orc())
          .collect(Collectors.toUnmodifiableMap(FileFormat::name, Function.identity()));

  @Override
  public Set<String> formats() {
    return FORMATS.keySet();
  }

  private static FileFormat format(SourceSpec spec) {
    FileFormat format = FORMATS.get(spec.format().toLowerCase(Locale.ROOT));
    if (format == null) {
      throw new AnalysisException(
          "DATA_SOURCE_NOT_FOUND",
          "format must be one of " + FORMATS.keySet() + ": format=" + spec.format());
    }
    return format;
  }

  @Override
  public StructType schema(SourceSpec spec, boolean streaming) {
    return read(spec, streaming).schema();
  }

  private static FileRead read(SourceSpec spec, boolean streaming) {
    FileFormat format = format(spec);
    FileOptions.checkKnown(spec, FileOptions.OF_SOURCES, format.options());
    FileListing listing = new FileListing(spec);
    if (streaming) {
      FileStreamSource.checkOptions(spec, listing);
    }
    listing.checkExists(streaming);
    try {
      return new FileRead(format, spec, schema(format, spec, listing, streaming));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StructType schema(
      FileFormat format, SourceSpec spec, FileListing listing, boolean streaming)
      throws IOException {
    StructType given = spec.schema();
    StructType fixed = format.fixedSchema();
    if (given == null && fixed != null && streaming) {
      format.check(spec, fixed);
      return fixed;
    }
    if (given == null && streaming && !infers(spec)) {
      throw new AnalysisException(
          "STREAMING_SCHEMA_REQUIRED",
          "a stream of files must be given its schema: format="
              + spec.format()
              + "; call schema(...), or set the option schemaInference to true to take it from"
              + " the files that are there now");
    }
    List<DataFile> files = listing.list();
    StructType partitions = given == null ? PartitionColumns.infer(files) : partitions(files);
    if (given != null) {
      format.check(spec, without(given, partitions));
      return given;
    }
    if (files.isEmpty() && fixed == null) {
      throw new AnalysisException(
          "UNABLE_TO_INFER_SCHEMA",
          "there must be a file to take the schema from: format="
              + spec.format()
              + ", path="
              + listing.path()
              + "; call schema(...)");
    }
    StructType data = fixed != null ? fixed : format.inferSchema(files, spec);
    format.check(spec, data);
    StructType all = without(data, partitions);
    for (StructField partition : partitions.fields()) {
      all = all.add(partition);
    }
    return all;
  }

  private static StructType partitions(List<DataFile> files) {
    StructType all = new StructType();
    for (DataFile file : files) {
      for (String name : file.partition().keySet()) {
        if (all.indexOf(name).isEmpty()) {
          all = all.add(name, io.arrowmill.types.DataTypes.STRING);
        }
      }
    }
    return all;
  }

  private static StructType without(StructType schema, StructType partitions) {
    return StructType.of(
        schema.fields().stream()
            .filter(field -> partitions.indexOf(field.name()).isEmpty())
            .toList());
  }

  private static boolean infers(SourceSpec spec) {
    return FileOptions.flag(spec, "schemaInference", false)
        || FileOptions.flag(spec, "spark.sql.streaming.schemaInference", false);
  }

  @Override
  public StreamSource openStream(SourceSpec spec, SourceContext context) throws IOException {
    return FileStreamSource.open(read(spec, true), context.metadataDirectory());
  }

  @Override
  public List<InputSplit> planBatch(SourceSpec spec, List<String> columns) throws IOException {
    FileRead read = read(spec, false);
    List<DataFile> files = new FileListing(spec).list();
    files.sort((left, right) -> left.path().toString().compareTo(right.path().toString()));
    return read.splits(files, columns);
  }
}
