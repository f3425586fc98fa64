package io.arrowmill.connectors.file.format;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.dataset.scanner.ScanOptions;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * The native objects of one file's scan, from opening to closing. Its memory is the session root's:
 * batches that are kept hold some of it when the scan, and the task that opened it, are long over.
 * Confined to one thread at a time.
 */
final class NativeFileReader {
  private final DatasetFormat format;
  private final DataFile file;
  private final StructType wanted;
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();
  private final List<@Nullable ColumnConversion> conversions = new ArrayList<>();
  private @Nullable ArrowReader reader;

  private NativeFileReader(DatasetFormat format, DataFile file, StructType wanted) {
    this.format = format;
    this.file = file;
    this.wanted = wanted;
  }

  static NativeFileReader open(
      DatasetFormat format, DataFile file, StructType wanted, BufferAllocator root)
      throws IOException {
    NativeFileReader result = new NativeFileReader(format, file, wanted);
    try {
      result.start(root);
      return result;
    } catch (RuntimeException e) {
      try {
        result.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw format.unreadable(file, e);
    }
  }

  private static <T extends AutoCloseable> T own(NativeFileReader owner, T resource) {
    owner.resources.push(resource);
    return resource;
  }

  private void start(BufferAllocator allocator) {
    FileSystemDatasetFactory factory =
        own(
            this,
            new FileSystemDatasetFactory(
                allocator,
                NativeMemoryPool.getDefault(),
                format.nativeFormat(),
                DatasetFormat.nativeUri(file)));
    String[] columns = physicalColumns(factory.inspect().getFields());
    ScanOptions options =
        new ScanOptions.Builder(RecordBatch.ROWS_MAX).columns(Optional.of(columns)).build();
    reader = own(this, own(this, own(this, factory.finish()).newScan(options)).scanBatches());
  }

  private String[] physicalColumns(List<Field> fields) {
    List<String> names = new ArrayList<>();
    for (StructField target : wanted.fields()) {
      int position = ColumnConversion.indexOf(fields, target.name());
      if (position < 0) {
        conversions.add(null);
        continue;
      }
      Field found = fields.get(position);
      ColumnConversion conversion = ColumnConversion.of(found, target);
      if (conversion == null) {
        throw ReadErrors.columnType(
            file.path(), format.name(), target.name(), typeName(found), target.type());
      }
      conversions.add(conversion);
      names.add(found.getName());
    }
    return names.toArray(String[]::new);
  }

  private static String typeName(Field field) {
    var type = ArrowColumns.dataType(field);
    return type == null ? field.getType().toString() : type.sql();
  }

  /** The next batch that has rows, owned by the caller, or null after the last. */
  @Nullable RecordBatch next(BufferAllocator target) throws IOException {
    ArrowReader current = reader;
    if (current == null) {
      return null;
    }
    try {
      while (current.loadNextBatch()) {
        VectorSchemaRoot root = current.getVectorSchemaRoot();
        if (root.getRowCount() > 0) {
          try {
            return DatasetScan.assemble(wanted, root, conversions, target);
          } finally {
            root.clear();
          }
        }
      }
      return null;
    } catch (RuntimeException e) {
      throw format.unreadable(file, e);
    }
  }

  void close() throws IOException {
    reader = null;
    Exception failure = null;
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw new IOException("closing " + file.uri(), failure);
    }
  }
}
