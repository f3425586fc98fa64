package io.arrowmill.connectors.file.sink;

import io.arrowmill.connector.SinkBatch;
import io.arrowmill.connector.SinkWriter;
import io.arrowmill.connectors.file.format.WriteFormat;
import io.arrowmill.connectors.file.source.Durable;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One batch while it is written to its staging directory. Writers may be used by one thread each.
 */
final class FileSinkBatch implements SinkBatch {
  private final Path staging;
  private final WriteFormat format;
  private final SourceSpec spec;
  private final StructType schema;
  private final List<String> partitionBy;
  private final long batchId;
  private final PartNames names;

  /**
   * Names of finished files relative to the staging directory, which are relative to the output
   * directory too.
   */
  private final List<String> finished = Collections.synchronizedList(new ArrayList<>());

  private final List<PartitionedWriter> writers = Collections.synchronizedList(new ArrayList<>());

  FileSinkBatch(
      Path staging,
      WriteFormat format,
      SourceSpec spec,
      StructType schema,
      List<String> partitionBy,
      long batchId,
      PartNames names) {
    this.staging = staging;
    this.format = format;
    this.spec = spec;
    this.schema = schema;
    this.partitionBy = partitionBy;
    this.batchId = batchId;
    this.names = names;
  }

  @Override
  public SinkWriter writer(int task) throws IOException {
    String name = names.name(batchId, task, format.extension(spec));
    PartitionedWriter writer =
        new PartitionedWriter(
            schema,
            partitionBy,
            (partition, fileSchema) -> {
              String relative = partition.isEmpty() ? name : partition + "/" + name;
              return new PartitionedWriter.Part(
                  relative, staging.resolve(relative), format, fileSchema, spec);
            },
            finished::add);
    writers.add(writer);
    return writer;
  }

  @Override
  public void prepare() throws IOException {
    List<String> written = new ArrayList<>(finished);
    Collections.sort(written);
    Set<Path> directories = new TreeSet<>();
    List<Path> files = new ArrayList<>();
    directories.add(staging);
    for (String name : written) {
      Path file = staging.resolve(name);
      files.add(file);
      for (Path at = Durable.parent(file); at.startsWith(staging); at = Durable.parent(at)) {
        directories.add(at);
      }
    }
    files.add(Manifest.write(staging, written));
    Durable.syncAll(files);
    Manifest.show(staging);
    Path all = Durable.parent(staging);
    directories.add(all);
    directories.add(Durable.parent(all));
    Durable.syncAll(directories);
  }

  @Override
  public void abort() {
    writers.forEach(PartitionedWriter::abandon);
    try {
      FileSink.delete(staging);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
