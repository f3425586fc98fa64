package io.arrowmill.oracle;

import io.arrowmill.Row;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Random queries that go by the time of their batches: state functions with timeouts, processors
 * with timers and times to live, and expressions of the current time. Their clock often stops
 * exactly where something ends, or a millisecond beside; sometimes it is set back. Input columns:
 * {@code ts}, the event time; {@code k1}, the key; {@code v}, a number.
 */
final class RandomTimedQueries {
  private static final StructType SCHEMA =
      new StructType()
          .add("ts", DataTypes.TIMESTAMP)
          .add("k1", DataTypes.STRING)
          .add("v", DataTypes.INTEGER);

  private static final List<Long> STARTS = List.of(20_000L, 1_700_000_000_000L, 1_709_251_199_000L);

  private final SplittableRandom random;
  private final long seed;

  /** Spans of time after which something may end, in milliseconds. */
  private final List<Long> spans = new ArrayList<>();

  RandomTimedQueries(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** The case of this seed. */
  TimedCase next() {
    List<Step> steps = new ArrayList<>();
    String mode =
        switch (random.nextInt(5)) {
          case 0, 1 -> function(steps);
          case 2, 3 -> processor(steps);
          default -> expressions(steps);
        };
    List<Long> times = times();
    StreamCase query = new StreamCase(seed, SCHEMA, batches(times), steps, mode);
    boolean isOneBatch =
        steps.stream()
            .noneMatch(step ->
                step instanceof Step.Watermark
                    || (step instanceof Step.CallProcessor call
                        && call.rule().rearms()
                        && call.rule().timerSeconds() > 0));
    return new TimedCase(
        random.nextInt(4) == 0 ? query.withoutNoDataBatches() : query, times, isOneBatch);
  }

  // ---- queries

  private Step watermark() {
    return new Step.Watermark("ts", pick(List.of("0 seconds", "5 seconds", "1 minute")));
  }

  private String function(List<Step> steps) {
    int timeout = pick(List.of(1, 2, 5, 60));
    spans.add(1_000L * timeout);
    boolean isMap = random.nextInt(3) == 0;
    StateRule rule =
        new StateRule(
            isMap,
            isMap ? "update" : pick(List.of("append", "update")),
            timeout,
            true,
            2 + random.nextInt(20),
            2 + random.nextInt(6),
            random.nextBoolean(),
            pick(List.of(StateRule.AtTimeout.values())),
            pick(List.of(List.of(), List.of(), List.of("a", "unseen"))));
    if (random.nextInt(3) == 0) {
      steps.add(watermark());
    }
    if (random.nextInt(3) == 0) {
      steps.add(new Step.WithColumn("v", "v + CAST(unix_millis(current_timestamp()) % 7 AS INT)"));
    }
    steps.add(new Step.CallStateFunction(rule));
    if (random.nextInt(4) == 0) {
      steps.add(
          new Step.Select(List.of("note", "rows + sum AS n", "key", "current_timestamp() AS at")));
    }
    return rule.mode();
  }

  private String processor(List<Step> steps) {
    ProcessorRule.Lives lives = new ProcessorRule.Lives(life(), life(), life());
    int timer = pick(List.of(0, 1, 2, 5, 60));
    spans.addAll(
        LongStream.of(1_000L * timer, lives.countMillis(), lives.listMillis(), lives.mapMillis())
            .filter(span -> span > 0)
            .boxed()
            .toList());
    ProcessorRule rule =
        new ProcessorRule(
            timer, 2 + random.nextInt(6), 2 + random.nextInt(6), random.nextBoolean(), lives);
    if (random.nextInt(4) == 0) {
      steps.add(watermark());
    }
    steps.add(new Step.Where("k1 IS NOT NULL")); // Spark fails on a null key
    steps.add(new Step.CallProcessor(rule));
    return "append";
  }

  private long life() {
    return pick(List.of(0L, 1L, 700L, 1_000L, 1_500L, 5_000L, 60_000L));
  }

  private String expressions(List<Step> steps) {
    if (random.nextBoolean()) {
      steps.add(
          new Step.Where(
              pick(
                  List.of(
                      "ts > current_timestamp() - INTERVAL '5' SECOND",
                      "ts IS NULL OR ts <= current_timestamp()",
                      "unix_millis(current_timestamp()) % 3 < 2 OR v = 1"))));
    }
    steps.add(new Step.WithColumn("at", "current_timestamp()"));
    return switch (random.nextInt(5)) {
      case 0 -> {
        steps.add(
            new Step.Select(
                List.of(
                    "k1",
                    "at",
                    "current_timestamp() AS n",
                    "current_date() AS d",
                    "localtimestamp() AS l",
                    "unix_timestamp() AS u",
                    "date_format(current_timestamp(), 'yyyy-MM-dd HH:mm:ss.SSS') AS f")));
        yield pick(List.of("append", "update"));
      }
      case 1 -> {
        steps.add(
            new Step.Group(
                List.of("k1"), List.of("count(*) AS n", "min(at) AS first", "max(at) AS last")));
        yield pick(List.of("update", "complete"));
      }
      case 2 -> {
        spans.add(10_000L);
        steps.add(new Step.Watermark("at", pick(List.of("0 seconds", "10 seconds"))));
        steps.add(new Step.Group(List.of("window(at, '10 seconds') AS w"), List.of("sum(v) AS s")));
        yield pick(List.of("append", "update", "complete"));
      }
      case 3 -> {
        spans.add(2_000L);
        steps.add(new Step.Watermark("at", pick(List.of("0 seconds", "10 seconds"))));
        steps.add(
            new Step.Group(
                List.of("k1", "session_window(at, '2 seconds') AS w"), List.of("count(*) AS n")));
        yield pick(List.of("append", "complete"));
      }
      default -> {
        spans.add(5_000L);
        steps.add(new Step.Watermark("at", pick(List.of("0 seconds", "5 seconds"))));
        steps.add(new Step.DropDuplicates(List.of("k1", "v"), true));
        yield pick(List.of("append", "update"));
      }
    };
  }

  // ---- input

  private List<Long> times() {
    List<Long> times = new ArrayList<>(List.of(pick(STARTS)));
    int count = 3 + random.nextInt(4);
    while (times.size() < count) {
      times.add(after(times));
    }
    return times;
  }

  /** Where something of an earlier batch ends, or beside; else any time. */
  private long after(List<Long> times) {
    long last = times.getLast();
    if (!spans.isEmpty() && random.nextInt(3) > 0) {
      long from = random.nextBoolean() ? last : pick(times);
      long at = from + pick(spans) + pick(List.of(-1L, 0L, 0L, 1L));
      if (at > last) {
        return at;
      }
    }
    return random.nextInt(10) == 0
        ? last - 1_500
        : last + pick(List.of(1L, 10L, 999L, 1_000L, 1_001L, 3_000L, 61_000L, 7_200_000L));
  }

  private List<List<Row>> batches(List<Long> times) {
    List<List<Row>> batches = new ArrayList<>();
    for (long time : times) {
      List<Row> rows = new ArrayList<>();
      int size = pick(List.of(0, 0, 0, 1, 3, 8, 20));
      for (int i = 0; i < Math.max(size, batches.isEmpty() ? 1 : 0); i++) {
        rows.add(row(time));
      }
      batches.add(rows);
    }
    return batches;
  }

  private Row row(long time) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(random.nextInt(15) == 0 ? null : Instant.ofEpochMilli(time - random.nextInt(20_000)));
    row.add(random.nextInt(10) == 0 ? null : pick(List.of("a", "b", "c", "d", "")));
    row.add(random.nextInt(8) == 0 ? null : random.nextInt(5));
    return Row.withSchema(SCHEMA, row);
  }
}
