package io.arrowmill.oracle;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.streaming.MemoryStream;
import io.arrowmill.streaming.StateOperatorProgress;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.StreamingQueryProgress;
import io.arrowmill.streaming.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A query of the engine under test whose clock is moved. */
final class ArrowmillTimedRun {
  /** Batches run only when a test asks for them: its rows and its clock belong together. */
  private static final Trigger WHEN_ASKED = Trigger.ProcessingTime(Duration.ofDays(1));

  private final TimedCase testCase;
  private final MovableClock clock;
  private final MemoryStream<Row> stream;
  private final DataFrame frame;
  private final Path checkpoint;
  private final Map<Long, List<String>> rows = new ConcurrentSkipListMap<>();
  private long taken;

  ArrowmillTimedRun(
      TimedCase testCase,
      MovableClock clock,
      MemoryStream<Row> stream,
      DataFrame frame,
      Path checkpoint) {
    this.testCase = testCase;
    this.clock = clock;
    this.stream = stream;
    this.frame = frame;
    this.checkpoint = checkpoint;
  }

  private StreamingQuery start(Trigger trigger) {
    return frame
        .writeStream()
        .outputMode(testCase.query().mode())
        .option("checkpointLocation", checkpoint.toString())
        .trigger(trigger)
        .foreachBatch((batch, id) -> {
          List<String> texts = new ArrayList<>();
          batch.collect().forEach(row -> texts.add(RowText.of(row)));
          rows.put(id, texts);
        })
        .start();
  }

  /** One query all the time. */
  void run(TimedOutcome.Builder outcome) {
    clock.set(testCase.millis().getFirst());
    StreamingQuery query = start(WHEN_ASKED);
    try {
      query.processAllAvailable();
      for (int i = 0; i < testCase.millis().size(); i++) {
        moveTo(i);
        query.processAllAvailable();
        take(i, query, outcome);
      }
    } finally {
      query.stop();
    }
  }

  /** A query for each time, which goes on where the one before ended. */
  void runWithRestarts(TimedOutcome.Builder outcome) {
    for (int i = 0; i < testCase.millis().size(); i++) {
      moveTo(i);
      StreamingQuery query = start(Trigger.AvailableNow());
      try {
        if (!query.awaitTermination(60_000)) {
          throw new IllegalStateException("query must end in time: case=" + testCase);
        }
      } finally {
        query.stop();
      }
      take(i, query, outcome);
    }
  }

  private void moveTo(int i) {
    List<Row> batch = testCase.query().batches().get(i);
    if (!batch.isEmpty()) {
      stream.addData(batch);
    }
    clock.set(testCase.millis().get(i));
  }

  private void take(int i, StreamingQuery query, TimedOutcome.Builder outcome) {
    Map<Long, StreamingQueryProgress> progress = new TreeMap<>();
    for (StreamingQueryProgress each : query.recentProgress()) {
      progress.put(each.batchId(), each);
    }
    outcome.begin();
    for (StreamingQueryProgress each : progress.values()) {
      if (each.batchId() >= taken) {
        outcome.batch(
            rows.getOrDefault(each.batchId(), List.of()),
            each.stateOperators().stream().map(ArrowmillEngine::state).toList(),
            each.stateOperators().stream().mapToLong(StateOperatorProgress::numRowsTotal).sum());
        taken = each.batchId() + 1;
      }
    }
    outcome.end(testCase.millis().get(i));
  }
}
