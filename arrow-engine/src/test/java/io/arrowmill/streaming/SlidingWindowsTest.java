package io.arrowmill.streaming;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.arrowmill.ArrowmillException;
import io.arrowmill.DataFrame;
import io.arrowmill.Functions;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Overlapping windows, of which panes are kept, against a rule that keeps windows: each row is
 * added to every window that holds it.
 */
@Timeout(120)
class SlidingWindowsTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("ts", DataTypes.TIMESTAMP)
          .add("k", DataTypes.STRING)
          .add("v", DataTypes.LONG);

  private final Session session = Session.builder().config("arrowmill.workers", 2).getOrCreate();
  private final MemoryStream<Row> events = MemoryStream.of(session, SCHEMA);
  private final Map<Long, Set<String>> given = new HashMap<>();

  @TempDir Path directory;

  @AfterEach
  void nothingLeaks() {
    session.close();
  }

  private DataFrame windows(long length, long slide, long delay) {
    DataFrame rows = events.toDF();
    return (delay < 0 ? rows : rows.withWatermark("ts", delay + " seconds"))
        .groupBy(
            Functions.col("k"),
            Functions.window(Functions.col("ts"), length + " seconds", slide + " seconds"))
        .agg(Functions.count(Functions.lit(1)).as("n"), Functions.sum(Functions.col("v")).as("s"))
        .select(
            Functions.col("k"),
            Functions.col("window.start").cast("bigint").as("start"),
            Functions.col("n"),
            Functions.col("s"));
  }

  private StreamingQuery start(DataFrame frame, String mode) {
    return frame
        .writeStream()
        .outputMode(mode)
        .option("checkpointLocation", directory.toString())
        .foreachBatch((rows, id) -> {
          Set<String> texts = given.computeIfAbsent(id, ignored -> new TreeSet<>());
          rows.collect()
              .forEach(row ->
                  texts.add(
                      text(
                          requireNonNull(row.getString(0)),
                          row.getLong(1),
                          row.getLong(2),
                          row.getLong(3))));
        })
        .start();
  }

  private static String text(String key, long start, long count, long sum) {
    return key + " " + start + " " + count + " " + sum;
  }

  /** A window of a key. */
  private record Window(String key, long start) {}

  /** Windows as state, seconds as times. */
  private static final class Rule {
    final Map<Window, long[]> windows = new HashMap<>();
    final Set<Window> touched = new HashSet<>();
    final Set<Window> late = new HashSet<>();
    final long length;
    final long slide;

    Rule(long length, long slide) {
      this.length = length;
      this.slide = slide;
    }

    void add(String key, long time, long value, long watermark) {
      for (long start = Math.floorDiv(time, slide) * slide; start + length > time; start -= slide) {
        Window window = new Window(key, start);
        if (start + length <= watermark) {
          late.add(window);
          continue;
        }
        touched.add(window);
        long[] state = windows.computeIfAbsent(window, ignored -> new long[2]);
        state[0]++;
        state[1] += value;
      }
    }

    Set<String> texts(Set<Window> of) {
      Set<String> texts = new TreeSet<>();
      of.forEach(window -> {
        long[] state = requireNonNull(windows.get(window));
        texts.add(text(window.key(), window.start(), state[0], state[1]));
      });
      return texts;
    }

    /** Takes out what has ended; returns it as text. */
    Set<String> end(long watermark) {
      Set<Window> ended = new HashSet<>(windows.keySet());
      ended.removeIf(window -> window.start() + length > watermark);
      Set<String> texts = texts(ended);
      windows.keySet().removeAll(ended);
      return texts;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "append, 600, 60, 20, 1, false, 400",
    "append, 600, 60, 0, 2, true, 400",
    "append, 300, 120, 300, 3, true, 400",
    "append, 7, 5, 3, 4, false, 400",
    "update, 600, 60, 20, 5, true, 400",
    "update, 300, 120, 100, 6, false, 400",
    "update, 60, 20, -1, 7, true, 400",
    "complete, 60, 20, 10, 8, true, 400",
    "complete, 10, 4, -1, 9, false, 400",
    "append, 300, 120, 60, 10, true, 40000",
    "update, 60, 20, 60, 11, false, 40000"
  })
  void givesAndCountsWindows(
      String mode, long length, long slide, long delay, long seed, boolean restarts, int rowsMax) {
    SplittableRandom random = new SplittableRandom(seed);
    Rule rule = new Rule(length, slide);
    long watermark = 0;
    long newest = 0;
    long base = 100_000;
    int keys = Math.max(40, rowsMax / 2);
    StreamingQuery query = start(windows(length, slide, delay), mode);
    for (int batch = 0; batch < (rowsMax > 1_000 ? 4 : 12); batch++) {
      if (restarts && batch > 0) {
        query.stop();
        query = start(windows(length, slide, delay), mode);
      }
      rule.touched.clear();
      rule.late.clear();
      List<Row> rows = new ArrayList<>();
      int size = random.nextInt(10) == 0 ? 2 : rowsMax;
      long late = delay < 0 ? Long.MIN_VALUE : watermark;
      for (int i = 0; i < size; i++) {
        boolean far = random.nextInt(6) == 0;
        long time = base + random.nextInt(3 * (int) slide) - (far ? random.nextInt(2_000) : 0);
        String key = "key " + random.nextInt(random.nextInt(3) == 0 ? 3 : keys);
        long value = random.nextInt(100);
        rows.add(Row.withSchema(SCHEMA, List.of(Instant.ofEpochSecond(time), key, value)));
        newest = Math.max(newest, time);
        rule.add(key, time, value, late);
      }
      base += random.nextInt(4) == 0 ? random.nextInt(3_000) : random.nextInt((int) slide);
      int before = given.size();
      events.addData(rows);
      query.processAllAvailable();
      List<StreamingQueryProgress> all = List.of(query.recentProgress());
      assertThat(given).as("one batch with data").hasSizeGreaterThan(before);
      StateOperatorProgress withData = null;
      long id = -1;
      for (StreamingQueryProgress each : all) {
        if (each.numInputRows() > 0) {
          withData = each.stateOperators().getFirst();
          id = each.batchId();
        }
      }
      String what = "seed=" + seed + " batch=" + batch;
      Set<String> wanted =
          mode.equals("complete") ? rule.texts(rule.windows.keySet()) : rule.texts(rule.touched);
      long updated = rule.touched.size();
      boolean ends = delay >= 0 && !mode.equals("complete");
      Set<String> ended = ends ? rule.end(watermark) : Set.of();
      wanted = mode.equals("append") ? ended : wanted;
      assertThat(given.get(id)).as(what).isEqualTo(wanted);
      StateOperatorProgress state = requireNonNull(withData);
      assertThat(state.numRowsUpdated()).as(what).isEqualTo(updated);
      assertThat(state.numRowsRemoved()).as(what).isEqualTo(ended.size());
      assertThat(state.numRowsDroppedByWatermark()).as(what).isEqualTo(ends ? rule.late.size() : 0);
      if (ends) {
        // A batch without data ends what the new watermark ends.
        watermark = Math.max(watermark, newest - delay);
        Set<String> afterwards = rule.end(watermark);
        if (mode.equals("append") && given.containsKey(id + 1)) {
          assertThat(given.get(id + 1)).as(what + " without data").isEqualTo(afterwards);
        }
      }
      assertThat(requireNonNull(query.lastProgress()).stateOperators().getFirst().numRowsTotal())
          .as(what)
          .isEqualTo(rule.windows.size());
    }
    query.stop();
  }

  /** Of few keys with panes by the ten thousand; looking through them one by one takes minutes. */
  @Test
  void timesOfAKeyComeInAnyOrder() {
    SplittableRandom random = new SplittableRandom(12);
    Rule rule = new Rule(4, 2);
    int span = 200_000;
    long base = 1_000_000;
    for (int batch = 0; batch < 5; batch++) {
      // Batches 0 to 2 spread over the span; 3 ends half of it, 4 nearly all.
      long newest = base + span + Math.max(0, batch - 2) * (long) span / 2;
      long watermark = Math.max(0, newest - span);
      StreamingQuery query = start(windows(4, 2, span), "append");
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < 50_000; i++) {
        long time = i == 0 ? newest : newest - random.nextInt(batch > 2 ? span / 3 : span);
        String key = random.nextInt(2) == 0 ? "a" : "b";
        rows.add(Row.withSchema(SCHEMA, List.of(Instant.ofEpochSecond(time), key, 1L)));
        rule.add(key, time, 1, 0);
      }
      given.clear();
      events.addData(rows);
      query.processAllAvailable();
      query.stop();
      Set<String> found = new TreeSet<>();
      given.values().forEach(found::addAll);
      assertThat(found).as("batch=" + batch).isEqualTo(rule.end(watermark));
      assertThat(requireNonNull(query.lastProgress()).stateOperators().getFirst().numRowsTotal())
          .as("batch=" + batch)
          .isEqualTo(rule.windows.size());
    }
  }

  @Test
  void otherWindowsNeedAnotherCheckpoint() {
    start(windows(60, 20, 0), "append").stop();
    assertThatThrownBy(() -> start(windows(60, 30, 0), "append"))
        .isInstanceOf(ArrowmillException.class)
        .hasMessageContaining("CHECKPOINT_OF_ANOTHER_QUERY")
        .hasMessageContaining("slideMicros=20000000")
        .hasMessageContaining("slideMicros=30000000")
        .hasMessageContaining("overlapping windows must stay as they are");
  }
}
