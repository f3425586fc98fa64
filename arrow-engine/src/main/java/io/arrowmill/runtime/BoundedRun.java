package io.arrowmill.runtime;

import io.arrowmill.Row;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.operator.BatchContext;
import io.arrowmill.operator.CompiledExpressions;
import io.arrowmill.operator.EventTimeStats;
import io.arrowmill.operator.GroupStore;
import io.arrowmill.operator.JoinStore;
import io.arrowmill.operator.PhysicalPlan;
import io.arrowmill.operator.PhysicalPlan.ScanPlan;
import io.arrowmill.operator.PhysicalPlanner;
import io.arrowmill.operator.PlanRunner;
import io.arrowmill.operator.StatefulPlan;
import io.arrowmill.operator.StreamJoinPlan;
import io.arrowmill.operator.Workers;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.streaming.OutputMode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** Runs a bounded query to its end. Used once, by one thread. */
public final class BoundedRun implements AutoCloseable {
  private final QueryServices services;
  private final PhysicalPlan physical;
  private final QueryMemory memory;
  private final Instant started;
  private final BoundedStores stores;

  /** A run of an analyzed plan. */
  public BoundedRun(LogicalPlan plan, QueryServices services) {
    this.services = services;
    this.started = services.clock().instant();
    this.physical = new PhysicalPlanner(OutputMode.APPEND).plan(services.optimize(plan));
    this.memory = new QueryMemory(services.allocator(), "without a stream", services.conf());
    this.stores = new BoundedStores(services, memory);
  }

  /** The plan that is run. */
  public PhysicalPlan physical() {
    return physical;
  }

  /**
   * Runs, and gives all batches.
   *
   * @return owned by the caller, in {@code target}'s memory
   */
  public List<RecordBatch> batches(BufferAllocator target) {
    List<RecordBatch> batches = Collections.synchronizedList(new ArrayList<>());
    List<PlanRunner.Output> outputs =
        Collections.nCopies(services.workers().count(), batch -> batches.add(batch.retain(target)));
    try {
      run(outputs);
      return List.copyOf(batches);
    } catch (RuntimeException | Error e) {
      batches.forEach(RecordBatch::close);
      throw e;
    }
  }

  /** Runs, pushing to one output a task. */
  public void run(List<PlanRunner.Output> outputs) {
    CompiledExpressions compiled = new CompiledExpressions(physical, services.kernels());
    new PlanRunner(new Context(), compiled).run(physical, outputs);
  }

  @Override
  public void close() {
    stores.close();
    memory.close();
  }

  /** The run as the operators see it. */
  private final class Context implements BatchContext {
    @Override
    public Workers workers() {
      return services.workers();
    }

    @Override
    public BufferAllocator allocator() {
      return memory.allocator();
    }

    @Override
    public MemorySource memory() {
      return memory.source();
    }

    @Override
    public long operatorMemoryLimit() {
      return memory.operatorLimitBytes();
    }

    @Override
    public long batchId() {
      return 0;
    }

    @Override
    public Instant now() {
      return started;
    }

    @Override
    public List<InputSplit> splits(ScanPlan scan) throws IOException {
      return services.planBatch(
          scan.source(), scan.output().stream().map(Attribute::name).toList());
    }

    @Override
    public void rowsRead(ScanPlan scan, long rows) {}

    @Override
    public void eventTimes(int watermark, EventTimeStats stats) {}

    @Override
    public void lateRows(StatefulPlan plan, RecordBatch batch, long positions, int count) {}

    @Override
    public long futureMicros(int watermark) {
      return Long.MAX_VALUE;
    }

    @Override
    public void futureRows(int watermark, RecordBatch batch, long positions, int count) {}

    @Override
    public JoinStore joinStore(StreamJoinPlan plan) {
      throw new IllegalStateException("a bounded query has no streams: " + plan.describe());
    }

    @Override
    public void observed(String name, Row metrics) {}

    @Override
    public GroupStore store(StatefulPlan plan, int number) {
      return stores.open(plan, number);
    }

    @Override
    public void checkActive() {
      if (Thread.currentThread().isInterrupted()) {
        throw new java.util.concurrent.CancellationException("bounded query was interrupted");
      }
    }
  }
}
