package io.arrowmill.runtime;

import io.arrowmill.Row;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.codegen.memory.MemorySource;
import io.arrowmill.connector.InputSplit;
import io.arrowmill.connector.StreamSource;
import io.arrowmill.operator.BatchContext;
import io.arrowmill.operator.EventTimeStats;
import io.arrowmill.operator.GroupStore;
import io.arrowmill.operator.JoinStore;
import io.arrowmill.operator.PhysicalPlan.ScanPlan;
import io.arrowmill.operator.ReadAhead;
import io.arrowmill.operator.StatefulPlan;
import io.arrowmill.operator.StreamJoinPlan;
import io.arrowmill.operator.Workers;
import io.arrowmill.plan.Expression.Attribute;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SourceRange;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** One micro-batch as the operators see it, and what it turned out to have read. */
final class MicroBatchContext implements BatchContext, AutoCloseable {
  private final QueryServices services;
  private final QueryMemory memory;
  private final QuerySources sources;
  private final QueryState state;
  private final BatchPlanned batch;
  private final BooleanSupplier stopping;
  private final @Nullable LateRowsTable lateRows;
  private final long futureMicros;
  private final Map<Integer, LongAdder> rowsBySource = new HashMap<>();
  private final List<EventTimeStats> eventTimes;
  private final Map<String, Row> metrics = new TreeMap<>();
  private final BoundedStores bounded;
  private @Nullable ReadAhead readAhead;

  MicroBatchContext(
      QueryServices services,
      QueryMemory memory,
      QuerySources sources,
      QueryState state,
      BatchPlanned batch,
      int watermarks,
      @Nullable LateRowsTable lateRows,
      BooleanSupplier stopping) {
    this.services = services;
    this.memory = memory;
    this.sources = sources;
    this.state = state;
    this.batch = batch;
    this.stopping = stopping;
    this.lateRows = lateRows;
    this.bounded = new BoundedStores(services, memory);
    OptionalLong skew = services.conf().getMicros(RuntimeConf.MAX_FUTURE_SKEW);
    this.futureMicros =
        skew.isEmpty()
            ? Long.MAX_VALUE
            : Math.addExact(1_000 * batch.batchTimestampMillis(), skew.getAsLong());
    this.eventTimes = new ArrayList<>(Collections.nCopies(watermarks, EventTimeStats.NONE));
    for (int i = 0; i < sources.count(); i++) {
      rowsBySource.put(i, new LongAdder());
    }
  }

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
    return batch.batchId();
  }

  @Override
  public Instant now() {
    return Instant.ofEpochMilli(batch.batchTimestampMillis());
  }

  /** From now on scans take what was read of their splits before the run; borrowed. */
  void reads(ReadAhead rows) {
    readAhead = rows;
  }

  @Override
  public List<InputSplit> splits(ScanPlan scan) throws IOException {
    List<String> columns = scan.output().stream().map(Attribute::name).toList();
    Long streamId = scan.streamId();
    if (streamId == null) {
      return services.planBatch(scan.source(), columns);
    }
    ReadAhead read = readAhead;
    List<InputSplit> begun = read == null ? null : read.take(scan);
    if (begun != null) {
      return begun;
    }
    int index = sources.indexOf(streamId);
    SourceRange range = batch.ranges().get(index);
    String end = range.endOffset();
    if (end == null || Objects.equals(end, range.startOffset())) {
      return List.of();
    }
    StreamSource source = sources.source(index);
    return source.plan(range.startOffset(), end, columns);
  }

  @Override
  public void rowsRead(ScanPlan scan, long rows) {
    Long streamId = scan.streamId();
    if (streamId != null) {
      Objects.requireNonNull(rowsBySource.get(sources.indexOf(streamId))).add(rows);
    }
  }

  @Override
  public synchronized void eventTimes(int watermark, EventTimeStats stats) {
    eventTimes.set(watermark, eventTimes.get(watermark).plus(stats));
  }

  @Override
  public void lateRows(StatefulPlan plan, RecordBatch rows, long positions, int count) {
    LateRowsTable table = lateRows;
    if (table != null) {
      table.add(plan.operatorName(), state.lateBy(plan), rows, positions, count);
    }
  }

  @Override
  public long futureMicros(int watermark) {
    return state.behind(watermark) == null ? Long.MAX_VALUE : futureMicros;
  }

  @Override
  public void futureRows(int watermark, RecordBatch rows, long positions, int count) {
    StatefulPlan operator = Objects.requireNonNull(state.behind(watermark));
    state.countLate(operator, count);
    lateRows(operator, rows, positions, count);
  }

  @Override
  public void observed(String name, Row values) {
    metrics.put(name, values);
  }

  @Override
  public GroupStore store(StatefulPlan plan, int number) {
    return plan.operatorId() == StatefulPlan.BOUNDED
        ? bounded.open(plan, number)
        : state.store(plan, number);
  }

  @Override
  public JoinStore joinStore(StreamJoinPlan plan) {
    return state.joinStore(plan);
  }

  @Override
  public void checkActive() {
    if (stopping.getAsBoolean()) {
      throw new CancellationException("query was stopped");
    }
  }

  /** The metrics of rows that were observed, by name. */
  Map<String, Row> metrics() {
    return Collections.unmodifiableMap(metrics);
  }

  /** Rows read of a source. */
  long rowsRead(int source) {
    return Objects.requireNonNull(rowsBySource.get(source)).sum();
  }

  /** Event times that passed each watermark operator. */
  synchronized List<EventTimeStats> eventTimes() {
    return List.copyOf(eventTimes);
  }

  /** Frees what was kept for the time of the batch. */
  @Override
  public void close() {
    bounded.close();
  }
}
