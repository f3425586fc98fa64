package io.arrowmill.streaming;

import io.arrowmill.Row;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.batch.RowReader;
import io.arrowmill.connector.SinkBatch;
import io.arrowmill.connector.SinkWriter;
import io.arrowmill.connector.StreamSink;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Gives a query's output to a {@link ForeachWriter}. Holds a batch's rows until all of them are
 * there; then one partition follows the other on the query's thread, so that user code needs no
 * synchronization.
 *
 * @param <T> what the writer takes
 */
final class ForeachSink<T> implements StreamSink {
  private final ForeachWriter<T> writer;
  private final Function<Row, T> decoder;
  private final BufferAllocator allocator;

  /**
   * A sink for {@code writer}.
   *
   * @param decoder a row to what the writer takes
   * @param allocator holds a batch's rows meanwhile; the caller closes it after the sink
   */
  ForeachSink(ForeachWriter<T> writer, Function<Row, T> decoder, BufferAllocator allocator) {
    this.writer = writer;
    this.decoder = decoder;
    this.allocator = allocator;
  }

  @Override
  public boolean supports(OutputMode mode) {
    return true;
  }

  @Override
  public void recover(UUID queryId, long lastCommittedBatchId) {}

  @Override
  public SinkBatch begin(long batchId, StructType schema, OutputMode mode) {
    return new Held(batchId);
  }

  @Override
  public void publish(long batchId) {}

  @Override
  public String description() {
    return "ForeachSink[" + writer.getClass().getName() + "]";
  }

  @Override
  public void close() {}

  private final class Held implements SinkBatch {
    private final long batchId;
    // The map is guarded by this; each list belongs to one task.
    private final TreeMap<Integer, List<RecordBatch>> byTask = new TreeMap<>();

    Held(long batchId) {
      this.batchId = batchId;
    }

    @Override
    public synchronized SinkWriter writer(int task) {
      List<RecordBatch> rows = new ArrayList<>();
      byTask.put(task, rows);
      return new HoldingWriter(rows, allocator);
    }

    @Override
    public synchronized void prepare() {
      try {
        for (Map.Entry<Integer, List<RecordBatch>> task : byTask.entrySet()) {
          give(task.getKey(), task.getValue());
        }
      } finally {
        abort();
      }
    }

    @Override
    public synchronized void abort() {
      byTask.values().forEach(rows -> rows.forEach(RecordBatch::close));
      byTask.clear();
    }

    private void give(int partition, List<RecordBatch> batches) {
      boolean wanted = writer.open(partition, batchId);
      try {
        if (wanted) {
          batches.forEach(this::give);
        }
      } catch (RuntimeException | Error e) {
        closeAfter(e);
        throw e;
      }
      writer.close(null);
    }

    private void give(RecordBatch batch) {
      RowReader reader = new RowReader(batch);
      for (int row = 0; row < batch.rowCount(); row++) {
        writer.process(decoder.apply(reader.read(row)));
      }
    }

    private void closeAfter(Throwable failure) {
      try {
        writer.close(failure);
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }

  private record HoldingWriter(List<RecordBatch> rows, BufferAllocator allocator)
      implements SinkWriter {
    @Override
    public void write(RecordBatch batch) {
      rows.add(batch.retain(allocator));
    }

    @Override
    public void close() {}
  }
}
