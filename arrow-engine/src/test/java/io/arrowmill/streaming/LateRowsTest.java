package io.arrowmill.streaming;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.expr;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.window;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.AnalysisException;
import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of rows that come too late or too early, and of what is open at the end. */
@Timeout(90)
class LateRowsTest {
  private static final StructType SCHEMA =
      new StructType().add("ts", DataTypes.TIMESTAMP).add("k", DataTypes.STRING);

  private final List<String> rows = new ArrayList<>();
  private Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
  private MemoryStream<Row> events = MemoryStream.of(session, SCHEMA);
  private @Nullable StreamingQueryProgress last;

  @TempDir Path checkpoint;

  @AfterEach
  void nothingLeaks() {
    session.close();
  }

  private void restart(String key, String value) {
    session.close();
    session = Session.builder().config("arrowmill.workers", 2).config(key, value).getOrCreate();
    events = MemoryStream.of(session, SCHEMA);
  }

  private static Row event(@Nullable Long seconds, String key) {
    return Row.withSchema(
        SCHEMA, Arrays.asList(seconds == null ? null : Instant.ofEpochSecond(seconds), key));
  }

  private static Row event(int seconds, String key) {
    return event(Long.valueOf(seconds), key);
  }

  private StreamingQuery start(DataFrame frame, Trigger trigger) {
    return frame
        .writeStream()
        .outputMode("append")
        .trigger(trigger)
        .option("checkpointLocation", checkpoint.toString())
        .option("lateRows", "late")
        .foreachBatch((output, id) -> output.collect().forEach(row -> rows.add(text(row))))
        .start();
  }

  private List<String> batch(StreamingQuery query, Row... batch) {
    rows.clear();
    events.addData(List.of(batch));
    query.processAllAvailable();
    last = query.lastProgress();
    rows.sort(null);
    return List.copyOf(rows);
  }

  private static String text(Row row) {
    List<String> values = new ArrayList<>();
    for (Object value : row.values()) {
      values.add(value instanceof Instant time ? "" + time.getEpochSecond() : "" + value);
    }
    return String.join(" ", values);
  }

  private List<String> late() {
    return session.table("late").collect().stream().map(LateRowsTest::text).sorted().toList();
  }

  private long dropped() {
    return requireNonNull(last).stateOperators().stream()
        .mapToLong(StateOperatorProgress::numRowsDroppedByWatermark)
        .sum();
  }

  private static DataFrame minutes(DataFrame events) {
    return events
        .withWatermark("ts", "10 seconds")
        .groupBy(col("k"), window(col("ts"), "1 minute"))
        .agg(count(lit(1)))
        .select(col("window.start"), col("k"), col("count(1)"));
  }

  @Test
  void keepsTheLateRowsOfAnAggregation() {
    StreamingQuery query = start(minutes(events.toDF()), Trigger.ProcessingTime("0 seconds"));
    assertThat(batch(query, event(10, "a"), event(200, "b"))).containsExactly("0 a 1");
    assertThat(late()).isEmpty();

    assertThat(batch(query, event(5, "x"), event(6, "x"), event(70, "y"), event(190, "z")))
        .isEmpty();

    assertThat(dropped()).as("groups").isEqualTo(2);
    assertThat(session.table("late").columns()).startsWith("operator", "watermark", "k").hasSize(4);
    assertThat(late())
        .containsExactly(
            "stateStoreSave 190 x 0", "stateStoreSave 190 x 0", "stateStoreSave 190 y 60");
    query.stop();
    assertThat(late()).as("the table outlives the query").hasSize(3);
  }

  @Test
  void keepsARowForEachOfItsOverlappingWindowsThatHasEnded() {
    DataFrame windows =
        events
            .toDF()
            .withWatermark("ts", "10 seconds")
            .groupBy(col("k"), window(col("ts"), "1 minute", "30 seconds"))
            .agg(count(lit(1)))
            .select(col("window.start"), col("k"), col("count(1)"));
    StreamingQuery query = start(windows, Trigger.ProcessingTime("0 seconds"));
    assertThat(batch(query, event(10, "a"), event(200, "b"))).containsExactly("-30 a 1", "0 a 1");

    assertThat(batch(query, event(5, "x"), event(6, "x"), event(170, "y"))).isEmpty();

    assertThat(dropped()).as("groups").isEqualTo(3);
    assertThat(late())
        .containsExactly(
            "stateStoreSave 190 x -30",
            "stateStoreSave 190 x -30",
            "stateStoreSave 190 x 0",
            "stateStoreSave 190 x 0",
            "stateStoreSave 190 y 120");
    assertThat(batch(query, event(400, "z"))).containsExactly("150 b 1", "150 y 1", "180 b 1");
    query.stop();
  }

