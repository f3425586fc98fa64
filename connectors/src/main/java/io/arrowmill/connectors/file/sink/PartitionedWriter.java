package io.arrowmill.connectors.file.sink;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.VectorReader;
import io.arrowmill.connector.SinkWriter;
import io.arrowmill.connectors.file.format.RecordFileWriter;
import io.arrowmill.connectors.file.format.WriteFormat;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** One task's rows of a batch, each partition to a file of its own. Confined to one thread. */
final class PartitionedWriter implements SinkWriter {
  private final StructType fileSchema;
  private final List<Integer> fileColumns = new ArrayList<>();
  private final List<Integer> partitionColumns = new ArrayList<>();
  private final StructType schema;
  private final PartMaker maker;
  private final Consumer<String> finished;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private boolean closed;

  /** Opens the file of a partition. */
  @FunctionalInterface
  interface PartMaker {
    Part open(String partition, StructType fileSchema) throws IOException;
  }

  PartitionedWriter(
      StructType schema, List<String> partitionBy, PartMaker maker, Consumer<String> finished) {
    this.schema = schema;
    this.maker = maker;
    this.finished = finished;
    for (String name : partitionBy) {
      partitionColumns.add(schema.indexOf(name).orElseThrow());
    }
    List<StructField> fields = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      if (!partitionColumns.contains(i)) {
        fileColumns.add(i);
        fields.add(schema.field(i));
      }
    }
    fileSchema = StructType.of(fields);
  }

  @Override
  public void write(RecordBatch batch) throws IOException {
    if (batch.rowCount() == 0) {
      return;
    }
    List<FieldVector> columns = new ArrayList<>();
    fileColumns.forEach(i -> columns.add(batch.column(i)));
    // Borrows the batch's vectors, as this call does: never closed.
    RecordBatch inFile = new RecordBatch(fileSchema, columns, batch.rowCount());
    if (partitionColumns.isEmpty()) {
      part("").write(inFile, null, batch.rowCount());
      return;
    }
    for (Map.Entry<String, Rows> group : groups(batch).entrySet()) {
      part(group.getKey()).write(inFile, group.getValue().indexes, group.getValue().count);
    }
  }

  private Part part(String partition) throws IOException {
    Part part = parts.get(partition);
    if (part == null) {
      part = maker.open(partition, fileSchema);
      parts.put(partition, part);
    }
    return part;
  }

  /** Indexes of rows. */
  private static final class Rows {
    private int[] indexes = new int[16];
    private int count;

    void add(int row) {
      if (count == indexes.length) {
        indexes = Arrays.copyOf(indexes, 2 * count);
      }
      indexes[count++] = row;
    }
  }

  private Map<String, Rows> groups(RecordBatch batch) {
    List<VectorReader> readers = new ArrayList<>();
    for (int column : partitionColumns) {
      readers.add(VectorReader.of(batch.column(column), schema.field(column).type()));
    }
    Map<List<@Nullable Object>, Rows> byValue = new LinkedHashMap<>();
    for (int row = 0; row < batch.rowCount(); row++) {
      List<@Nullable Object> key = new ArrayList<>(readers.size());
      for (VectorReader reader : readers) {
        key.add(reader.read(row));
      }
      byValue.computeIfAbsent(key, ignored -> new Rows()).add(row);
    }
    // Values that differ may share a directory: null and the empty text.
    Map<String, Rows> byDirectory = new LinkedHashMap<>();
    byValue.forEach((key, rows) -> {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < key.size(); i++) {
        names.add(
            PartitionPath.directory(schema.field(partitionColumns.get(i)).name(), key.get(i)));
      }
      Rows known = byDirectory.putIfAbsent(String.join("/", names), rows);
      for (int i = 0; known != null && i < rows.count; i++) {
        known.add(rows.indexes[i]);
      }
    });
    return byDirectory;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      for (Part part : parts.values()) {
        part.finish();
        finished.accept(part.name);
      }
    } finally {
      abandon();
    }
  }

  /** Closes the files as they are. */
  void abandon() {
    closed = true;
    parts.values().forEach(Part::abandon);
    parts.clear();
  }

  /** A file that is being written. */
  static final class Part {
    private final String name;
    private final Path file;
    private final RecordFileWriter writer;

    Part(String name, Path file, WriteFormat format, StructType schema, SourceSpec spec)
        throws IOException {
      this.name = name;
      this.file = file;
      Files.createDirectories(file.getParent());
      this.writer = format.create(file, schema, spec);
    }

    void write(RecordBatch batch, int @Nullable [] rows, int count) {
      try {
        writer.write(batch, rows, count);
      } catch (IOException e) {
        throw failed(e);
      }
    }

    void finish() {
      try {
        writer.finish();
        writer.close();
      } catch (IOException e) {
        throw failed(e);
      }
    }

    void abandon() {
      try {
        writer.close();
      } catch (IOException e) {
        // What could not be flushed belongs to a batch that is given up.
        return;
      }
    }

    private ArrowmillException failed(IOException cause) {
      return new ArrowmillException(
          "TASK_WRITE_FAILED",
          "a batch's file must be writable: file="
              + file
              + ", reason="
              + cause
              + "; see whether the disk is full, then start the query again",
          cause);
    }
  }
}
