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
 * Random aggregations over windows that overlap, in every output mode, with and without a
 * watermark. Times come out of order, before 1970, late by little and by much; from batch to batch
 * they stay, go on, or jump over many windows.
 */
final class RandomSlidingQueries {
  private static final List<String> WINDOWS =
      List.of(
          "'10 minutes', '1 minute'",
          "'1 minute', '20 seconds'",
          "'5 minutes', '2 minutes'",
          "'100 seconds', '30 seconds', '10 seconds'",
          "'70 seconds', '60 seconds', '7 seconds'",
          "'3 seconds', '2 seconds', '1 second'",
          "'40 seconds', '30 seconds'",
          "'1 hour', '10 minutes', '3 minutes'");

  private static final List<DataType> KEY_TYPES =
      List.of(
          DataTypes.INTEGER,
          DataTypes.LONG,
          DataTypes.DOUBLE,
          DataTypes.STRING,
          DataTypes.decimal(38, 10),
          DataTypes.array(DataTypes.STRING));

  private static final List<String> TEXTS =
      List.of(
          "a", "b", "", "a text that is not kept in its row", "another one that is not, either");

  private final SplittableRandom random;
  private final RandomRows rows;
  private final long seed;

  RandomSlidingQueries(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.rows = new RandomRows(random);
  }

  /** The query of this seed. */
  StreamCase next() {
    StructType schema = rows.schema(KEY_TYPES);
    List<List<Row>> batches = batches(schema);
    List<Step> steps = new ArrayList<>();
    boolean watermark = random.nextInt(4) > 0;
    if (watermark) {
      String delay = pick(List.of("0 seconds", "20 seconds", "5 minutes", "2 hours"));
      steps.add(new Step.Watermark("ts", delay));
    }
    steps.add(
        new Step.Group(
            rows.keysAround(() -> pick(WINDOWS)),
            pick(
                List.of(
                    List.of("count(*) AS n"),
                    List.of("count(v) AS n", "sum(v) AS s", "max(k1) AS m", "avg(v) AS a"),
                    List.of("sum(CAST(v AS DECIMAL(10, 2))) AS s", "min(k1) AS m"),
                    List.of("min(ts) AS first", "max(ts) AS last", "max(k0) AS k")))));
    String mode =
        pick(watermark ? List.of("append", "update", "complete") : List.of("update", "complete"));
    if (mode.equals("append") && random.nextInt(4) == 0) {
      steps.add(
          new Step.Group(
              List.of("window(window_time(w), '5 minutes', '1 minute') AS w2"),
              List.of("count(*) AS c")));
    }
    return new StreamCase(seed, schema, batches, steps, mode);
  }

  private <T> T pick(List<T> list) {
    return rows.pick(list);
  }

  private List<List<Row>> batches(StructType schema) {
    List<@Nullable Object> pool = rows.keyPool(schema);
    int count = 3 + random.nextInt(5);
    long start = pick(List.of(-7_200L, -60L, 0L, 1_700_000_000L));
    int spread = pick(List.of(20, 120, 900));
    return rows.batches(
        count,
        start,
        List.of(1, 5, 20, 60),
        second -> rows.row(schema, rows.time(second(second, spread), 20), pool, TEXTS, 5),
        () -> pick(List.of(0, 10, 60, 300, 1_800, 7_200, 200_000)));
  }

  private long second(long start, int spread) {
    long back =
        switch (random.nextInt(8)) {
          case 0 -> random.nextInt(3_600);
          case 1 -> random.nextInt(100);
          default -> 0;
        };
    return start + random.nextInt(spread) - back;
  }
}
