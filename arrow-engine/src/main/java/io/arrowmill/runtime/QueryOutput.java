package io.arrowmill.runtime;

import io.arrowmill.ArrowmillException;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.connector.SinkBatch;
import io.arrowmill.connector.SinkWriter;
import io.arrowmill.connector.StreamSink;
import io.arrowmill.operator.CompiledExpressions;
import io.arrowmill.operator.PhysicalPlan;
import io.arrowmill.operator.PlanRunner;
import io.arrowmill.streaming.OutputMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What a query gives: rows to its sink, and to a table those that come too late, if the query has
 * one. Both go through each batch side by side. Confined to the query's thread.
 */
final class QueryOutput {
  private final PhysicalPlan physical;
  private final CompiledExpressions compiled;
  private final OutputMode mode;
  private final QueryServices services;
  private @Nullable StreamSink sink;
  private @Nullable LateRowsTable lateRows;

  QueryOutput(
      PhysicalPlan physical,
      CompiledExpressions compiled,
      OutputMode mode,
      QueryServices services) {
    this.physical = physical;
    this.compiled = compiled;
    this.mode = mode;
    this.services = services;
  }

  /**
   * Opens the sink and the table, and leaves in them of batches what is committed.
   *
   * @param lateRowsTable its name; null if rows that come too late are dropped
   */
  void open(
      @Nullable String lateRowsTable, BufferAllocator allocator, UUID queryId, long lastCommitted)
      throws IOException {
    StreamSink opened = services.openSink(physical.schema());
    sink = opened;
    opened.recover(queryId, lastCommitted);
    if (lateRowsTable != null) {
      LateRowsTable made = LateRowsTable.of(lateRowsTable, physical, services, allocator);
      lateRows = made;
      made.recover(queryId, lastCommitted);
    }
  }

  StreamSink sink() {
    return Objects.requireNonNull(sink);
  }

  @Nullable LateRowsTable lateRows() {
    return lateRows;
  }

  /**
   * Runs a batch and prepares what it gives; if that fails, what is there of it is dropped.
   *
   * @param context closed in any case
   * @return how many rows the sink got
   */
  long write(long batchId, MicroBatchContext context) throws IOException {
    LongAdder rows = new LongAdder();
    SinkBatch output = sink().begin(batchId, physical.schema(), mode);
    LateRowsTable late = lateRows;
    try {
      if (late != null) {
        late.begin(batchId);
      }
      try (context) {
        run(context, output, rows);
      }
      output.prepare();
      if (late != null) {
        late.prepare();
      }
    } catch (Throwable e) {
      abort(output, e);
      if (late != null) {
        late.abort();
      }
      throw e;
    }
    return rows.sum();
  }

  /** Makes a batch visible that was prepared and is committed. */
  void publish(long batchId) throws IOException {
    sink().publish(batchId);
    LateRowsTable late = lateRows;
    if (late != null) {
      late.publish(batchId);
    }
  }

  private static void abort(SinkBatch output, Throwable failure) {
    try {
      output.abort();
    } catch (RuntimeException e) {
      failure.addSuppressed(e); // what is left is overwritten when the batch runs again
    }
  }

  private void run(MicroBatchContext context, SinkBatch output, LongAdder rows) throws IOException {
    List<SinkWriter> writers = new ArrayList<>();
    try {
      List<PlanRunner.Output> outputs = new ArrayList<>();
      for (int task = 0; task < services.workers().count(); task++) {
        SinkWriter writer = output.writer(task);
        writers.add(writer);
        outputs.add(batch -> write(writer, batch, rows));
      }
      new PlanRunner(context, compiled).run(physical, outputs);
    } finally {
      for (SinkWriter writer : writers) {
        writer.close();
      }
    }
  }

  private static void write(SinkWriter writer, RecordBatch batch, LongAdder rows) {
    try {
      if (batch.rowCount() > 0) {
        rows.add(batch.rowCount());
        writer.write(batch);
      }
    } catch (IOException e) {
      throw new ArrowmillException(
          "SINK_WRITE_FAILED",
          "sink must take the batch: error="
              + e.getMessage()
              + "; check that its target exists, has room and may be written",
          e);
    }
  }

  /** What to close, in order. */
  List<Runnable> closers() {
    List<Runnable> closers = new ArrayList<>();
    StreamSink open = sink;
    if (open != null) {
      closers.add(open::close);
    }
    LateRowsTable late = lateRows;
    if (late != null) {
      closers.add(late::close);
    }
    return closers;
  }
}
