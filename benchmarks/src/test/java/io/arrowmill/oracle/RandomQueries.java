package io.arrowmill.oracle;

import io.arrowmill.Row;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Random streaming queries. Input columns: {@code ts}, the event time; {@code k0, k1, k2}, keys of
 * any type, of which few values are taken; {@code words}, text to split; and {@code i, l, f, d,
 * dec}, numbers that add up exactly.
 */
final class RandomQueries {
  private static final List<DataType> KEY_TYPES =
      List.of(
          DataTypes.BOOLEAN,
          DataTypes.BYTE,
          DataTypes.SHORT,
          DataTypes.INTEGER,
          DataTypes.LONG,
          DataTypes.FLOAT,
          DataTypes.DOUBLE,
          DataTypes.STRING,
          DataTypes.BINARY,
          DataTypes.DATE,
          DataTypes.TIMESTAMP,
          DataTypes.TIMESTAMP_NTZ,
          DataTypes.decimal(9, 2),
          DataTypes.decimal(38, 10),
          DataTypes.array(DataTypes.STRING),
          DataTypes.array(DataTypes.DOUBLE),
          DataTypes.struct(
              DataTypes.field("x", DataTypes.INTEGER), DataTypes.field("y", DataTypes.STRING)));
  private static final List<String> AGGREGATES =
      List.of(
          "count(*) AS n",
          "count(i) AS ni",
          "sum(i) AS si",
          "sum(l) AS sl",
          "sum(f) AS sf",
          "sum(d) AS sd",
          "sum(dec) AS sdec",
          "avg(i) AS ai",
          "avg(d) AS ad",
          "avg(dec) AS adec",
          "min(i) AS mini",
          "max(l) AS maxl",
          "min(d) AS mind",
          "max(d) AS maxd",
          "max(f) AS maxf",
          "min(dec) AS mindec",
          "max(ts) AS maxts",
          "min(words) AS minw",
          "max(words) AS maxw",
          "sum(i + 1) AS si1",
          "sum(CASE WHEN i > 0 THEN d ELSE 0.5D END) AS scase",
          "count(CASE WHEN d < 1 THEN 1 END) AS ncase",
          "max(k0) AS maxk0",
          "min(k1) AS mink1",
          "max(k2) AS maxk2",
          "count(k0) AS nk0",
          "min(named_struct('l', l, 'w', words)) AS minst",
          "max(array(d, f)) AS maxar",
          "max(length(words)) + 1 AS len1",
          "sum(i) + count(*) AS both");
  private static final List<String> CONDITIONS =
      List.of(
          "i > 0",
          "i IS NOT NULL AND d <= 1.5",
          "l % 2 = 0 OR words LIKE '%a%'",
          "NOT (d < 0)",
          "k0 IS NOT NULL",
          "k1 IS NULL OR i <> 3",
          "words IN ('a', 'ab', 'a b')",
          "length(words) BETWEEN 1 AND 6",
          "dec >= 0 OR dec IS NULL",
          "coalesce(i, 0) <= l",
          "ts >= TIMESTAMP'1970-01-01 00:00:00'",
          "d <=> CAST(i AS DOUBLE)",
          "false",
          "k0 <=> k0");
  private static final List<String> EXPRESSIONS =
      List.of(
          "i * 2 + 1",
          "l - i",
          "d / 4",
          "upper(words)",
          "concat(words, '-', i)",
          "CAST(ts AS DATE)",
          "CASE WHEN i > 0 THEN 'up' WHEN i < 0 THEN 'down' END",
          "substring(words, 2, 3)",
          "coalesce(dec, 0)",
          "if(d > 0, d, -d)",
          "date_trunc('HOUR', ts)",
          "size(split(words, ' '))",
          "CAST(i AS STRING)",
          "k0",
          "abs(i)",
          "greatest(i, l)",
          "array(i, i + 1)",
          "named_struct('a', i, 'b', words)",
          "hour(ts)");

  private static final List<String> EXPLOSIONS =
      List.of(
          "explode(split(words, ' ')) AS word",
          "explode_outer(split(words, ',')) AS word",
          "explode(array(i, NULL, 7)) AS word",
          "posexplode(array(words, 'x')) AS (at, word)",
          "explode_outer(if(i > 0, sequence(1, 3), CAST(NULL AS ARRAY<INT>))) AS word");

  private final SplittableRandom random;
  private final RandomValues values;
  private final long seed;

  RandomQueries(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.values = new RandomValues(random);
  }