  @Test
  void keepsTheLateRowsOfBothSidesOfAJoinAndOfADeduplication() {
    DataFrame left = events.toDF().withWatermark("ts", "0 seconds").where("k < 'm'");
    DataFrame right =
        events
            .toDF()
            .select(col("ts").as("at"), col("k").as("key"))
            .withWatermark("at", "0 seconds")
            .where("key >= 'm'")
            .dropDuplicates("at", "key");
    DataFrame joined = left.join(right, expr("ts = at AND upper(k) = lower(key)"), "inner");
    StreamingQuery query = start(joined, Trigger.ProcessingTime("0 seconds"));
    batch(query, event(100, "a"), event(100, "z"));
    batch(query, event(50, "b"), event(60, "y"));

    assertThat(dropped()).isEqualTo(2);
    assertThat(session.table("late").select("operator", "ts", "k", "at", "key").collect())
        .extracting(LateRowsTest::text)
        .containsExactlyInAnyOrder("symmetricHashJoin 50 b null null", "dedupe null null 60 y");
    query.stop();
  }

  @Test
  void refusesTheTableOfTheResult() {
    DataStreamWriter writer =
        events
            .toDF()
            .writeStream()
            .format("memory")
            .queryName("result")
            .option("lateRows", "RESULT");
    assertThatThrownBy(writer::start)
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("INVALID_LATE_ROWS_TABLE")
        .hasMessageContaining("lateRows=RESULT");
  }

  @Test
  void treatsRowsFromTheFutureAsLate() {
    restart("arrowmill.watermark.maxFutureSkew", "1 hour");
    long now = Instant.now().getEpochSecond();
    long minute = now / 60 * 60;
    StreamingQuery query = start(minutes(events.toDF()), Trigger.ProcessingTime("0 seconds"));
    assertThat(
            batch(
                query,
                event(now + 1_000_000, "bad clock"),
                event(minute - 600, "a"),
                event((Long) null, "no time"),
                event(Long.MAX_VALUE / 1_000_000 - 1, "end of time")))
        .isEmpty();
    assertThat(requireNonNull(last).stateOperators().getFirst().numRowsTotal()).isEqualTo(1);

    assertThat(batch(query, event(minute, "b"))).containsExactly(minute - 600 + " a 1");
    assertThat(late()).hasSize(2);
    assertThat(late().toString()).contains("bad clock", "end of time");
    query.stop();
  }

  @Test
  void leavesRowsFromTheFutureToQueriesWithoutState() {
    restart("arrowmill.watermark.maxFutureSkew", "1 hour");
    long later = Instant.now().getEpochSecond() + 1_000_000;
    DataFrame passed = events.toDF().withWatermark("ts", "10 seconds").select("k");
    StreamingQuery query = start(passed, Trigger.ProcessingTime("0 seconds"));
    assertThat(batch(query, event(later, "a"), event(1, "b"))).containsExactly("a", "b");
    query.stop();
  }

  @Test
  void flushesWhatIsOpenAtTheEndIfAskedTo() {
    events.addData(List.of(event(10, "a"), event(61, "b"), event(62, "b")));
    start(minutes(events.toDF()), Trigger.AvailableNow()).awaitTermination();
    assertThat(rows).isEmpty();

    restart("arrowmill.streaming.flushAtEnd", "true");
    events.addData(List.of(event(10, "a"), event(61, "b"), event(62, "b")));
    events.addData(List.of(event(63, "c")));
    start(minutes(events.toDF()), Trigger.AvailableNow()).awaitTermination();
    assertThat(rows).containsExactlyInAnyOrder("0 a 1", "60 b 2", "60 c 1");
    rows.clear();

    events.addData(List.of(event(1_000, "d")));
    start(minutes(events.toDF()), Trigger.AvailableNow()).awaitTermination();
    assertThat(rows).as("time has ended").isEmpty();
    assertThat(late()).hasSize(1);
  }

  @Test
  void flushesJoinsDeduplicationsSessionsAndChainsToo() {
    restart("arrowmill.streaming.flushAtEnd", "true");
    DataFrame left = events.toDF().withWatermark("ts", "1 second").dropDuplicates("ts", "k");
    DataFrame right =
        events
            .toDF()
            .select(col("ts").as("at"), col("k").as("key"))
            .withWatermark("at", "1 second");
    DataFrame counted =
        left.join(
                right, expr("k = key AND at > ts AND at <= ts + INTERVAL 10 SECONDS"), "left_outer")
            .groupBy(col("k"), expr("session_window(ts, '5 seconds')"))
            .agg(count(lit(1)), count(col("at")))
            .select("session_window.start", "count(1)", "count(at)");
    events.addData(List.of(event(10, "a"), event(10, "a"), event(12, "a"), event(100, "b")));
    start(counted, Trigger.AvailableNow()).awaitTermination();
    assertThat(rows).containsExactlyInAnyOrder("10 2 1", "100 1 0");
  }
}
