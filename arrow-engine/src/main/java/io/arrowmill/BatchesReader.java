package io.arrowmill;

import io.arrowmill.batch.ArrowTypes;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.StructType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/** Hands out batches as an Arrow reader. Owns the batches and the allocator that holds them. */
final class BatchesReader extends ArrowReader {
  private final Schema schema;
  private final Deque<RecordBatch> left;
  private final BufferAllocator memory;
  private long bytesRead;

  BatchesReader(StructType schema, List<RecordBatch> batches, BufferAllocator memory) {
    super(memory);
    this.schema = ArrowTypes.schema(schema);
    this.left = new ArrayDeque<>(batches);
    this.memory = memory;
  }

  @Override
  public boolean loadNextBatch() throws java.io.IOException {
    prepareLoadNextBatch();
    try (RecordBatch batch = left.poll()) {
      if (batch == null) {
        return false;
      }
      VectorSchemaRoot root = getVectorSchemaRoot();
      for (int i = 0; i < root.getFieldVectors().size(); i++) {
        FieldVector vector = batch.column(i);
        bytesRead += vector.getBufferSize();
        vector.makeTransferPair(root.getVector(i)).transfer();
      }
      root.setRowCount(batch.rowCount());
      return true;
    }
  }

  @Override
  public long bytesRead() {
    return bytesRead;
  }

  @Override
  protected void closeReadSource() {
    left.forEach(RecordBatch::close);
    left.clear();
  }

  @Override
  public void close() throws java.io.IOException {
    super.close();
    memory.close();
  }

  @Override
  protected Schema readSchema() {
    return schema;
  }
}