  /** The query of this seed. */
  StreamCase next() {
    StructType schema =
        new StructType()
            .add("ts", DataTypes.TIMESTAMP)
            .add("k0", keyType())
            .add("k1", keyType())
            .add("k2", keyType())
            .add("words", DataTypes.STRING)
            .add("i", DataTypes.INTEGER)
            .add("l", DataTypes.LONG)
            .add("f", DataTypes.FLOAT)
            .add("d", DataTypes.DOUBLE)
            .add("dec", DataTypes.decimal(12, 2));
    List<List<Row>> batches = batches(schema);
    List<Step> steps = new ArrayList<>();
    return switch (random.nextInt(5)) {
      case 0 -> withoutState(schema, batches, steps);
      case 1, 2 -> grouped(schema, batches, steps);
      default -> windowed(schema, batches, steps);
    };
  }

  private DataType keyType() {
    return pick(KEY_TYPES);
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  // ---- input

  private List<List<Row>> batches(StructType schema) {
    List<List<@Nullable Object>> pools = new ArrayList<>();
    for (int key = 0; key < 3; key++) {
      List<@Nullable Object> pool = new ArrayList<>();
      int size = 1 + random.nextInt(4);
      for (int i = 0; i < size; i++) {
        pool.add(values.value(schema.field(key + 1).type()));
      }
      pool.add(null);
      pools.add(pool);
    }
    List<List<Row>> batches = new ArrayList<>();
    int count = 2 + random.nextInt(3);
    long seconds = pick(List.of(-3_600L, -86_400L * 365 * 30, 0L, 1_700_000_000L));
    for (int batch = 0; batch < count; batch++) {
      List<Row> rows = new ArrayList<>();
      int size = pick(List.of(1, 7, 20, 64));
      for (int i = 0; i < size; i++) {
        rows.add(row(schema, pools, seconds));
      }
      batches.add(rows);
      seconds += random.nextInt(900);
    }
    return batches;
  }

  private Row row(StructType schema, List<List<@Nullable Object>> pools, long seconds) {
    List<@Nullable Object> row = new ArrayList<>();
    boolean late = random.nextInt(6) == 0;
    long millis =
        seconds * 1_000 + random.nextInt(300_000) - (late ? random.nextInt(3_600_000) : 0);
    row.add(random.nextInt(12) == 0 ? null : Instant.ofEpochMilli(millis));
    pools.forEach(pool -> row.add(pick(pool)));
    row.add(values.nullable(DataTypes.STRING));
    row.add(orNull(random.nextInt(-9, 10)));
    row.add(orNull((long) random.nextInt(-9, 10)));
    row.add(orNull(random.nextInt(-9, 10) * 0.25f));
    row.add(orNull(random.nextInt(40) == 0 ? Double.NaN : random.nextInt(-9, 10) * 0.25));
    row.add(orNull(BigDecimal.valueOf(random.nextInt(-99_999, 99_999), 2)));
    return Row.withSchema(schema, row);
  }

  private @Nullable Object orNull(Object value) {
    return random.nextInt(8) == 0 ? null : value;
  }

  // ---- queries

  private StreamCase withoutState(StructType schema, List<List<Row>> batches, List<Step> steps) {
    int count = 1 + random.nextInt(4);
    boolean narrowed = false;
    for (int i = 0; i < count && !narrowed; i++) {
      switch (random.nextInt(10)) {
        case 0 -> {
          List<String> columns = new ArrayList<>(List.of("i", "words AS w2"));
          int more = 1 + random.nextInt(4);
          for (int column = 0; column < more; column++) {
            columns.add(pick(EXPRESSIONS) + " AS e" + column);
          }
          steps.add(new Step.Select(columns));
          narrowed = true;
        }
        case 1 -> {
          String explosion = pick(EXPLOSIONS);
          steps.add(new Step.Select(List.of("i", "k0", explosion)));
          steps.add(new Step.Where("word IS NULL OR i > 0"));
          narrowed = true;
        }
        case 7 -> {
          steps.add(
              new Step.UnionOfSelects(
                  List.of("i AS a", "l AS b", "words", "dec AS e", "sequence(1, 2) AS s"),
                  List.of("l", "f", "CAST(i AS STRING)", "i", "array(i)")));
          steps.add(new Step.Rename("a", "first"));
          narrowed = true;
        }
        case 8 -> {
          steps.add(new Step.Alias("q"));
          steps.add(new Step.Select(List.of("q.k2", "q.i AS i", "q.*")));
          narrowed = true;
        }
        case 2 -> steps.add(new Step.Drop(pick(List.of("k2", "f", "nothing"))));
        case 3 -> steps.add(new Step.WithColumn("c" + i, pick(EXPRESSIONS)));
        case 4 -> steps.add(new Step.UnionOfItself(pick(CONDITIONS)));
        case 5 -> steps.add(new Step.Alias("t" + i));
        case 6 -> steps.add(new Step.WithColumn("i", "i + 1"));
        default -> steps.add(new Step.Where(pick(CONDITIONS)));
      }
    }
    return new StreamCase(seed, schema, batches, steps, random.nextBoolean() ? "append" : "update");
  }

  private void prepare(List<Step> steps) {
    int count = random.nextInt(3);
    for (int i = 0; i < count; i++) {
      steps.add(
          switch (random.nextInt(6)) {
            case 0 -> new Step.WithColumn("d", "d + 0.25D");
            case 2 -> new Step.WithColumn("k2", "explode(array(k2, k2))");
            case 3 -> new Step.WithColumn("words", "explode_outer(split(words, ' '))");
            case 1 -> new Step.UnionOfItself(pick(CONDITIONS));
            default -> new Step.Where(pick(CONDITIONS));
          });
    }
  }

  private List<String> keys(int countMax) {
    List<String> keys = new ArrayList<>();
    List<String> candidates = new ArrayList<>(List.of("k0", "k1", "k2", "i % 3 AS i3", "words"));
    int count = random.nextInt(countMax + 1);
    for (int i = 0; i < count; i++) {
      keys.add(candidates.remove(random.nextInt(candidates.size())));
    }
    return keys;
  }

  private List<String> aggregates() {
    List<String> chosen = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    while (chosen.size() < count) {
      String next = pick(AGGREGATES);
      if (!chosen.contains(next)) {
        chosen.add(next);
      }
    }
    return chosen;
  }

  private StreamCase grouped(StructType schema, List<List<Row>> batches, List<Step> steps) {
    prepare(steps);
    List<String> keys = keys(3);
    List<String> aggregates = aggregates();
    if (!aggregates.contains("count(*) AS n")) {
      aggregates.add("count(*) AS n");
    }
    steps.add(new Step.Group(keys, aggregates));
    String mode = random.nextBoolean() ? "update" : "complete";
    if (random.nextInt(3) == 0) {
      steps.add(new Step.Where("n > 1"));
    }
    if (mode.equals("complete") && random.nextBoolean() && !keys.isEmpty()) {
      steps.add(
          new Step.Sort(keys.stream().map(RandomQueries::nameOf).toList(), random.nextBoolean()));
    }
    return new StreamCase(seed, schema, batches, steps, mode);
  }

  private static String nameOf(String key) {
    int as = key.indexOf(" AS ");
    return as < 0 ? key : key.substring(as + 4);
  }

  private StreamCase windowed(StructType schema, List<List<Row>> batches, List<Step> steps) {
    boolean early = random.nextBoolean();
    String delay = pick(List.of("0 seconds", "90 seconds", "5 minutes", "2 hours"));
    Step watermark =
        random.nextInt(5) == 0
            ? new Step.UnionOfWatermarks("ts", delay, pick(CONDITIONS))
            : new Step.Watermark("ts", delay);
    if (early) {
      steps.add(watermark);
    }
    prepare(steps);
    if (!early) {
      steps.add(watermark);
    }
    String window =
        pick(
            List.of(
                "window(ts, '5 minutes')",
                "window(ts, '1 minute')",
                "window(ts, '10 minutes', '5 minutes')",
                "window(ts, '90 seconds', '60 seconds')",
                "window(ts, '10 minutes', '10 minutes', '2 minutes')"));
    List<String> keys = new ArrayList<>(keys(2));
    keys.add(random.nextInt(keys.size() + 1), window + " AS win");
    List<String> aggregates = aggregates();
    if (!aggregates.contains("count(*) AS n")) {
      aggregates.add("count(*) AS n");
    }
    steps.add(new Step.Group(keys, aggregates));
    if (random.nextInt(3) == 0) {
      List<String> columns = new ArrayList<>(List.of("win.start", "win.end AS e", "n", "*"));
      steps.add(new Step.Select(columns));
    }
    String mode = pick(List.of("append", "append", "update", "update", "complete"));
    if (mode.equals("complete") && random.nextBoolean() && steps.getLast() instanceof Step.Group) {
      List<String> order = new ArrayList<>(keys.stream().map(RandomQueries::nameOf).toList());
      steps.add(new Step.Sort(order, random.nextBoolean()));
    }
    return new StreamCase(seed, schema, batches, steps, mode);
  }
}
