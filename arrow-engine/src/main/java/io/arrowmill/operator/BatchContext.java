package io.arrowmill.operator;

import io.arrowmill.Row;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.operator.PhysicalPlan.ScanPlan;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What operators ask of the run they take part in: one micro-batch of a streaming query, or a
 * bounded query. Any task may call it, but for {@link #splits} and {@link #store}, which only the
 * thread that runs the plan calls.
 */
public interface BatchContext {

  /** The pool to run tasks on. */
  Workers workers();

  /** Where operators' buffers come from. */
  BufferAllocator allocator();

  /** Where operators' blocks come from; the same memory as {@link #allocator}. */
  MemorySource memory();

  /** Most bytes that one operator may hold; 0 means no limit. */
  long operatorMemoryLimit();

  /** The number of the batch, from 0; 0 in a bounded query. */
  long batchId();

  /** The time that the run counts as now. */
  Instant now();

  /** What a scan has to read in this run. */
  List<InputSplit> splits(ScanPlan scan) throws IOException;

  /** Counts rows read by a scan. */
  void rowsRead(ScanPlan scan, long rows);

  /** Notes the event times that passed a watermark operator; microseconds. */
  void eventTimes(int watermark, EventTimeStats stats);

  /**
   * Takes rows that come too late for an operator, where the query wants to have them.
   *
   * @param batch of the operator's input; borrowed
   * @param positions address of int32 positions in the batch
   */
  void lateRows(StatefulPlan plan, RecordBatch batch, long positions, int count);

  /**
   * Rows of a watermark operator whose event time is after this, microseconds, are treated as late:
   * {@link Long#MAX_VALUE} for none.
   */
  long futureMicros(int watermark);

  /** As {@link #lateRows}, of rows of a watermark operator after its {@link #futureMicros}. */
  void futureRows(int watermark, RecordBatch batch, long positions, int count);

  /**
   * Takes the metrics of the rows that passed an observation; only the thread that runs the plan
   * calls it.
   */
  void observed(String name, Row metrics);

  /**
   * A store that an operator adds to in this run; it outlives the run where the query keeps state.
   *
   * @param number position among the operator's stores
   */
  GroupStore store(StatefulPlan plan, int number);

  /** What a join of two streams keeps. */
  JoinStore joinStore(StreamJoinPlan plan);

  /**
   * Throws if the run shall stop.
   *
   * @throws java.util.concurrent.CancellationException if the query was stopped or another task
   *     failed
   */
  void checkActive();
}
