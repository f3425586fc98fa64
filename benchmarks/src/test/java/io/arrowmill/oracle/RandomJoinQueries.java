package io.arrowmill.oracle;

import io.arrowmill.Row;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Random joins of two streams that come out of order and late. The left side's columns are {@code
 * ts}, {@code k0}, {@code k1} and {@code v}; the right side's are the same with {@code r_} before.
 * Only times may be null: Spark filters rows with a null key before they move the watermark, here
 * they move it.
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
  private final RandomValues values;
  private final long seed;

  RandomJoinQueries(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.values = new RandomValues(random);
  }

  /** The query of this seed. */
  StreamCase next() {
    StructType schema =
        new StructType()
            .add("ts", DataTypes.TIMESTAMP)
            .add("k0", pick(KEY_TYPES))
            .add("k1", DataTypes.STRING)
            .add("v", DataTypes.INTEGER);
    List<List<Row>> batches = batches(schema);
    List<Integer> streams = new ArrayList<>();
    batches.forEach(batch -> streams.add(random.nextInt(2)));
    List<Step> steps = new ArrayList<>();
    String mode = steps(steps);
    return new StreamCase(
        seed, schema, batches, streams, steps, mode, random.nextBoolean() ? "min" : "max");
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private List<List<Row>> batches(StructType schema) {
    List<@Nullable Object> pool = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      pool.add(values.value(schema.field(1).type()));
    }
    List<List<Row>> batches = new ArrayList<>();
    int count = 3 + random.nextInt(5);
    long seconds = 1_700_000_000L;
    for (int batch = 0; batch < count; batch++) {
      List<Row> rows = new ArrayList<>();
      int size = pick(List.of(1, 5, 15, 40));
      for (int i = 0; i < size; i++) {
        rows.add(row(schema, pool, seconds));
      }
      batches.add(rows);
      seconds += random.nextInt(900);
    }
    return batches;
  }

  private Row row(StructType schema, List<@Nullable Object> pool, long seconds) {
    List<@Nullable Object> row = new ArrayList<>();
    boolean late = random.nextInt(8) == 0;
    long at = seconds / 10 * 10 + random.nextInt(30) * 10L - (late ? random.nextInt(200) * 10L : 0);
    row.add(random.nextInt(20) == 0 ? null : Instant.ofEpochSecond(at));
    row.add(pick(pool));
    row.add(pick(List.of("a", "b", "c")));
    row.add(random.nextInt(4));
    return Row.withSchema(schema, row);
  }

  private String steps(List<Step> steps) {
    String type =
        pick(List.of("inner", "inner", "left_outer", "right_outer", "full_outer", "left_semi"));
    boolean plain = type.equals("inner");
    String equality =
        pick(List.of("k1 = r_k1", "k0 = r_k0", "k1 = r_k1 AND v = r_v", "v + 1 = r_v"));
    List<Step> other = new ArrayList<>();
    if (type.equals("full_outer")) {
      // Rows with null keys meet each other in a full outer join of Spark.
      equality = "k1 = r_k1";
      steps.add(new Step.Where("k1 IS NOT NULL"));
      other.add(new Step.Where("k1 IS NOT NULL"));
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
    if (!plain || random.nextInt(3) > 0) {
      condition.append(" AND ").append(pick(RANGES));
    }
    if (random.nextInt(3) == 0) {
      condition
          .append(" AND ")
          .append(pick(List.of("v <= r_v", "v > 0", "r_v > 1", "v IS NOT NULL AND r_v < 3")));
    }
    steps.add(new Step.JoinWithOther(other, condition.toString(), type));
    return above(steps, plain && watermarks, type);
  }

  private String above(List<Step> steps, boolean canAggregate, String type) {
    if (canAggregate && random.nextInt(4) == 0) {
      steps.add(new Step.Select(List.of("ts", "k1", "r_v")));
      steps.add(
          new Step.Group(
              List.of("window(ts, '5 minutes') AS w", "k1"),
              List.of("count(*) AS n", "sum(r_v) AS s")));
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
