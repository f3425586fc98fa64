package io.arrowmill.runtime;

import io.arrowmill.connector.InputSplit;
import io.arrowmill.connector.MemoryTable;
import io.arrowmill.connector.SourceContext;
import io.arrowmill.connector.StreamSink;
import io.arrowmill.connector.StreamSource;
import io.arrowmill.kernel.KernelSettings;
import io.arrowmill.operator.Workers;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.plan.SourceSpec;
import io.arrowmill.streaming.StreamingQueryProgress;
import io.arrowmill.types.StructType;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** What a running query asks of its session. Safe for any thread. */
public interface QueryServices {

  /** The pool that tasks run on. */
  Workers workers();

  /** The parent of the query's memory. */
  BufferAllocator allocator();

  /** How expressions are evaluated. */
  KernelSettings kernels();

  /** The session's settings at the start of the query. */
  RuntimeConf conf();

  /** The time of batches, which timeouts and times to live go by. */
  InstantSource clock();

  /** The plan after the optimizer. */
  LogicalPlan optimize(LogicalPlan plan);

  /** Opens an unbounded source. */
  StreamSource openStream(SourceSpec spec, SourceContext context) throws IOException;

  /**
   * Keeps what an in-process stream holds now and takes in from now on.
   *
   * @return lets go of it; to be called once
   */
  Runnable hold(SourceSpec spec);

  /** The splits of a bounded source. */
  List<InputSplit> planBatch(SourceSpec spec, List<String> columns) throws IOException;

  /** Opens the query's sink. */
  StreamSink openSink(StructType schema) throws IOException;

  /** A new, empty table of the session, in place of one of that name. */
  MemoryTable createMemoryTable(String name, StructType schema);

  /** A batch has ended. */
  void onProgress(StreamingQueryProgress progress);

  /** There has been nothing to do for a while. */
  void onIdle(StreamExecution query);

  /** The query has ended; its resources are free. */
  void onTerminated(StreamExecution query);
}
