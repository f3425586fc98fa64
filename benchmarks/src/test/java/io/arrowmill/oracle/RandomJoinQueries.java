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
 * Random joins of two streams that come out of order and late. The left side's columns are {@code
 * ts}, {@code k0}, {@code k1} and {@code v}; the right side's are the same with {@code r_} before.
 *
 * <p>Some things that Spark does are left out:
 *
 * <ul>
 *   <li>Rows with null keys meet each other in its full outer joins, and in all joins by keys that
 *       are floating-point numbers.
 *   <li>A condition such as {@code v > 0} that reads only the side whose unmatched rows are given
 *       is taken for a bound of that side's event time: those rows stay in its state for ever and
 *       are never given.
 *   <li>A filter below one side's watermark is inferred for the other side in those batches only in
 *       which the first has rows.
 *   <li>Where nothing of a table is left to join with, the stream is not read, and its watermark
 *       stays.
 *   <li>A left semi-join above an aggregation fails: its state is not always written.
 * </ul>
 */
final class RandomJoinQueries {
  private static final List<DataType> KEY_TYPES =
      List.of(
          DataTypes.INTEGER,
          DataTypes.LONG,
          DataTypes.DOUBLE,
          DataTypes.STRING,
          DataTypes.DATE,
          DataTypes.decimal(38, 10),
          DataTypes.array(DataTypes.STRING));
  private static final List<String> RANGES =
      List.of(
          "r_ts BETWEEN ts AND ts + INTERVAL 5 MINUTES",
          "r_ts >= ts - INTERVAL 2 MINUTES AND r_ts < ts + INTERVAL 90 SECONDS",
          "ts > r_ts - INTERVAL 10 MINUTES AND ts <= r_ts + INTERVAL 1 HOUR",
          "r_ts = ts");

  private final SplittableRandom random;
  private final RandomRows rows;
  private final long seed;
  private final List<Object> keys = new ArrayList<>();

  RandomJoinQueries(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.rows = new RandomRows(random);
  }

  /** The query of this seed. */
  StreamCase next() {
    StructType schema = rows.schema(KEY_TYPES);
    List<List<Row>> batches = batches(schema);
    List<Integer> streams = new ArrayList<>();
    batches.forEach(batch -> streams.add(random.nextInt(2)));
    List<Step> steps = new ArrayList<>();
    String mode =
        switch (random.nextInt(6)) {
          case 0 -> withTable(steps, schema.field(1).type());
          case 1 -> ofWindows(steps);
          case 2 -> ofThree(steps);
          default -> ofTwo(steps);
        };
    return new StreamCase(
        seed, schema, batches, streams, steps, mode, random.nextBoolean() ? "min" : "max", true);
  }

  private <T> T pick(List<T> list) {
    return rows.pick(list);
  }

  private List<List<Row>> batches(StructType schema) {
    keys.addAll(rows.keys(schema, 3));
    List<@Nullable Object> pool = new ArrayList<>(keys);
    if (!schema.field(1).type().isFloating()) {
      pool.add(null);
    }
    return rows.batches(
        3 + random.nextInt(5),
        1_700_000_000L,
        List.of(1, 5, 15, 40),
        second ->
            rows.row(
                schema,
                rows.time(rows.steppedSecond(second, 8, 200), 20),
                pool,
                List.of("a", "b", "c"),
                4),
        () -> random.nextInt(900));
  }

