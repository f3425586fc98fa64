package io.arrowmill.oracle;

import io.arrowmill.Row;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Random queries that keep state, over streams that come out of order, late and twice. Input
 * columns: {@code ts}, the event time; {@code k0}, a key of any type; {@code k1}, a short text; and
 * {@code v}, a number.
 */
final class RandomStatefulQueries {
  private static final List<DataType> KEY_TYPES =
      List.of(
          DataTypes.BOOLEAN,
          DataTypes.INTEGER,
          DataTypes.LONG,
          DataTypes.DOUBLE,
          DataTypes.STRING,
          DataTypes.DATE,
          DataTypes.TIMESTAMP,
          DataTypes.decimal(38, 10),
          DataTypes.array(DataTypes.STRING),
          DataTypes.struct(
              DataTypes.field("x", DataTypes.INTEGER), DataTypes.field("y", DataTypes.STRING)));
  private static final List<String> DELAYS =
      List.of("0 seconds", "90 seconds", "5 minutes", "30 minutes");

  private static final List<String> WINDOWS =
      List.of("'1 minute'", "'5 minutes'", "'10 minutes', '4 minutes'");

  private final SplittableRandom random;
  private final RandomRows rows;
  private final long seed;

  RandomStatefulQueries(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.rows = new RandomRows(random);
  }

  /** The query of this seed. */
  StreamCase next() {
    StructType schema = rows.schema(KEY_TYPES);
    List<List<Row>> batches = batches(schema);
    List<Step> steps = new ArrayList<>();
    List<Integer> streams = new ArrayList<>();
    boolean two = random.nextInt(4) == 0;
    batches.forEach(batch -> streams.add(two ? random.nextInt(2) : 0));
    String mode = source(steps, two);
    if (mode.isEmpty()) {
      mode = query(steps, two);
    }
    String policy = random.nextBoolean() ? "min" : "max";
    // Half of the queries end what a watermark ends among the next batch's rows.
    boolean noDataBatches = random.nextBoolean();
    return new StreamCase(seed, schema, batches, streams, steps, mode, policy, noDataBatches);
  }

  private <T> T pick(List<T> list) {
    return rows.pick(list);
  }

  // ---- input

  private List<List<Row>> batches(StructType schema) {
    List<@Nullable Object> pool = rows.keyPool(schema);
    int count = 2 + random.nextInt(4);
    long start = pick(List.of(-3_600L, 0L, 1_700_000_000L, 1_700_000_000L));
    return rows.batches(
        count,
        start,
        List.of(1, 7, 20, 64),
        second ->
            rows.row(
                schema,
                rows.time(rows.steppedSecond(second, 6, 360), 15),
                pool,
                List.of("a", "b", "c"),
                3),
        () -> random.nextInt(1_800));
  }

  // ---- queries

  private Step watermark() {
    return new Step.Watermark("ts", pick(DELAYS));
  }

  /** Adds the watermark, and the second stream if there is one; returns a mode if that is all. */
  private String source(List<Step> steps, boolean two) {
    if (two) {
      steps.add(watermark());
      steps.add(new Step.UnionOfOther(List.of(watermark())));
    } else if (random.nextInt(5) > 0) {
      steps.add(watermark());
    } else {
      return withoutWatermark(steps);
    }
    return "";
  }

  private String withoutWatermark(List<Step> steps) {
    return switch (random.nextInt(3)) {
      case 0 -> {
        steps.add(new Step.Select(List.of("k0", "k1", "v")));
        steps.add(new Step.DropDuplicates(List.of(), false));
        yield pick(List.of("append", "update"));
      }
      case 1 -> {
        steps.add(new Step.DropDuplicates(pick(List.of(List.of("k0", "v"), List.of("k1"))), false));
        steps.add(new Step.Group(List.of("k1"), List.of("count(*) AS n", "sum(v) AS s")));
        yield pick(List.of("update", "complete"));
      }
      default -> {
        if (random.nextBoolean()) {
          steps.add(new Step.Where("v IS NOT NULL"));
        }
        steps.add(new Step.Limit(1 + random.nextInt(60)));
        yield "append";
      }
    };
  }

