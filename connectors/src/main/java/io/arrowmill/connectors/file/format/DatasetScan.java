package io.arrowmill.connectors.file.format;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.BatchReader;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.types.StructField;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * One native scan of one file that several splits draw batches from.
 *
 * <p>The native reader can't start in the middle of a file, and decodes with threads of its own; so
 * a large file is scanned once, and whichever task is free takes the next batch. Together the
 * splits give each row once; which of them gives it depends on timing. If a task fails and one
 * split is opened again, batches that others have taken would be lost: that is refused, and the
 * whole range is planned anew.
 *
 * <p>Threading: all state is guarded by this object's lock; what a task does with a batch is not.
 */
final class DatasetScan {
  private final DatasetFormat format;
  private final DataFile file;
  private final ReadPlan plan;
  private final boolean[] opened;
  private int readers;
  private @Nullable NativeFileReader scan;
  private boolean drained;

  DatasetScan(DatasetFormat format, DataFile file, ReadPlan plan, int splitCount) {
    this.format = format;
    this.file = file;
    this.plan = plan;
    this.opened = new boolean[splitCount];
  }

  InputSplit split(int index) {
    return new InputSplit() {
      @Override
      public BatchReader open(BufferAllocator allocator) throws IOException {
        return new Reader(index, allocator);
      }

      @Override
      public String description() {
        return file.uri()
            + (opened.length == 1 ? "" : " (" + (index + 1) + "/" + opened.length + ")");
      }
    };
  }

  private synchronized void enter(int index, BufferAllocator allocator) throws IOException {
    if (opened[index]) {
      if (readers > 0 || (opened.length > 1 && drained)) {
        throw new ArrowmillException(
            "FAILED_READ_FILE.SHARED_SCAN",
            "parts of a shared scan must be planned again together after a failure: file="
                + file.uri());
      }
      java.util.Arrays.fill(opened, false);
      drained = false;
    }
    opened[index] = true;
    if (scan == null && !drained) {
      checkUnchanged();
      scan = NativeFileReader.open(format, file, plan.wanted(), allocator.getRoot());
    }
    readers++;
  }

  private void checkUnchanged() throws IOException {
    if (!Files.exists(file.path())) {
      throw ReadErrors.missing(file.path());
    }
    long size = Files.size(file.path());
    if (size != file.sizeBytes()) {
      throw ReadErrors.changed(file.path(), file.sizeBytes(), size);
    }
  }

  private synchronized void leave() throws IOException {
    readers--;
    if (readers == 0) {
      closeScan();
    }
  }

  private synchronized @Nullable RecordBatch take(BufferAllocator allocator) throws IOException {
    NativeFileReader current = scan;
    if (current == null) {
      return null;
    }
    RecordBatch batch = current.next(allocator);
    if (batch == null) {
      drained = true;
      closeScan();
    }
    return batch;
  }

  private void closeScan() throws IOException {
    NativeFileReader current = scan;
    scan = null;
    if (current != null) {
      current.close();
    }
  }

  /** One task's view of the scan. */
  private final class Reader implements BatchReader {
    private final BufferAllocator allocator;
    private boolean closed;

    Reader(int index, BufferAllocator allocator) throws IOException {
      this.allocator = allocator;
      enter(index, allocator);
    }

    @Override
    public @Nullable RecordBatch next() throws IOException {
      return take(allocator);
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        leave();
      }
    }
  }

  /** Puts together the wanted columns of a batch from those that the file has. */
  static RecordBatch assemble(
      StructType wanted,
      VectorSchemaRoot root,
      List<@Nullable ColumnConversion> conversions,
      BufferAllocator allocator) {
    List<FieldVector> columns = new ArrayList<>();
    int rows = root.getRowCount();
    try {
      int physical = 0;
      for (int i = 0; i < wanted.size(); i++) {
        StructField target = wanted.field(i);
        ColumnConversion conversion = conversions.get(i);
        if (conversion == null) {
          FieldVector nulls = ArrowTypes.field(target).createVector(allocator);
          columns.add(nulls);
          ColumnConversion.nulls(nulls, rows);
        } else {
          columns.add(conversion.apply(root.getVector(physical++), target, allocator));
        }
      }
      return new RecordBatch(wanted, columns, rows);
    } catch (RuntimeException | Error e) {
      columns.forEach(FieldVector::close);
      throw e;
    }
  }
}
