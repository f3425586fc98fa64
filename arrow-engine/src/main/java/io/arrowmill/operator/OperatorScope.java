package io.arrowmill.operator;

import io.arrowmill.Row;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.operator.PhysicalPlan.ScanPlan;
import io.arrowmill.state.MemoryLevel;
import io.arrowmill.state.MemoryShare;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A run as one of its operators sees it: memory is the operator's own share, the rest is the run's.
 * Closing it checks that the operator has given all its memory back.
 */
final class OperatorScope implements BatchContext, AutoCloseable {
  private final BatchContext run;
  private final MemoryShare share;

  /**
   * The scope of one operator.
   *
   * @param operator the operator's name, as errors say it
   */
  OperatorScope(BatchContext run, String operator) {
    this.run = run;
    this.share =
        new MemoryShare(run.allocator(), MemoryLevel.OPERATOR, operator, run.operatorMemoryLimit());
  }

  @Override
  public Workers workers() {
    return run.workers();
  }

  @Override
  public BufferAllocator allocator() {
    return share.allocator();
  }

  @Override
  public MemorySource memory() {
    return share.source();
  }

  @Override
  public long operatorMemoryLimit() {
    return run.operatorMemoryLimit();
  }

  @Override
  public long batchId() {
    return run.batchId();
  }

  @Override
  public Instant now() {
    return run.now();
  }

  @Override
  public List<InputSplit> splits(ScanPlan scan) throws IOException {
    return run.splits(scan);
  }

  @Override
  public void rowsRead(ScanPlan scan, long rows) {
    run.rowsRead(scan, rows);
  }

  @Override
  public void eventTimes(int watermark, EventTimeStats stats) {
    run.eventTimes(watermark, stats);
  }

  @Override
  public void lateRows(StatefulPlan plan, RecordBatch batch, long positions, int count) {
    run.lateRows(plan, batch, positions, count);
  }

  @Override
  public long futureMicros(int watermark) {
    return run.futureMicros(watermark);
  }

  @Override
  public void futureRows(int watermark, RecordBatch batch, long positions, int count) {
    run.futureRows(watermark, batch, positions, count);
  }

  @Override
  public void observed(String name, Row metrics) {
    run.observed(name, metrics);
  }

  @Override
  public GroupStore store(StatefulPlan plan, int number) {
    return run.store(plan, number);
  }

  @Override
  public JoinStore joinStore(StreamJoinPlan plan) {
    return run.joinStore(plan);
  }

  @Override
  public void checkActive() {
    run.checkActive();
  }

  @Override
  public void close() {
    share.close();
  }
}
