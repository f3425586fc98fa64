package io.arrowmill.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.streaming.InternalOutputModes;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.streaming.runtime.MemoryStream;
import org.apache.spark.sql.execution.streaming.sources.MemorySink;
import org.apache.spark.sql.streaming.StateOperatorProgress;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A query of Spark whose clock is moved. With timeouts by processing time Spark runs batches
 * without end; here each trigger is let through by itself, until one changes nothing.
 */
final class SparkTimedRun {
  private static final int TRIGGERS_MAX = 30;

  private final TimedCase testCase;
  private final MemorySink sink = new MemorySink();
  private final SparkClock clock;
  private final StreamingQuery query;
  private @Nullable StreamingQueryProgress last;

  SparkTimedRun(SparkSession session, TimedCase testCase, Dataset<Row> frame)
      throws TimeoutException {
    this.testCase = testCase;
    this.clock = new SparkClock(testCase.millis().getFirst());
    this.query =
        session
            .streams()
            .startQuery(
                Option.empty(),
                Option.empty(),
                Option.empty(),
                (org.apache.spark.sql.classic.Dataset<?>) frame,
                scala.collection.immutable.Map$.MODULE$.empty(),
                sink,
                InternalOutputModes.apply(testCase.query().mode()),
                true,
                true,
                Trigger.ProcessingTime(1),
                clock,
                Option.empty(),
                Option.empty());
  }

  /** Runs all of the case; the query has ended on return. */
  void run(MemoryStream<Row> stream, TimedOutcome.Builder outcome) {
    try {
      clock.awaitQuery(query::isActive);
      for (int i = 0; i < testCase.millis().size(); i++) {
        List<io.arrowmill.Row> rows = testCase.query().batches().get(i);
        if (!rows.isEmpty()) {
          stream.addData(SparkRows.sequence(rows.stream().map(SparkRows::toSpark).toList()));
        }
        outcome.begin();
        runAt(testCase.millis().get(i), outcome);
        outcome.end(testCase.millis().get(i));
      }
    } finally {
      stop();
    }
  }

  private void runAt(long millis, TimedOutcome.Builder outcome) {
    for (int i = 0; i < TRIGGERS_MAX; i++) {
      clock.trigger(millis, query::isActive);
      if (!query.isActive()) {
        query.processAllAvailable(); // tells what it failed with
      }
      StreamingQueryProgress before = last;
      long batch = batchId();
      if (batch < 0 || (before != null && before.batchId() == batch)) {
        return;
      }
      StreamingQueryProgress progress = query.lastProgress();
      if (progress.batchId() != batch) {
        throw new IllegalStateException("progress must be the batch's: batch=" + batch);
      }
      last = progress;
      List<String> texts = new ArrayList<>();
      CollectionConverters.asJava(sink.latestBatchData())
          .forEach(row -> texts.add(RowText.of(SparkRows.fromSpark(row))));
      List<StreamOutcome.State> state = state(progress);
      long kept =
          Stream.of(progress.stateOperators()).mapToLong(StateOperatorProgress::numRowsTotal).sum();
      outcome.batch(texts, state, kept);
      if (testCase.isOneBatch()) {
        return;
      }
      if (before != null && texts.isEmpty() && progress.numInputRows() == 0) {
        boolean same =
            state.equals(state(before)) && progress.eventTime().equals(before.eventTime());
        if (same) {
          return;
        }
      }
    }
    throw new IllegalStateException("a time must have an end: case=" + testCase);
  }

  private long batchId() {
    Option<Object> id = sink.latestBatchId();
    return id.isEmpty() ? -1 : (Long) id.get();
  }

  private static List<StreamOutcome.State> state(StreamingQueryProgress progress) {
    return Stream.of(progress.stateOperators()).map(SparkEngine::state).toList();
  }

  private void stop() {
    try {
      query.stop();
    } catch (TimeoutException e) {
      throw new IllegalStateException("query must stop in time", e);
    }
  }
}
