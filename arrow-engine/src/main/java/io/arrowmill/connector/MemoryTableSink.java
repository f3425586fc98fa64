package io.arrowmill.connector;

import io.arrowmill.batch.RecordBatch;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Writes a query's output to a {@link MemoryTable}: append and update modes add rows, complete mode
 * replaces all. A batch is seen from {@link #publish} on, once. The table outlives the sink.
 */
public final class MemoryTableSink implements StreamSink {
  private final MemoryTable table;
  private final TreeMap<Long, Staged> prepared = new TreeMap<>();
  private long publishedBatchId = -1;

  /** A sink that writes to {@code table}, which is borrowed. */
  public MemoryTableSink(MemoryTable table) {
    this.table = table;
  }

  @Override
  public boolean supports(OutputMode mode) {
    return true;
  }

  @Override
  public void recover(UUID queryId, long lastCommittedBatchId) {
    while (!prepared.isEmpty() && prepared.firstKey() <= lastCommittedBatchId) {
      publish(prepared.firstKey());
    }
    dropPrepared();
    publishedBatchId = lastCommittedBatchId;
  }

  @Override
  public SinkBatch begin(long batchId, StructType schema, OutputMode mode) {
    drop(batchId);
    return new Staged(batchId, mode == OutputMode.COMPLETE);
  }

  @Override
  public void publish(long batchId) {
    Staged staged = prepared.remove(batchId);
    if (staged == null) {
      return;
    }
    if (batchId > publishedBatchId) {
      table.publish(staged.take(), staged.replace);
      publishedBatchId = batchId;
    } else {
      staged.abort();
    }
  }

  @Override
  public String description() {
    return "MemorySink[" + table.name() + "]";
  }

  @Override
  public void close() {
    dropPrepared();
  }

  private void dropPrepared() {
    List.copyOf(prepared.keySet()).forEach(this::drop);
  }

  private void drop(long batchId) {
    Staged staged = prepared.remove(batchId);
    if (staged != null) {
      staged.abort();
    }
  }

  /** One batch's rows before they are published: a list a task. */
  private final class Staged implements SinkBatch {
    private final long batchId;
    private final boolean replace;
    // The writers' map is guarded by this; each list belongs to one task.
    private final TreeMap<Integer, List<RecordBatch>> byTask = new TreeMap<>();

    Staged(long batchId, boolean replace) {
      this.batchId = batchId;
      this.replace = replace;
    }

    @Override
    public synchronized SinkWriter writer(int task) {
      List<RecordBatch> rows = new ArrayList<>();
      byTask.put(task, rows);
      return new HoldingWriter(table, rows);
    }

    @Override
    public synchronized void prepare() {
      List<RecordBatch> all = byTask.values().stream().flatMap(List::stream).toList();
      table.checkRoom(all, replace);
      prepared.put(batchId, this);
    }

    @Override
    public synchronized void abort() {
      prepared.remove(batchId, this);
      take().forEach(RecordBatch::close);
    }

    synchronized List<RecordBatch> take() {
      List<RecordBatch> all = byTask.values().stream().flatMap(List::stream).toList();
      byTask.clear();
      return all;
    }
  }

  private record HoldingWriter(MemoryTable table, List<RecordBatch> rows) implements SinkWriter {
    @Override
    public void write(RecordBatch batch) {
      if (batch.rowCount() > 0) {
        rows.add(table.hold(batch));
      }
    }

    @Override
    public void close() {}
  }
}
