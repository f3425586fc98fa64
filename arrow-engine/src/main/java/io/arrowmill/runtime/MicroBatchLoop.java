package io.arrowmill.runtime;

import io.arrowmill.operator.CompiledExpressions;
import io.arrowmill.operator.PhysicalPlan;
import io.arrowmill.operator.PhysicalPlan.WatermarkPlan;
import io.arrowmill.operator.PhysicalPlanner;
import io.arrowmill.operator.ReadAhead;
import io.arrowmill.plan.LogicalPlan;
import io.arrowmill.streaming.Trigger;
import io.arrowmill.wal.EntryTooLargeException;
import io.arrowmill.wal.LogEntry.BatchCommitted;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SourceRange;
import io.arrowmill.wal.LogEntry.StateChange;
import io.arrowmill.wal.WriteAheadLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a query batch by batch.
 *
 * <p>Each batch: its plan is made durable; it runs; the sink prepares its output; the changes of
 * state and the commit are made durable in one write; the output becomes visible. A batch that is
 * found planned but not committed is run again with exactly that plan. Confined to the query's
 * thread, but for {@link #queryId} and {@link #explain}.
 *
 * <p>Where a batch follows the one before at once, it is planned while that one's state is made
 * durable, its plan goes to the log behind that one's commit and with the same sync, and the
 * workers begin to read its rows. A log that ends between the two has the commit and no plan, as if
 * there had been no hurry; one without the commit has no plan either.
 */
final class MicroBatchLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MicroBatchLoop.class);

  private final StreamExecution execution;
  private final QueryDefinition definition;
  private final QueryServices services;
  private final LogicalPlan optimized;
  private final PhysicalPlan physical;
  private final CompiledExpressions compiled;
  private final List<WatermarkPlan> watermarkPlans = new ArrayList<>();
  private final QueryMemory memory;
  private final QueryCheckpoint checkpoint;
  private final QuerySources sources = new QuerySources();
  private final QueryOutput output;
  private final Watermarks watermarks;
  private final QueryState state;
  private final StateFiles stateFiles;
  private final ProgressReporter reporter;
  private final List<@Nullable String> offsets = new ArrayList<>();
  private long nextBatchId;
  private @Nullable BatchPlanned last;
  private @Nullable NextBatch next;
  private boolean plansAhead;
  private boolean closed;

  MicroBatchLoop(StreamExecution execution, QueryDefinition definition, QueryServices services) {
    this.execution = execution;
    this.definition = definition;
    this.services = services;
    this.optimized = services.optimize(definition.plan());
    this.physical = new PhysicalPlanner(definition.outputMode()).plan(optimized);
    this.compiled = new CompiledExpressions(physical, services.kernels());
    collectWatermarks(physical);
    this.watermarks =
        new Watermarks(
            watermarkPlans.stream().map(WatermarkPlan::delayMicros).toList(),
            policy(),
            services.conf().getMicros(RuntimeConf.WATERMARK_IDLE_TIMEOUT),
            services.clock().millis());
    this.checkpoint = QueryCheckpoint.open(definition, physical, services.conf());
    try {
      this.memory =
          new QueryMemory(services.allocator(), checkpoint.queryId().toString(), services.conf());
    } catch (RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
    try {
      this.state =
          new QueryState(
              physical,
              definition.outputMode(),
              checkpoint.partitions(),
              memory,
              services.kernels());
    } catch (RuntimeException | Error e) {
      memory.close();
      checkpoint.close();
      throw e;
    }
    this.output = new QueryOutput(physical, compiled, definition.outputMode(), services);
    this.stateFiles = new StateFiles(definition.checkpoint(), services.workers());
    this.reporter = new ProgressReporter(execution, definition, services.clock());
    try {
      sources.hold(physical, services);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private Watermarks.Policy policy() {
    return services.conf().get(RuntimeConf.WATERMARK_POLICY).equalsIgnoreCase("max")
        ? Watermarks.Policy.MAX
        : Watermarks.Policy.MIN;
  }

  private void collectWatermarks(PhysicalPlan plan) {
    plan.inputs().forEach(this::collectWatermarks);
    if (plan instanceof WatermarkPlan watermark
        && watermarkPlans.stream().noneMatch(known -> known.index() == watermark.index())) {
      watermarkPlans.add(watermark);
      watermarkPlans.sort(java.util.Comparator.comparingInt(WatermarkPlan::index));
    }
  }

  UUID queryId() {
    return checkpoint.queryId();
  }

  String explain(boolean extended) {
    String plan = "== Physical Plan ==\n" + physical.treeString();
    return extended
        ? "== Analyzed Logical Plan ==\n"
            + definition.plan().treeString()
            + "\n== Optimized Logical Plan ==\n"
            + optimized.treeString()
            + "\n"
            + plan
        : plan;
  }

  // ---- the loop

  void run() throws IOException {
    String name = definition.name();
    state.warnOfGrowth(name == null ? checkpoint.queryId().toString() : name);
    recover();
    new TriggerSchedule(execution, services, sources, this).run(definition.trigger());
    state.finishSnapshot(checkpoint, stateFiles);
  }

  /** From now on batches follow each other at once, and may be planned ahead. */
  void planAhead() {
    plansAhead = true;
  }

  /** Gives what is still open, once the input has ended. */
  void finishInput() throws IOException {
    if (services.conf().getBoolean(RuntimeConf.FLUSH_AT_END)
        && watermarks.isDefined()
        && !execution.isStopping()) {
      watermarks.finish();
      runNext();
    }
  }

  /** Runs one batch; false if there was nothing to do. */
  boolean runNext() throws IOException {
    reporter.startTrigger();
    NextBatch ready = next;
    next = null;
    try (ready) {
      BatchPlanned batch = ready == null ? plan() : planOf(ready);
      if (batch == null) {
        execution.setStatus("Waiting for data to arrive", false, false);
        return false;
      }
      execution.setStatus("Processing new data", true, true);
      MicroBatchContext context = ready == null ? null : ready.context();
      runBatch(batch, context == null ? context(batch) : context);
    }
    execution.setStatus("Waiting for next trigger", true, false);
    return true;
  }

  /** The plan of a batch that has one, durable already. */
  private BatchPlanned planOf(NextBatch ready) throws IOException {
    reporter.phaseTook("latestOffset", ready.offsetNanos());
    reporter.phaseTook("walCommit", 0); // with the commit of the batch before
    return ready.plan();
  }

  private @Nullable BatchPlanned plan() throws IOException {
    execution.setStatus("Getting offsets from sources", false, true);
    List<SourceRange> ranges = new ArrayList<>();
    long started = System.nanoTime();
    boolean hasData = findRanges(ranges, offsets);
    reporter.phase("latestOffset", started);
    watermarks.tick(services.clock().millis());
    if (!hasData && !needsBatchWithoutData()) {
      return null;
    }
    BatchPlanned batch = planned(nextBatchId, ranges, last);
    started = System.nanoTime();
    WriteAheadLog log = checkpoint.log();
    log.append(batch);
    log.sync();
    reporter.phase("walCommit", started);
    return batch;
  }

  /** Asks every source how far a batch may read; returns whether there is anything. */
  private boolean findRanges(List<SourceRange> ranges, List<@Nullable String> starts)
      throws IOException {
    boolean hasData = false;
    for (int i = 0; i < sources.count(); i++) {
      String start = starts.get(i);
      String end = sources.source(i).latestOffset(start);
      end = end == null ? start : end;
      hasData |= !Objects.equals(start, end);
      ranges.add(new SourceRange(i, start, end));
    }
    return hasData;
  }

  private BatchPlanned planned(
      long batchId, List<SourceRange> ranges, @Nullable BatchPlanned before) {
    long watermark = watermarks.currentMicros();
    return new BatchPlanned(
        batchId,
        services.clock().millis(),
        watermark,
        before == null ? watermark : before.watermarkMicros(),
        ranges);
  }

  private MicroBatchContext context(BatchPlanned batch) {
    return new MicroBatchContext(
        services,
        memory,
        sources,
        state,
        batch,
        watermarkPlans.size(),
        output.lateRows(),
        execution::isStopping);
  }

  /**
   * Whether the watermark has moved for an operator that gives or removes state by it, or the time
   * for one that does so by time.
   */
  private boolean needsBatchWithoutData() {
    BatchPlanned before = last;
    return before != null
        && (state.runsWithoutData(before.watermarkMicros(), watermarks.currentMicros())
            || state.isDue(services.clock().millis()))
        && !(definition.trigger() instanceof Trigger.OnceTrigger)
        && services.conf().getBoolean(RuntimeConf.NO_DATA_BATCHES);
  }

  private void runBatch(BatchPlanned batch, MicroBatchContext context) throws IOException {
    state.beginBatch(batch);
    long started = System.nanoTime();
    long outputRows = output.write(batch.batchId(), context);
    reporter.phase("addBatch", started);
    started = System.nanoTime();
    List<SourceReport> reports = SourceReport.of(sources);
    commit(batch, context);
    output.publish(batch.batchId());
    for (int i = 0; i < sources.count(); i++) {
      String end = batch.ranges().get(i).endOffset();
      if (end != null) {
        sources.source(i).committed(end);
      }
    }
    NextBatch ready = next;
    reporter.phase("commitOffsets", started + (ready == null ? 0 : ready.offsetNanos()));
    committed(batch);
    execution.addProgress(
        reporter.finish(batch, context, sources, reports, output.sink(), state, outputRows));
    state.snapshotIfDue(checkpoint, stateFiles, batch.batchId(), services.conf());
  }

  /** Makes the batch durable, and with it the plan of the next one if that follows at once. */
  private void commit(BatchPlanned batch, MicroBatchContext context) throws IOException {
    watermarks.advance(context.eventTimes(), services.clock().millis());
    long watermark = watermarks.currentMicros();
    Map<String, String> sourceState = watermarks.state();
    List<StateChange> changes =
        state.exportChanges(stateFiles, batch.batchId(), () -> planFollowing(batch));
    WriteAheadLog log = checkpoint.log();
    log.append(new BatchCommitted(batch.batchId(), watermark, changes, sourceState));
    NextBatch ready = next;
    if (ready != null) {
      append(ready);
    }
    log.sync();
  }

  /** Appends the plan of a batch, if it could be planned. */
  private void append(NextBatch batch) {
    BatchPlanned plan = batch.entry();
    if (plan == null) {
      return;
    }
    try {
      checkpoint.log().append(plan);
    } catch (EntryTooLargeException | IllegalArgumentException e) {
      batch.close();
      next = NextBatch.failed(e, batch.offsetNanos());
    }
  }

  /**
   * Plans the batch behind {@code batch} and begins to read it, if it is to follow at once and its
   * sources have something for it. What fails is told when its turn has come.
   */
  private void planFollowing(BatchPlanned batch) {
    if (execution.isStopping() || !plansAhead) {
      return;
    }
    long started = System.nanoTime();
    try {
      List<SourceRange> ranges = new ArrayList<>();
      if (!findRanges(ranges, batch.ranges().stream().map(SourceRange::endOffset).toList())) {
        return;
      }
      long offsetNanos = System.nanoTime() - started;
      watermarks.tick(services.clock().millis());
      BatchPlanned following = planned(batch.batchId() + 1, ranges, batch);
      MicroBatchContext context = context(following);
      next = NextBatch.planned(following, context, offsetNanos);
      readAhead(next, context);
    } catch (IOException | RuntimeException | Error e) {
      next = NextBatch.failed(e, System.nanoTime() - started);
    }
  }

  private void readAhead(NextBatch batch, MicroBatchContext context) {
    try {
      ReadAhead rows = ReadAhead.begin(physical, context, compiled);
      batch.reads(rows);
      context.reads(rows);
    } catch (IOException | RuntimeException e) {
      LOG.debug("batch is not read ahead, but in its turn: query={}", queryId(), e);
    }
  }

  private void committed(BatchPlanned batch) {
    last = batch;
    nextBatchId = batch.batchId() + 1;
    for (SourceRange range : batch.ranges()) {
      offsets.set(range.source(), range.endOffset());
    }
  }

  // ---- start and end

  private void recover() throws IOException {
    long lastCommitted = checkpoint.lastCommittedBatch();
    state.restore(definition.checkpoint(), checkpoint.recovered(), services.workers());
    sources.open(physical, definition.checkpoint(), services, memory.allocator());
    for (int i = 0; i < sources.count(); i++) {
      sources.source(i).onArrival(execution::signal);
      offsets.add(null);
    }
    output.open(definition.lateRowsTable(), memory.allocator(), queryId(), lastCommitted);
    BatchPlanned planned = checkpoint.planOf(lastCommitted);
    if (planned != null) {
      committed(planned);
      watermarks.restore(checkpoint.committedWatermark(), checkpoint.committedSourceState());
    }
    nextBatchId = lastCommitted + 1;
    BatchPlanned interrupted = checkpoint.planOf(nextBatchId);
    if (interrupted != null) {
      reporter.startTrigger();
      runBatch(interrupted, context(interrupted));
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    RuntimeException failure = null;
    for (Runnable part : closers()) {
      try {
        part.run();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** What to close, in order; each is closed even if one before it fails. */
  private List<Runnable> closers() {
    List<Runnable> closers = new ArrayList<>();
    NextBatch ready = next;
    if (ready != null) {
      closers.add(ready::close);
    }
    closers.addAll(output.closers());
    closers.add(sources::close);
    closers.add(state::close);
    closers.add(memory::close);
    closers.add(checkpoint::close);
    return closers;
  }
}
