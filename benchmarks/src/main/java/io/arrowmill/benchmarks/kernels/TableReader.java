package io.arrowmill.benchmarks.kernels;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/** Makes the rows of a table as Arrow batches, in the memory of the given allocator. */
final class TableReader extends ArrowReader {
  private static final int BATCH_ROWS = 65_536;

  private final KernelTable table;
  private final long rows;
  private long position;

  TableReader(KernelTable table, long rows, BufferAllocator allocator) {
    super(allocator);
    this.table = table;
    this.rows = rows;
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    prepareLoadNextBatch();
    int count = (int) Math.min(BATCH_ROWS, rows - position);
    if (count == 0) {
      return false;
    }
    VectorSchemaRoot root = getVectorSchemaRoot();
    for (int i = 0; i < table.columns().size(); i++) {
      FieldVector vector = root.getVector(i);
      vector.setInitialCapacity(count);
      vector.allocateNew();
      table.columns().get(i).filler().fill(vector, position, count);
      vector.setValueCount(count);
    }
    root.setRowCount(count);
    position += count;
    return true;
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  protected void closeReadSource() {}

  @Override
  protected Schema readSchema() {
    return table.schema();
  }
}
