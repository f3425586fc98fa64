package io.arrowmill.streaming;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.session_window;
import static io.arrowmill.Functions.window;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.arrowmill.Column;
import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Event times at the ends of their range, in time zones, and where clocks change. */
@Timeout(60)
class EventTimeEdgesTest {
  private static final StructType SCHEMA =
      new StructType().add("ts", DataTypes.TIMESTAMP).add("local", DataTypes.TIMESTAMP_NTZ);

  /** The greatest and the least timestamp. */
  private static final Instant LAST = instant(Long.MAX_VALUE);

  private static final Instant FIRST = instant(Long.MIN_VALUE);

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static Row event(Instant time) {
    return Row.withSchema(SCHEMA, List.of(time, LocalDateTime.of(2025, 3, 9, 2, 30)));
  }

  /** The rows that a query gives of the events, one batch each, and its newest progress. */
  private record Outcome(List<Row> rows, StreamingQueryProgress last) {}

  private interface Query {
    DataFrame of(DataFrame events);
  }

  private static Outcome run(String zone, String mode, Query query, Row... events) {
    try (Session session =
        Session.builder()
            .config("arrowmill.workers", 1)
            .config("arrowmill.session.timeZone", zone)
            .getOrCreate()) {
      MemoryStream<Row> stream = MemoryStream.of(session, SCHEMA);
      List<Row> rows = new ArrayList<>();
      StreamingQuery running =
          query
              .of(stream.toDF())
              .writeStream()
              .outputMode(mode)
              .foreachBatch((batch, id) -> rows.addAll(batch.collect()))
              .start();
      try {
        for (Row event : events) {
          stream.addData(event);
          running.processAllAvailable();
        }
      } finally {
        running.stop();
      }
      return new Outcome(rows, requireNonNull(running.lastProgress()));
    }
  }

  private static DataFrame windows(DataFrame events, Column window) {
    return events
        .withWatermark("ts", "10 seconds")
        .groupBy(window)
        .agg(count(lit(1)))
        .selectExpr("window.start", "window.end", "`count(1)`");
  }

  private static DataFrame minutes(DataFrame events) {
    return windows(events, window(col("ts"), "1 minute"));
  }

  @Test
  void keepsTheGreatestTimeAndNeverEndsItsWindow() {
    Outcome outcome = run("UTC", "append", EventTimeEdgesTest::minutes, event(LAST));
    assertThat(outcome.rows()).isEmpty();
    assertThat(outcome.last().eventTime())
        .containsEntry("watermark", "+294247-01-10T04:00:44.775Z");
    assertThat(outcome.last().stateOperators().getFirst().numRowsTotal()).isEqualTo(1);
  }

  @Test
  void saysThatTheEndOfAWindowOrSessionIsOutOfRange() {
    assertThatThrownBy(() -> run("UTC", "complete", EventTimeEdgesTest::minutes, event(LAST)))
        .hasMessageContaining("DATETIME_OVERFLOW")
        .hasMessageContaining("window_start");
    Query sessions =
        events ->
            events
                .withWatermark("ts", "10 seconds")
                .groupBy(col("local"), session_window(col("ts"), "1 minute"))
                .agg(count(lit(1)));
    assertThatThrownBy(() -> run("UTC", "append", sessions, event(LAST)))
        .hasMessageContaining("DATETIME_OVERFLOW");
  }

  @Test
  void takesTheLeastTime() {
    Query passed = events -> events.withWatermark("ts", "10 seconds").select("ts");
    Outcome outcome = run("UTC", "append", passed, event(FIRST));
    assertThat(outcome.rows()).containsExactly(Row.of(FIRST));
    assertThat(outcome.last().eventTime())
        .containsEntry("max", "-290308-12-21T19:59:05.224Z")
        .containsEntry("watermark", "1970-01-01T00:00:00.000Z");
    Query distinct = events -> events.withWatermark("ts", "10 seconds").dropDuplicates("ts");
    assertThat(run("UTC", "append", distinct, event(FIRST)).rows())
        .as("before 1970 is late from the start, as in Spark")
        .isEmpty();
  }

  @Test
  void findsWindowsOfTimesBefore1970() {
    Instant before = Instant.ofEpochSecond(-1);
    Outcome outcome = run("UTC", "complete", EventTimeEdgesTest::minutes, event(before));
    assertThat(outcome.rows())
        .containsExactly(Row.of(Instant.ofEpochSecond(-60), Instant.EPOCH, 1L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"})
  void countsInWindowsThatKnowNoTimeZone(String zone) {
    // Clocks in New York go from 2:00 to 3:00 at 07:00 UTC.
    Row[] events = {
      event(Instant.parse("2025-03-09T06:59:59Z")),
      event(Instant.parse("2025-03-09T07:00:00Z")),
      event(Instant.parse("2025-03-09T23:59:59Z")),
      event(Instant.parse("2025-03-10T00:00:00Z")),
      event(Instant.parse("2025-03-11T00:00:10Z")),
    };
    Query days = frame -> windows(frame, window(col("ts"), "1 day"));
    assertThat(run(zone, "append", days, events).rows())
        .containsExactlyInAnyOrder(
            Row.of(
                Instant.parse("2025-03-09T00:00:00Z"), Instant.parse("2025-03-10T00:00:00Z"), 3L),
            Row.of(
                Instant.parse("2025-03-10T00:00:00Z"), Instant.parse("2025-03-11T00:00:00Z"), 1L));
    Query hours = frame -> windows(frame, window(col("ts"), "1 hour"));
    assertThat(run(zone, "append", hours, events).rows())
        .extracting(row -> row.get(0), row -> row.get(2))
        .contains(
            tuple(Instant.parse("2025-03-09T06:00:00Z"), 1L),
            tuple(Instant.parse("2025-03-09T07:00:00Z"), 1L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "America/New_York"})
  void countsLocalTimesThatNoClockShows(String zone) {
    // 02:30 on this day is skipped in New York; a local time is not a moment, and stays.
    Query query =
        frame ->
            frame
                .groupBy(window(col("local"), "1 hour"))
                .agg(count(lit(1)))
                .selectExpr("window.start", "`count(1)`");
    assertThat(run(zone, "complete", query, event(Instant.EPOCH)).rows())
        .containsExactly(Row.of(LocalDateTime.of(2025, 3, 9, 2, 0), 1L));
  }
}
