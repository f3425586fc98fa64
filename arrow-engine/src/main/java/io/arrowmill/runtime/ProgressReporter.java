package io.arrowmill.runtime;

import io.arrowmill.connector.StreamSink;
import io.arrowmill.connector.StreamSource;
import io.arrowmill.operator.EventTimeStats;
import io.arrowmill.streaming.SinkProgress;
import io.arrowmill.streaming.SourceProgress;
import io.arrowmill.streaming.StreamingQueryProgress;
import io.arrowmill.wal.LogEntry.BatchPlanned;
import io.arrowmill.wal.LogEntry.SourceRange;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Measures the phases of a batch and puts the batch's progress together. Confined to the query's
 * thread.
 */
final class ProgressReporter {
  private static final DateTimeFormatter ISO_MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final StreamExecution execution;
  private final QueryDefinition definition;
  private final InstantSource clock;
  private final Map<String, Long> phases = new TreeMap<>();
  private long triggerNanos;
  private long triggerMillis;
  private long previousTriggerMillis = -1;

  ProgressReporter(StreamExecution execution, QueryDefinition definition, InstantSource clock) {
    this.execution = execution;
    this.definition = definition;
    this.clock = clock;
  }

  /** A trigger has fired. */
  void startTrigger() {
    phases.clear();
    triggerNanos = System.nanoTime();
    triggerMillis = clock.millis();
  }

  /** A phase that began at {@code startedNanos} has ended. */
  void phase(String name, long startedNanos) {
    phases.merge(name, millisSince(startedNanos), Long::sum);
  }

  /** A phase took so long, perhaps at another time. */
  void phaseTook(String name, long nanos) {
    phases.merge(name, TimeUnit.NANOSECONDS.toMillis(nanos), Long::sum);
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  /** The batch has been committed. */
  StreamingQueryProgress finish(
      BatchPlanned batch,
      MicroBatchContext context,
      QuerySources sources,
      List<SourceReport> reports,
      StreamSink sink,
      QueryState state,
      long outputRows) {
    double seconds = Math.max(1e-9, (System.nanoTime() - triggerNanos) / 1e9);
    double sinceLast =
        previousTriggerMillis < 0
            ? Double.NaN
            : Math.max(1e-3, (triggerMillis - previousTriggerMillis) / 1e3);
    previousTriggerMillis = triggerMillis;
    phases.put("triggerExecution", millisSince(triggerNanos));
    List<SourceProgress> sourceProgress = new ArrayList<>();
    for (SourceRange range : batch.ranges()) {
      StreamSource source = sources.source(range.source());
      SourceReport report = reports.get(range.source());
      long rows = context.rowsRead(range.source());
      sourceProgress.add(
          new SourceProgress(
              source.description(),
              range.startOffset(),
              range.endOffset(),
              report.latestOffset(),
              rows,
              rows / sinceLast,
              rows / seconds,
              report.metrics()));
    }
    return new StreamingQueryProgress(
        execution.id(),
        execution.runId(),
        definition.name(),
        ISO_MILLIS.format(Instant.ofEpochMilli(triggerMillis)),
        batch.batchId(),
        millisSince(triggerNanos),
        new LinkedHashMap<>(phases),
        eventTime(context.eventTimes(), batch.watermarkMicros()),
        state.progress(),
        sourceProgress,
        new SinkProgress(sink.description(), outputRows, Map.of()),
        context.metrics());
  }

  private static Map<String, String> eventTime(List<EventTimeStats> seen, long watermarkMicros) {
    Map<String, String> times = new LinkedHashMap<>();
    if (seen.isEmpty()) {
      return times;
    }
    EventTimeStats all = EventTimeStats.NONE;
    for (EventTimeStats stats : seen) {
      all = all.plus(stats);
    }
    if (all.count() > 0) {
      times.put("avg", iso((long) all.mean()));
      times.put("max", iso(all.max()));
      times.put("min", iso(all.min()));
    }
    times.put("watermark", iso(watermarkMicros));
    return times;
  }

  private static String iso(long micros) {
    return ISO_MILLIS.format(Instant.ofEpochMilli(Math.floorDiv(micros, 1_000)));
  }
}
