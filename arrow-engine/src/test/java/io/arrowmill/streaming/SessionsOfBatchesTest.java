package io.arrowmill.streaming;

import static io.arrowmill.Functions.expr;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.DataFrame;
import io.arrowmill.Row;
import io.arrowmill.Session;
import io.arrowmill.batch.RecordBatch;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sessions of random batches of rows, some late, are what a sorted map per key makes of them, batch
 * by batch: what is given, kept, removed and dropped. With and without batches that only end
 * sessions: without them, sessions end in batches whose rows may still belong to them.
 */
@Timeout(90)
class SessionsOfBatchesTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("ts", DataTypes.TIMESTAMP)
          .add("k", DataTypes.STRING)
          .add("gap", DataTypes.INTEGER)
          .add("v", DataTypes.LONG);

  @TempDir Path checkpoint;

  /** A stretch of time of a key, and what its rows add up to. */
  private record Stretch(
      String key, long start, long end, long rows, @Nullable Long sum, String most) {
    Stretch with(Stretch other) {
      Long both = sum == null ? other.sum : other.sum == null ? sum : Long.valueOf(sum + other.sum);
      return new Stretch(
          key,
          Math.min(start, other.start),
          Math.max(end, other.end),
          rows + other.rows,
          both,
          most.compareTo(other.most) > 0 ? most : other.most);
    }

    String text() {
      return key + " " + start + " " + end + " " + rows + " " + sum + " " + most;
    }
  }

  /** What is open, by the rule: stretches that overlap or touch are one. */
  private static final class Rule {
    final TreeMap<String, TreeMap<Long, Stretch>> open = new TreeMap<>();
    long lateBy;
    long watermark;
    long newest;
    long dropped;

    /** A batch; returns what it gives. */
    List<String> batch(List<Stretch> rows) {
      Set<List<Object>> late = new HashSet<>();
      for (Stretch row : rows) {
        newest = Math.max(newest, row.start);
        if (row.end <= row.start) {
          continue; // a row whose gap is not positive is in no session
        }
        if (row.end <= lateBy) {
          late.add(List.of(row.key, row.start, row.end));
        } else {
          add(row);
        }
      }
      dropped = late.size();
      List<String> ended = new ArrayList<>();
      for (TreeMap<Long, Stretch> sessions : open.values()) {
        for (Stretch session : List.copyOf(sessions.values())) {
          if (session.end <= watermark) {
            ended.add(session.text());
            sessions.remove(session.start);
          }
        }
      }
      lateBy = watermark;
      return ended;
    }

    private void add(Stretch row) {
      TreeMap<Long, Stretch> sessions = open.computeIfAbsent(row.key, key -> new TreeMap<>());
      Stretch joined = row;
      for (Stretch other : List.copyOf(sessions.values())) {
        if (other.start <= row.end && row.start <= other.end) {
          sessions.remove(other.start);
          joined = joined.with(other);
        }
      }
      sessions.put(joined.start, joined);
    }

    long size() {
      return open.values().stream().mapToLong(TreeMap::size).sum();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, 5, 200, 10, 300",
    "false, 5, 200, 10, 300",
    "false, 1, 3000, 60, 100",
    "false, 4000, 5000, 3, 600",
    "false, 300, 60, 40, 30",
    "true, 3000, 5000, 20, 900",
    "false, 100000, 400000, 20, 4000",
  })
  void sessionsAreThoseOfTheRule(
      boolean noDataBatches, int keys, int rowsMax, int gapMax, int secondsABatch) {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int delay = random.nextInt(secondsABatch);
    Rule rule = new Rule();
    try (Session session =
        Session.builder()
            .config("arrowmill.workers", 2)
            .config("arrowmill.streaming.noDataBatches", noDataBatches)
            .getOrCreate()) {
      MemoryStream<Row> events = MemoryStream.of(session, SCHEMA);
      DataFrame sessions = sessions(events, delay);
      List<String> given = new ArrayList<>();
      @Nullable StreamingQuery query = null;
      long now = 1_000;
      // Few of large ones, whose partitions are added piece by piece.
      int batches = rowsMax > RecordBatch.ROWS_MAX ? 4 : 12;
      for (int batch = 0; batch < batches; batch++) {
        // A stopped query takes all rows in one batch, also where the stream keeps them in several.
        if (rowsMax > RecordBatch.ROWS_MAX || random.nextInt(3) == 0) {
          stop(query);
          query = null;
        }
        List<Row> rows = new ArrayList<>();
        List<Stretch> stretches = new ArrayList<>();
        int count = random.nextInt(rowsMax) + 1;
        int disorder = 1 + random.nextInt(random.nextInt(4) == 0 ? 4 * secondsABatch : delay + 1);
        for (int i = 0; i < count; i++) {
          add(random, now + random.nextInt(secondsABatch) - random.nextInt(disorder), keys, gapMax)
              .accept(rows, stretches);
        }
        now += random.nextInt(6) == 0 ? 10L * secondsABatch : secondsABatch;
        given.clear();
        events.addData(rows);
        query = query == null ? start(sessions, given) : query;
        query.processAllAvailable();
        List<String> expected = new ArrayList<>(rule.batch(stretches));
        long dropped = rule.dropped;
        long before = rule.watermark;
        rule.watermark = Math.max(before, rule.newest - delay);
        if (noDataBatches && rule.watermark > before) {
          expected.addAll(rule.batch(List.of()));
          dropped = -1;
        }
        String facts = "seed=" + seed + ", batch=" + batch;
        assertThat(given.stream().sorted().toList())
            .as(facts)
            .isEqualTo(expected.stream().sorted().toList());
        StateOperatorProgress state =
            requireNonNull(query.lastProgress()).stateOperators().getFirst();
        assertThat(state.numRowsTotal()).as(facts).isEqualTo(rule.size());
        if (dropped >= 0) {
          assertThat(state.numRowsDroppedByWatermark()).as(facts).isEqualTo(dropped);
          assertThat(state.numRowsRemoved()).as(facts).isEqualTo(expected.size());
        }
      }
      stop(query);
    }
  }

  private static void stop(@Nullable StreamingQuery query) {
    if (query != null) {
      query.stop();
    }
  }

  private static DataFrame sessions(MemoryStream<Row> events, int delay) {
    return events
        .toDF()
        .withWatermark("ts", delay + " seconds")
        .groupBy(
            expr("k"),
            expr(
                "session_window(ts, CASE WHEN gap = 0 THEN '0 seconds' WHEN gap = 1 THEN '1 second'"
                    + " WHEN gap = 2 THEN '3 seconds' WHEN gap = 3 THEN '20 seconds' ELSE '1"
                    + " minute' END) AS w"))
        .agg(expr("count(*) AS n"), expr("sum(v) AS s"), expr("max(concat(k, '-', v)) AS most"))
        .selectExpr("k", "w.start", "w.end", "n", "s", "coalesce(most, '') AS most");
  }

  private StreamingQuery start(DataFrame sessions, List<String> given) {
    return sessions
        .writeStream()
        .outputMode("append")
        .option("checkpointLocation", checkpoint.toString())
        .foreachBatch((output, id) -> output.collect().forEach(row -> given.add(text(row))))
        .start();
  }

  private static String text(Row row) {
    List<String> values = new ArrayList<>();
    for (Object value : row.values()) {
      values.add(value instanceof Instant time ? "" + time.getEpochSecond() : "" + value);
    }
    return String.join(" ", values);
  }

  /** Takes a row, as the query and as the rule reads it. */
  private interface Made {
    void accept(List<Row> rows, List<Stretch> stretches);
  }

  private static Made add(SplittableRandom random, long at, int keys, int gapMax) {
    int gap = random.nextInt(Math.min(5, 1 + gapMax / 3));
    long seconds = List.of(0L, 1L, 3L, 20L, 60L).get(gap);
    int number = random.nextInt(keys);
    // Long texts lie outside the rows of a table.
    String key = number % 3 == 0 ? "a key that is longer than others, " + number : "k" + number;
    Long v = random.nextInt(10) == 0 ? null : Long.valueOf(random.nextInt(100));
    String most = v == null ? "" : key + "-" + v;
    return (rows, stretches) -> {
      rows.add(Row.withSchema(SCHEMA, Arrays.asList(Instant.ofEpochSecond(at), key, gap, v)));
      stretches.add(new Stretch(key, at, at + seconds, 1, v, most));
    };
  }
}
