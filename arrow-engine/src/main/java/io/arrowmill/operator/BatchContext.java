package io.arrowmill.operator;

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
