package io.arrowmill;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.streaming.ExpiredTimerInfo;
import io.arrowmill.streaming.GroupStateTimeout;
import io.arrowmill.streaming.MemoryStream;
import io.arrowmill.streaming.OutputMode;
import io.arrowmill.streaming.StatefulProcessor;
import io.arrowmill.streaming.StreamingQuery;
import io.arrowmill.streaming.TTLConfig;
import io.arrowmill.streaming.TimeMode;
import io.arrowmill.streaming.TimerValues;
import io.arrowmill.streaming.Trigger;
import io.arrowmill.streaming.ValueState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes by the time of batches, with a clock that is moved by hand. */
@Timeout(120)
class BatchTimeTest {
  /** Batches run only when they are asked for. */
  private static final Trigger WHEN_ASKED = Trigger.ProcessingTime(Duration.ofDays(1));

  @TempDir Path checkpoint = Path.of(".");

  private final AtomicLong millis = new AtomicLong(100_000);
  private final Session session =
      Session.builder()
          .config("arrowmill.workers", 2)
          .clock(() -> Instant.ofEpochMilli(millis.get()))
          .getOrCreate();
  private final MemoryStream<String> names = MemoryStream.of(session, String.class);
  private final List<String> given = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    session.close();
  }

  private StreamingQuery start(DataFrame frame) {
    StreamingQuery query =
        frame
            .writeStream()
            .outputMode("append")
            .option("checkpointLocation", checkpoint.toString())
            .trigger(WHEN_ASKED)
            .foreachBatch((batch, id) -> batch.collect().forEach(row -> given.add(row.toString())))
            .start();
    query.processAllAvailable();
    return query;
  }

  /** What a query gives at a time, with these rows or without any. */
  private List<String> at(long time, StreamingQuery query, String... rows) {
    if (rows.length > 0) {
      names.addData(rows);
    }
    millis.set(time);
    query.processAllAvailable();
    List<String> taken = given.stream().sorted().toList();
    given.clear();
    return taken;
  }

  private static long keys(StreamingQuery query) {
    return requireNonNull(query.lastProgress()).stateOperators().getFirst().numRowsTotal();
  }

  private DataFrame countsUntilTimeout() {
    return names
        .toDS()
        .groupByKey(name -> name, String.class)
        .<Long, String>flatMapGroupsWithState(
            (name, values, state) -> {
              if (state.hasTimedOut()) {
                state.remove();
                return List.of(name + " at " + state.getCurrentProcessingTimeMs()).iterator();
              }
              state.update(1L);
              state.setTimeoutDuration("2 seconds");
              return Collections.emptyIterator();
            },
            OutputMode.Append(),
            Long.class,
            String.class,
            GroupStateTimeout.ProcessingTimeTimeout())
        .toDF();
  }

  @Test
  void keysTimeOutAfterTheirTime() {
    StreamingQuery query = start(countsUntilTimeout());
    assertThat(at(100_000, query, "a", "b")).isEmpty();
    assertThat(at(101_000, query, "b")).isEmpty();
    assertThat(at(102_000, query)).isEmpty();
    assertThat(at(102_001, query)).containsExactly("[a at 102001]");
    // Rows come first: b has got new ones, and begins to wait again.
    assertThat(at(103_001, query, "b")).isEmpty();
    assertThat(at(105_001, query)).isEmpty();
    assertThat(at(105_002, query)).containsExactly("[b at 105002]");
    assertThat(keys(query)).isZero();
    query.stop();
  }

  @Test
  void keysTimeOutThatDidSoWhileTheQueryWasDown() {
    StreamingQuery query = start(countsUntilTimeout());
    assertThat(at(100_000, query, "a", "b")).isEmpty();
    query.stop();
    names.addData("b");
    millis.set(200_000);
    query = start(countsUntilTimeout());
    assertThat(at(200_000, query)).containsExactly("[a at 200000]");
    query.stop();
  }

  /** Remembers for a second, and says so when a timer comes. */
  private static final class Forgetful extends StatefulProcessor<String, String, String> {
    private final boolean hasTimer;
    private @Nullable ValueState<Long> remembered;

    Forgetful(boolean hasTimer) {
      this.hasTimer = hasTimer;
    }

    @Override
    public void init(OutputMode outputMode, TimeMode timeMode) {
      remembered =
          getHandle().getValueState("remembered", Long.class, new TTLConfig(Duration.ofSeconds(1)));
    }

    private boolean remembers() {
      return remembered != null && remembered.exists();
    }

    @Override
    public Iterator<String> handleInputRows(
        String key, Iterator<String> rows, TimerValues timerValues) {
      String known = key + " " + remembers();
      if (remembered != null) {
        remembered.update(1L);
      }
      if (hasTimer) {
        getHandle().registerTimer(timerValues.getCurrentProcessingTimeInMs() + 1_500);
      }
      return List.of(known).iterator();
    }

    @Override
    public Iterator<String> handleExpiredTimer(
        String key, TimerValues timerValues, ExpiredTimerInfo timer) {
      return List.of(key + " " + remembers() + " " + timer.getExpiryTimeInMs()).iterator();
    }
  }

  private DataFrame processed(boolean hasTimer) {
    return names
        .toDS()
        .groupByKey(name -> name, String.class)
        .transformWithState(new Forgetful(hasTimer), TimeMode.ProcessingTime(), OutputMode.Append())
        .toDF();
  }

  @Test
  void valuesEndAtTheirTimeAlsoWithoutRows() {
    StreamingQuery query = start(processed(false));
    assertThat(at(100_000, query, "a", "b")).containsExactly("[a false]", "[b false]");
    assertThat(at(100_999, query, "b")).containsExactly("[b true]");
    assertThat(keys(query)).isEqualTo(2);
    assertThat(at(101_000, query)).isEmpty();
    assertThat(keys(query)).isEqualTo(1);
    assertThat(at(101_999, query, "b")).containsExactly("[b false]");
    assertThat(at(102_999, query)).isEmpty();
    assertThat(keys(query)).isZero();
    query.stop();
  }

  @Test
  void timersExpireAtTheirTimeAlsoWithoutRows() {
    StreamingQuery query = start(processed(true));
    assertThat(at(100_000, query, "a")).containsExactly("[a false]");
    assertThat(at(101_499, query)).isEmpty();
    assertThat(at(101_500, query)).containsExactly("[a false 101500]");
    assertThat(keys(query)).isZero();
    query.stop();
  }

  @Test
  void expressionsSayTheTimeOfTheBatch() {
    DataFrame times =
        names
            .toDF()
            .selectExpr(
                "value", "current_timestamp()", "localtimestamp()", "unix_timestamp()", "now()");
    StreamingQuery query = start(times);
    assertThat(at(100_250, query, "a"))
        .containsExactly(
            "[a,1970-01-01T00:01:40.250Z,1970-01-01T00:01:40.250,100,1970-01-01T00:01:40.250Z]");
    query.stop();
  }
}
