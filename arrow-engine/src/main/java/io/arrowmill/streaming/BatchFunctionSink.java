package io.arrowmill.streaming;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.SinkBatch;
import io.arrowmill.connector.SinkWriter;
import io.arrowmill.connector.StreamSink;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Collects a batch, then hands it to a function of the program's when the batch is prepared; at
 * least once.
 */
final class BatchFunctionSink implements StreamSink {

  /** The work on one collected batch. */
  @FunctionalInterface
  interface Work {
    void call(StructType schema, List<RecordBatch> batches, long batchId) throws Exception;
  }

  private final String name;
  private final BufferAllocator allocator;
  private final Work work;

  BatchFunctionSink(String name, BufferAllocator allocator, Work work) {
    this.name = name;
    this.allocator = allocator;
    this.work = work;
  }

  @Override
  public boolean supports(OutputMode mode) {
    return true;
  }

  @Override
  public void recover(UUID queryId, long lastCommittedBatchId) {}

  @Override
  public SinkBatch begin(long batchId, StructType schema, OutputMode mode) {
    return new Collected(batchId, schema);
  }

  @Override
  public void publish(long batchId) {}

  @Override
  public String description() {
    return name;
  }

  @Override
  public void close() {}

  private final class Collected implements SinkBatch {
    private final long batchId;
    private final StructType schema;
    private final List<RecordBatch> batches = new ArrayList<>();

    Collected(long batchId, StructType schema) {
      this.batchId = batchId;
      this.schema = schema;
    }

    @Override
    public SinkWriter writer(int task) {
      return new SinkWriter() {
        @Override
        public void write(RecordBatch batch) {
          add(batch);
        }

        @Override
        public void close() {}
      };
    }

    private synchronized void add(RecordBatch batch) {
      batches.add(batch.retain(allocator));
    }

    @Override
    public void prepare() {
      try {
        work.call(schema, List.copyOf(batches), batchId);
      } catch (Exception e) {
        throw new ArrowmillException(
            "FOREACH_BATCH_USER_FUNCTION_ERROR",
            "function must take the batch: sink=" + name + ", batchId=" + batchId + ", error=" + e,
            e);
      } finally {
        abort();
      }
    }

    @Override
    public synchronized void abort() {
      batches.forEach(RecordBatch::close);
      batches.clear();
    }
  }
}
