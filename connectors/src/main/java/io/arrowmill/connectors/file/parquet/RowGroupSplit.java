package io.arrowmill.connectors.file.parquet;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.BatchReader;
import io.arrowmill.connector.InputSplit;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Some row groups of a file, one after the other.
 *
 * @param from the first row group
 * @param to the one behind the last
 */
record RowGroupSplit(FilePlan plan, int from, int to) implements InputSplit {

  @Override
  public BatchReader open(BufferAllocator allocator) throws IOException {
    return new Reader(this, allocator);
  }

  @Override
  public String description() {
    return plan.file().uri()
        + (plan.footer().rowGroups().size() == to - from
            ? ""
            : " (row groups " + from + " to " + (to - 1) + ")");
  }

  @Override
  public String toString() {
    return description();
  }

  /** Reads the split. Owns the open file and all readers. */
  private static final class Reader implements BatchReader {
    private final RowGroupSplit split;
    private final OpenColumns columns;
    private int next;
    private long left;

    Reader(RowGroupSplit split, BufferAllocator allocator) throws IOException {
      this.split = split;
      this.next = split.from();
      this.columns = OpenColumns.open(split.plan(), allocator);
    }

    @Override
    public @Nullable RecordBatch next() throws IOException {
      try {
        return read();
      } catch (RuntimeException e) {
        throw split.plan().failure(e);
      }
    }

    private @Nullable RecordBatch read() throws IOException {
      while (left == 0) {
        if (next == split.to()) {
          return null;
        }
        ParquetFooter.RowGroup group = split.plan().footer().rowGroups().get(next++);
        columns.start(group);
        left = group.rows();
      }
      // Batches of about the same size instead of large ones and a rest.
      int rowsMax = columns.rowsMax();
      long batches = (left + rowsMax - 1) / rowsMax;
      int rows = (int) ((left + batches - 1) / batches);
      RecordBatch batch = columns.read(rows);
      left -= rows;
      return batch;
    }

    @Override
    public void close() throws IOException {
      columns.close();
    }
  }
}