  private String query(List<Step> steps, boolean two) {
    if (random.nextInt(4) == 0) {
      steps.add(new Step.Where(pick(List.of("v > 0", "k1 IS NOT NULL", "k0 IS NOT NULL"))));
    }
    // Which of two duplicates comes first is not defined between streams.
    List<String> all = List.of("ts", "k0", "k1", "v");
    return switch (random.nextInt(9)) {
      case 4 -> chained(steps);
      case 5, 6 -> sessions(steps);
      case 7, 8 -> sliding(steps);
      case 0 -> {
        boolean whole = two || random.nextBoolean();
        steps.add(
            new Step.DropDuplicates(
                whole ? all : pick(List.of(List.of("k0", "ts"), List.of("k1", "v"))), false));
        yield pick(List.of("append", "update"));
      }
      case 1 -> {
        boolean whole = two || random.nextBoolean();
        steps.add(
            new Step.DropDuplicates(
                whole ? all : pick(List.of(List.of("k0", "k1"), List.of("k1"))), true));
        yield pick(List.of("append", "update"));
      }
      case 2 -> {
        steps.add(new Step.DropDuplicates(all, random.nextBoolean()));
        steps.add(windowed("ts", "'5 minutes'", List.of("k1")));
        yield "append";
      }
      default -> {
        steps.add(windowed("ts", pick(WINDOWS), List.of("k1")));
        yield pick(List.of("append", "append", "update", "complete"));
      }
    };
  }

  /** Several aggregations in a row, each over the windows of the one before. */
  private String chained(List<Step> steps) {
    steps.add(
        windowed("ts", pick(List.of("'1 minute'", "'2 minutes', '1 minute'")), List.of("k1")));
    switch (random.nextInt(3)) {
      case 0 ->
          steps.add(
              new Step.Group(
                  List.of("window(w, '5 minutes') AS w2"),
                  List.of("sum(n) AS n", "count(*) AS c")));
      case 1 -> {
        steps.add(new Step.Select(List.of("window_time(w) AS t", "k1", "n AS v")));
        steps.add(windowed("t", "'10 minutes'", List.of()));
        if (random.nextBoolean()) {
          steps.add(
              new Step.Group(
                  List.of("window(window_time(w), '20 minutes') AS w3"), List.of("sum(n) AS n")));
        }
      }
      default -> {
        steps.add(new Step.Where("n > 1"));
        steps.add(new Step.Group(List.of("w"), List.of("max(n) AS m", "count(*) AS c")));
      }
    }
    return "append";
  }

  private String sessions(List<Step> steps) {
    String gap =
        pick(
            List.of(
                "'10 seconds'",
                "'30 seconds'",
                "'2 minutes'",
                "CASE WHEN v = 0 THEN '10 seconds' WHEN v = 1 THEN '40 seconds' ELSE '0 seconds'"
                    + " END"));
    List<String> keys = new ArrayList<>(List.of("session_window(ts, " + gap + ") AS w"));
    keys.add(random.nextInt(2), pick(List.of("k0", "k1")));
    steps.add(
        new Step.Group(
            keys, List.of("count(*) AS n", "sum(v) AS s", "max(k1) AS m", "avg(v) AS a")));
    if (random.nextInt(4) == 0) {
      steps.add(new Step.Where("n > 1"));
    }
    String mode = pick(List.of("append", "append", "append", "complete"));
    if (mode.equals("append") && random.nextInt(3) == 0) {
      steps.add(
          new Step.Group(
              List.of("window(window_time(w), '5 minutes') AS w2"),
              List.of("sum(n) AS n", "count(*) AS c")));
    }
    return mode;
  }

  private String sliding(List<Step> steps) {
    String window =
        pick(
            List.of(
                "'10 minutes', '1 minute'",
                "'1 minute', '20 seconds'",
                "'5 minutes', '2 minutes'",
                "'100 seconds', '30 seconds', '10 seconds'",
                "'70 seconds', '60 seconds', '7 seconds'"));
    steps.add(
        new Step.Group(
            rows.keysAround(() -> window),
            pick(
                List.of(
                    List.of("count(*) AS n"),
                    List.of("count(*) AS n", "sum(v) AS s", "max(k1) AS m", "avg(v) AS a"),
                    List.of("min(ts) AS first", "max(k0) AS k", "count(v + 1) AS n")))));
    String mode = pick(List.of("append", "append", "update", "complete"));
    if (mode.equals("append") && random.nextInt(3) == 0) {
      steps.add(
          new Step.Group(
              List.of("window(window_time(w), '5 minutes', '1 minute') AS w2"),
              List.of("sum(n) AS n", "count(*) AS c")));
    }
    return mode;
  }

  private static Step windowed(String time, String window, List<String> more) {
    List<String> keys = new ArrayList<>(List.of("window(" + time + ", " + window + ") AS w"));
    keys.addAll(more);
    return new Step.Group(keys, List.of("count(*) AS n", "sum(v) AS s"));
  }
}
