package io.arrowmill.connectors.file.format;

import io.arrowmill.ArrowmillException;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.DataType;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Parquet and ORC, decoded by Arrow's native dataset reader into buffers that batches share without
 * a copy.
 */
public final class DatasetFormat implements io.arrowmill.connectors.file.format.FileFormat {
  /** A file of this many bytes gives work to one more task. */
  private static final long BYTES_PER_SPLIT = 32L << 20;

  private final String name;
  private final FileFormat nativeFormat;

  private DatasetFormat(String name, FileFormat nativeFormat) {
    this.name = name;
    this.nativeFormat = nativeFormat;
  }

  /** The format {@code parquet}. */
  public static DatasetFormat parquet() {
    return new DatasetFormat("parquet", FileFormat.PARQUET);
  }

  /** The format {@code orc}. */
  public static DatasetFormat orc() {
    return new DatasetFormat("orc", FileFormat.ORC);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<String> options() {
    return Set.of("mergeSchema");
  }

  FileFormat nativeFormat() {
    return nativeFormat;
  }

  /** The columns of the newest file, or with {@code mergeSchema} of all files, first seen first. */
  @Override
  public StructType inferSchema(List<DataFile> files, SourceSpec spec) throws IOException {
    boolean merge = Boolean.parseBoolean(spec.option("mergeSchema"));
    StructType schema = new StructType();
    for (DataFile file : merge ? files : List.of(files.getFirst())) {
      for (Field field : footer(file).getFields()) {
        StructField column = column(file, field);
        int known = schema.indexOf(column.name()).orElse(-1);
        if (known < 0) {
          schema = schema.add(column);
        } else if (!schema.field(known).type().equals(column.type())) {
          throw ReadErrors.columnType(
              file.path(), name, column.name(), column.type().sql(), schema.field(known).type());
        }
      }
    }
    return schema;
  }

  private StructField column(DataFile file, Field field) {
    DataType type = ArrowColumns.dataType(field);
    if (type == null) {
      throw new ArrowmillException(
          "UNSUPPORTED_DATATYPE",
          "column in the file must have a type that is supported: file="
              + file.uri()
              + ", column="
              + field.getName()
              + ", fileType="
              + field.getType()
              + "; give a schema without that column");
    }
    return new StructField(field.getName(), type, true);
  }

  private Schema footer(DataFile file) throws IOException {
    try (RootAllocator allocator = new RootAllocator();
        FileSystemDatasetFactory factory =
            new FileSystemDatasetFactory(
                allocator, NativeMemoryPool.getDefault(), nativeFormat, nativeUri(file))) {
      return factory.inspect();
    } catch (RuntimeException e) {
      throw unreadable(file, e);
    }
  }

  ArrowmillException unreadable(DataFile file, RuntimeException cause) {
    if (cause instanceof ArrowmillException known) {
      return known;
    }
    String why = String.valueOf(cause.getMessage()).lines().findFirst().orElse("unknown");
    return ReadErrors.unreadable(file.path(), name.toUpperCase(Locale.ROOT), why, cause);
  }

  static String nativeUri(DataFile file) {
    return file.path().toUri().toString();
  }

  @Override
  public List<InputSplit> splits(DataFile file, ReadPlan plan) throws IOException {
    long wanted = (file.sizeBytes() + BYTES_PER_SPLIT - 1) / BYTES_PER_SPLIT;
    int count = Math.clamp(wanted, 1, Runtime.getRuntime().availableProcessors());
    DatasetScan scan = new DatasetScan(this, file, plan, count);
    List<InputSplit> splits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      splits.add(scan.split(i));
    }
    return splits;
  }
}