  /** A stream and a table. */
  private String withTable(List<Step> steps, DataType keyType) {
    boolean tableFirst = random.nextInt(3) == 0;
    String type =
        tableFirst
            ? pick(List.of("inner", "right_outer"))
            : pick(List.of("inner", "inner", "left_outer", "left_semi", "left_anti"));
    StructType schema =
        new StructType()
            .add("t_k0", keyType)
            .add("t_k1", DataTypes.STRING)
            .add("t_v", DataTypes.INTEGER);
    List<Row> table = new ArrayList<>();
    table.add(Row.withSchema(schema, List.of(keys.getFirst(), "a", 1)));
    int count = random.nextInt(12);
    for (int i = 0; i < count; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(random.nextInt(5) == 0 ? null : pick(keys));
      row.add(random.nextInt(8) == 0 ? null : pick(List.of("a", "b", "z")));
      row.add(random.nextInt(8) == 0 ? null : random.nextInt(4));
      table.add(Row.withSchema(schema, row));
    }
    if (random.nextInt(4) > 0) {
      steps.add(new Step.Watermark("ts", pick(List.of("0 seconds", "90 seconds"))));
    }
    String condition =
        pick(
            List.of(
                "k1 = t_k1",
                "k0 = t_k0",
                "k1 = t_k1 AND v = t_v",
                "v + 1 = t_v",
                "v = t_v AND t_v < 3",
                "k1 = t_k1 AND v < t_v"));
    steps.add(new Step.JoinWithTable(schema, table, condition, type, tableFirst));
    if (!type.equals("left_semi") && !type.equals("left_anti") && random.nextInt(3) == 0) {
      steps.add(new Step.Where(pick(List.of("t_v > 0", "v < 3 OR t_v = 1", "t_k1 <=> k1"))));
    }
    if (steps.getFirst() instanceof Step.Watermark && random.nextBoolean()) {
      steps.add(
          new Step.Group(
              List.of("window(ts, '5 minutes') AS w", "k1"),
              List.of("count(*) AS n", "sum(v) AS s")));
    }
    return pick(List.of("append", "update"));
  }

  /** Both sides are grouped by windows, and joined by these. */
  private String ofWindows(List<Step> steps) {
    boolean grouped = random.nextBoolean();
    String type =
        pick(
            List.of(
                "inner", "inner", "left_outer", "right_outer", grouped ? "inner" : "left_semi"));
    List<Step> other = new ArrayList<>();
    steps.add(new Step.Watermark("ts", pick(List.of("0 seconds", "90 seconds"))));
    other.add(new Step.Select(List.of("ts AS r_ts", "k1 AS r_k1", "v AS r_v")));
    other.add(new Step.Watermark("r_ts", pick(List.of("0 seconds", "2 minutes"))));
    if (grouped) {
      steps.add(
          new Step.Group(List.of("window(ts, '5 minutes') AS w", "k1"), List.of("count(*) AS n")));
      other.add(
          new Step.Group(
              List.of("window(r_ts, '5 minutes') AS r_w", "r_k1"), List.of("sum(r_v) AS r_s")));
    } else {
      steps.add(new Step.Select(List.of("window(ts, '1 minute') AS w", "k1", "v")));
      other.add(new Step.Select(List.of("window(r_ts, '1 minute') AS r_w", "r_k1", "r_v")));
    }
    steps.add(new Step.JoinWithOther(other, "k1 = r_k1 AND w = r_w", type));
    return "append";
  }

  /** A join whose rows are joined again. */
  private String ofThree(List<Step> steps) {
    String second = pick(List.of("inner", "inner", "left_outer"));
    steps.add(new Step.Watermark("ts", pick(List.of("0 seconds", "90 seconds"))));
    steps.add(
        new Step.JoinWithOther(
            List.of(
                new Step.Select(List.of("ts AS r_ts", "k1 AS r_k1", "v AS r_v")),
                new Step.Watermark("r_ts", pick(List.of("0 seconds", "2 minutes")))),
            "k1 = r_k1 AND r_ts BETWEEN ts AND ts + INTERVAL 5 MINUTES",
            pick(List.of("inner", "left_outer"))));
    steps.add(new Step.Select(List.of("ts", "k1", "v", "r_v")));
    steps.add(
        new Step.JoinWithOther(
            List.of(
                new Step.Where(pick(List.of("k0 IS NOT NULL", "k1 <> 'b'"))),
                new Step.Select(List.of("ts AS q_ts", "k1 AS q_k1", "v AS q_v")),
                new Step.Watermark("q_ts", pick(List.of("0 seconds", "90 seconds")))),
            "v = q_v AND q_ts >= ts - INTERVAL 2 MINUTES AND q_ts < ts + INTERVAL 3 MINUTES",
            second));
    return "append";
  }

