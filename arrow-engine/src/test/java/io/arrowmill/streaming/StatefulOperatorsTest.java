package io.arrowmill.streaming;

import static io.arrowmill.Functions.col;
import static io.arrowmill.Functions.count;
import static io.arrowmill.Functions.expr;
import static io.arrowmill.Functions.lit;
import static io.arrowmill.Functions.sum;
import static io.arrowmill.Functions.window;
import static io.arrowmill.Functions.window_time;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Deduplication, limits, chained windows and sessions over streams, stopped after every batch. */
@Timeout(90)
class StatefulOperatorsTest {
  private static final StructType SCHEMA =
      new StructType().add("ts", DataTypes.TIMESTAMP).add("k", DataTypes.STRING);

  private final Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
  private final MemoryStream<Row> events = MemoryStream.of(session, SCHEMA);
  private final List<String> rows = new ArrayList<>();
  private @Nullable StreamingQueryProgress last;

  @TempDir Path checkpoint;

  @AfterEach
  void nothingLeaks() {
    session.close();
  }

  private static Row event(@Nullable Integer seconds, @Nullable String key) {
    return Row.withSchema(
        SCHEMA, Arrays.asList(seconds == null ? null : Instant.ofEpochSecond(seconds), key));
  }

  /** Feeds one batch to the query that goes on from the checkpoint, and returns its rows. */
  private List<String> batch(DataFrame frame, Row... batch) {
    rows.clear();
    StreamingQuery query =
        frame
            .writeStream()
            .outputMode("append")
            .option("checkpointLocation", checkpoint.toString())
            .foreachBatch((output, id) -> output.collect().forEach(row -> rows.add(text(row))))
            .start();
    try {
      events.addData(List.of(batch));
      query.processAllAvailable();
    } finally {
      query.stop();
    }
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

  private StateOperatorProgress state(int operator) {
    return requireNonNull(last).stateOperators().get(operator);
  }

  @Test
  void dropsWhatEarlierBatchesHadToo() {
    DataFrame keys = events.toDF().select(col("k")).distinct();
    assertThat(batch(keys, event(1, "a"), event(2, "a"), event(3, null), event(4, "")))
        .containsExactly("", "a", "null");
    assertThat(batch(keys, event(5, "b"), event(6, "a"), event(7, null))).containsExactly("b");
    assertThat(state(0).operatorName()).isEqualTo("dedupe");
    assertThat(state(0).numRowsTotal()).isEqualTo(4);
    assertThat(state(0).numRowsUpdated()).isEqualTo(1);
    assertThat(state(0).customMetrics()).containsEntry("numDroppedDuplicateRows", 2L);
    assertThat(batch(keys, event(8, "a"))).isEmpty();
    assertThat(state(0).numRowsUpdated()).isZero();
  }

  @Test
  void forgetsKeysThatHoldTheEventTime() {
    DataFrame distinct = events.toDF().withWatermark("ts", "10 seconds").dropDuplicates("ts", "k");
    assertThat(batch(distinct, event(100, "a"), event(100, "a"), event(100, "b")))
        .containsExactly("100 a", "100 b");
    // The watermark comes to 110: the keys of 100 go, and rows up to there are late from then on.
    assertThat(batch(distinct, event(120, "a"))).containsExactly("120 a");
    assertThat(state(0).numRowsRemoved()).isEqualTo(2);
    assertThat(state(0).numRowsTotal()).isEqualTo(1);
    assertThat(batch(distinct, event(110, "c"), event(111, "c"))).containsExactly("111 c");
    assertThat(state(0).numRowsDroppedByWatermark()).isEqualTo(1);
  }

  @Test
  void forgetsKeysWithinTheWatermark() {
    DataFrame distinct =
        events.toDF().withWatermark("ts", "10 seconds").dropDuplicatesWithinWatermark("k");
    assertThat(batch(distinct, event(100, "a"), event(105, "a"))).containsExactly("100 a");
    assertThat(batch(distinct, event(109, "a"), event(110, "b"))).containsExactly("110 b");
    // At a watermark of 110 the key of 100 is forgotten.
    assertThat(batch(distinct, event(120, "c"))).containsExactly("120 c");
    assertThat(batch(distinct, event(121, "a"), event(121, "b"))).containsExactly("121 a");
    assertThat(state(0).operatorName()).isEqualTo("dedupeWithinWatermark");
  }

  @Test
  void limitsAllBatchesTogether() {
    DataFrame first = events.toDF().select(col("k")).limit(3);
    assertThat(batch(first, event(1, "a"), event(2, "b"))).containsExactly("a", "b");
    assertThat(batch(first, event(3, "c"), event(4, "d"))).hasSize(1);
    assertThat(batch(first, event(5, "e"))).isEmpty();
    assertThat(state(0).operatorName()).isEqualTo("globalLimit");
    assertThat(state(0).numRowsTotal()).isEqualTo(1);
  }

  @Test
  void countsWindowsOfWindows() {
    DataFrame minutes =
        events
            .toDF()
            .withWatermark("ts", "0 seconds")
            .groupBy(window(col("ts"), "1 minute").as("w"), col("k"))
            .agg(count(lit(1)).as("n"));
    DataFrame hours =
        minutes
            .groupBy(window(window_time(col("w")), "1 hour").as("h"))
            .agg(sum("n").as("n"), count(lit(1)).as("groups"))
            .selectExpr("h.start", "n", "groups");
    assertThat(batch(hours, event(10, "a"), event(20, "a"), event(30, "b"), event(70, "a")))
        .isEmpty();
    assertThat(batch(hours, event(3_000, "a"))).isEmpty();
    assertThat(batch(hours, event(7_200, "a"))).containsExactly("0 5 4");
    assertThat(requireNonNull(last).stateOperators()).hasSize(2);
  }

  @Test
  void countsEachValueOfAWindowOnce() {
    DataFrame minutes =
        events
            .toDF()
            .withWatermark("ts", "0 seconds")
            .groupBy(window(col("ts"), "1 minute").as("w"))
            .agg(expr("count(DISTINCT k) AS keys"), count(lit(1)).as("n"))
            .selectExpr("w.start", "keys", "n");
    assertThat(batch(minutes, event(10, "a"), event(11, "b"), event(12, "a"), event(13, null)))
        .isEmpty();
    assertThat(batch(minutes, event(20, "b"), event(21, "c"), event(65, "a")))
        .containsExactly("0 3 6");
    assertThat(state(1).operatorName()).isEqualTo("distinctAggregate");
    assertThat(state(1).numRowsTotal()).isEqualTo(1);
    assertThat(batch(minutes, event(66, "a"), event(130, "z"))).containsExactly("60 1 2");
  }

  @Test
  void distinctAggregatesOfATable() {
    List<Row> table = List.of(event(1, "a"), event(2, "b"), event(1, "a"), event(3, null));
    DataFrame all =
        session
            .createDataFrame(table, SCHEMA)
            .selectExpr("k", "unix_seconds(ts) AS s")
            .groupBy()
            .agg(
                expr("count(DISTINCT k)"),
                expr("count(DISTINCT k, s)"),
                expr("sum(DISTINCT s)"),
                expr("sum(s)"),
                expr("count(DISTINCT s) FILTER (WHERE k = 'a')"),
                expr("max(DISTINCT s)"));
    assertThat(all.collect().stream().map(StatefulOperatorsTest::text))
        .containsExactly("2 2 6 7 1 3");
  }

  @Test
  void joinsStretchesToSessions() {
    DataFrame sessions =
        events
            .toDF()
            .withWatermark("ts", "20 seconds")
            .groupBy(expr("session_window(ts, '10 seconds') AS w"), col("k"))
            .agg(count(lit(1)).as("n"))
            .selectExpr("k", "w.start", "w.end", "n");
    assertThat(batch(sessions, event(100, "a"), event(125, "a"), event(103, "b"))).isEmpty();
    // 110 touches the end of the first session, 120 the start of the second: all are one.
    assertThat(batch(sessions, event(110, "a"), event(120, "a"))).isEmpty();
    assertThat(state(0).operatorName()).isEqualTo("sessionWindowStateStoreSaveExec");
    assertThat(state(0).numRowsTotal()).isEqualTo(2);
    assertThat(batch(sessions, event(134, "b"))).containsExactly("b 103 113 1");
    assertThat(batch(sessions, event(200, "b"))).containsExactly("a 100 135 4", "b 134 144 1");
    assertThat(state(0).numRowsTotal()).isEqualTo(1);
  }

  @Test
  void sessionsOfATableAreThoseOfItsSortedRows() {
    SplittableRandom random = new SplittableRandom(11);
    List<Row> table = new ArrayList<>();
    Map<String, TreeMap<Integer, Integer>> times = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      String key = random.nextInt(50) == 0 ? null : "key " + random.nextInt(300);
      int at = random.nextInt(5_000);
      table.add(event(at, key));
      times.computeIfAbsent("" + key, ignored -> new TreeMap<>()).merge(at, 1, Integer::sum);
    }
    List<String> expected = new ArrayList<>();
    times.forEach((key, of) -> expected.addAll(sessions(key, of, 10)));
    List<String> found = new ArrayList<>();
    session
        .createDataFrame(table, SCHEMA)
        .groupBy(col("k"), expr("session_window(ts, '10 seconds') AS w"))
        .agg(count(lit(1)).as("n"))
        .selectExpr("k", "w.start", "w.end", "n")
        .collect()
        .forEach(row -> found.add(text(row)));
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static List<String> sessions(String key, Map<Integer, Integer> times, int gap) {
    List<String> sessions = new ArrayList<>();
    int start = times.keySet().iterator().next();
    int end = start;
    int rows = 0;
    for (Map.Entry<Integer, Integer> time : times.entrySet()) {
      if (time.getKey() > end && rows > 0) {
        sessions.add(key + " " + start + " " + end + " " + rows);
        start = time.getKey();
        rows = 0;
      }
      end = time.getKey() + gap;
      rows += time.getValue();
    }
    sessions.add(key + " " + start + " " + end + " " + rows);
    return sessions;
  }
}
