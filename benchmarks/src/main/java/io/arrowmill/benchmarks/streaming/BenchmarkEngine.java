package io.arrowmill.benchmarks.streaming;

import java.nio.file.Path;

/** An engine that runs the workloads with two threads. Confined to one thread. */
interface BenchmarkEngine extends AutoCloseable {
  /**
   * Runs the query to the end of its input and sums up the result.
   *
   * @param scratch an empty directory for the checkpoint
   */
  Answer answer(Workload workload, Input input, Path scratch) throws Exception;

  /**
   * Runs the query to the end of its input and throws the result away.
   *
   * @return nanoseconds from start to termination
   */
  long nanos(Workload workload, Input input, Path scratch) throws Exception;

  @Override
  void close();

  /**
   * What is read.
   *
   * @param directory of Parquet files
   * @param other of the Parquet files of a second stream, for workloads that join two
   * @param filesPerBatch how many files a micro-batch takes
   */
  record Input(Path directory, Path other, int filesPerBatch) {}
}