  private String ofTwo(List<Step> steps) {
    String type =
        pick(List.of("inner", "inner", "left_outer", "right_outer", "full_outer", "left_semi"));
    boolean plain = type.equals("inner");
    String equality =
        pick(List.of("k1 = r_k1", "k0 = r_k0", "k1 = r_k1 AND v = r_v", "v + 1 = r_v"));
    String range = !plain || random.nextInt(3) > 0 ? pick(RANGES) : "";
    List<Step> other = new ArrayList<>();
    if (type.equals("full_outer")) {
      equality = "k1 = r_k1";
      steps.add(new Step.Where("k1 IS NOT NULL"));
      other.add(new Step.Where("k1 IS NOT NULL"));
      if (range.equals("r_ts = ts")) {
        steps.add(new Step.Where("ts IS NOT NULL"));
        other.add(new Step.Where("ts IS NOT NULL"));
      }
    }
    String delay = pick(List.of("0 seconds", "90 seconds", "5 minutes"));
    boolean watermarks = !plain || random.nextInt(3) > 0;
    if (watermarks) {
      steps.add(new Step.Watermark("ts", delay));
    }
    other.add(new Step.Select(List.of("ts AS r_ts", "k0 AS r_k0", "k1 AS r_k1", "v AS r_v")));
    if (watermarks) {
      other.add(new Step.Watermark("r_ts", pick(List.of("0 seconds", "2 minutes", "10 minutes"))));
    }
    StringBuilder condition = new StringBuilder(equality);
    if (!range.isEmpty()) {
      condition.append(" AND ").append(range);
    }
    if (random.nextInt(3) == 0) {
      condition.append(" AND ").append(pick(more(type)));
    }
    steps.add(new Step.JoinWithOther(other, condition.toString(), type));
    return above(steps, watermarks, type);
  }

  /** Further conditions; see the class for those left out. */
  private static List<String> more(String type) {
    List<String> more =
        new ArrayList<>(
            List.of("v <= r_v", "v IS NOT NULL AND r_v < 3", "v < 2", "r_v % 2 = 0", "v <> r_v"));
    boolean leftGiven = type.equals("left_outer") || type.equals("full_outer");
    boolean rightGiven = type.equals("right_outer") || type.equals("full_outer");
    if (!leftGiven) {
      more.add("v > 0");
    }
    if (!rightGiven) {
      more.add("r_v > 1");
    }
    return more;
  }

  private String above(List<Step> steps, boolean hasWatermark, String type) {
    if (random.nextInt(4) == 0 && !type.equals("left_semi")) {
      steps.add(new Step.Where(pick(List.of("r_v > 0", "v < 3", "v IS NULL OR r_k1 = 'a'"))));
    }
    if (hasWatermark && random.nextInt(3) == 0) {
      steps.add(new Step.Select(List.of("ts", "k1", type.equals("left_semi") ? "v" : "r_v AS v")));
      steps.add(
          switch (random.nextInt(4)) {
            case 0 ->
                new Step.Group(
                    List.of("session_window(ts, '30 seconds') AS w", "k1"),
                    List.of("count(*) AS n", "sum(v) AS s"));
            case 1 -> new Step.DropDuplicates(List.of(), random.nextBoolean());
            default ->
                new Step.Group(
                    List.of("window(ts, '5 minutes') AS w", "k1"),
                    List.of("count(*) AS n", "sum(v) AS s"));
          });
      return "append";
    }
    if (type.equals("left_semi")) {
      return pick(List.of("append", "update"));
    }
    if (random.nextInt(3) == 0) {
      steps.add(new Step.Select(List.of("k1", "r_v", "v", "r_ts")));
    }
    return type.equals("inner") ? pick(List.of("append", "update")) : "append";
  }
}
