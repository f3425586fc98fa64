package io.arrowmill.connectors.file.parquet;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.BatchReader;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.connector.ValueFilter;
import java.io.IOException;
import java.util.List;
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
    return open(allocator, List.of());
  }

  @Override
  public BatchReader open(BufferAllocator allocator, List<ValueFilter> filters) throws IOException {
    return new Reader(this, allocator, filters);
  }

  @Override
  public boolean canReadAhead() {
    return true;
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
    private final RowFilters filters;
    private int next;
    private long left;
    private long leftOut;

    Reader(RowGroupSplit split, BufferAllocator allocator, List<ValueFilter> filters)
        throws IOException {
      this.split = split;
      this.next = split.from();
      this.columns = OpenColumns.open(split.plan(), allocator);
      this.filters = new RowFilters(columns, columns.filters(filters));
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
      while (true) {
        if (left == 0) {
          if (next == split.to()) {
            return null;
          }
          ParquetFooter.RowGroup group = split.plan().footer().rowGroups().get(next++);
          columns.start(group);
          filters.start(group.rows());
          left = group.rows();
          continue;
        }
        // Batches of about the same size instead of large ones and a rest.
        int rowsMax = columns.rowsMax();
        long batches = (left + rowsMax - 1) / rowsMax;
        int rows = filters.rowsAtOnce((int) ((left + batches - 1) / batches));
        KeptRows kept = filters.keep(rows);
        RecordBatch batch = columns.read(rows, kept);
        left -= rows;
        leftOut += rows - batch.rowCount();
        if (batch.rowCount() > 0) {
          return batch;
        }
        batch.close();
      }
    }

    @Override
    public long rowsLeftOut() {
      return leftOut;
    }

    @Override
    public void close() throws IOException {
      columns.close();
    }
  }
}
