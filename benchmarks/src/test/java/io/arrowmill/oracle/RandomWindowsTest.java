package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.types.StructType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random functions over random windows give on Spark what they give here. What depends on the order
 * of rows is asked of windows that leave no two rows equal; numbers are such that the order of
 * adding them does not matter.
 */
final class RandomWindowsTest {
  private static final StructType SCHEMA =
      StructType.fromDDL(
          "id INT NOT NULL, k STRING, n BIGINT, v INT, s SMALLINT, d DOUBLE, f FLOAT,"
              + " m DECIMAL(8,2), dt DATE, ts TIMESTAMP, b BOOLEAN, a ARRAY<INT>");

  private static final List<String> PARTITIONS =
      List.of("", "", "k", "n", "k, n", "d", "m, b", "dt", "v % 3", "a", "b", "ts");

  private static final List<String> SORT_KEYS =
      List.of("v", "s", "d", "f", "m", "dt", "ts", "k", "n", "b", "a", "v % 4", "-d");

  private static final List<String> DISTANCES_OF_DAYS = List.of("1", "3", "INTERVAL 2 DAY");

  private static final List<String> AGGREGATES =
      List.of(
          "count(*)",
          "count(v)",
          "count(a)",
          "sum(v)",
          "sum(n)",
          "sum(d) + 0.0D",
          "sum(m)",
          "sum(f) + 0.0D",
          "avg(v)",
          "avg(m)",
          "min(v)",
          "max(v)",
          "min(k)",
          "max(k)",
          "min(d) + 0.0D",
          "max(d) + 0.0D",
          "max(m)",
          "min(ts)",
          "max(dt)",
          "max(a)",
          "bool_or(b)",
          "min(b)",
          "count_if(v > 2)",
          "sum(v) FILTER (WHERE b)",
          "count(*) FILTER (WHERE v > 1)",
          "max(s)");

  private static final List<String> ROUNDED =
      List.of("stddev(v)", "variance(s)", "stddev(n)", "avg(n)");

  private static final List<String> RANKS =
      List.of("rank()", "dense_rank()", "percent_rank()", "cume_dist()");

  private static final List<String> ORDERED =
      List.of(
          "row_number()",
          "ntile(3)",
          "ntile(50)",
          "lag(v)",
          "lead(k, 2)",
          "lag(d, 1, 7.5D)",
          "lead(v, 3, id)",
          "lag(k) IGNORE NULLS",
          "lead(v, 2) IGNORE NULLS",
          "lag(m, 3, 0) IGNORE NULLS",
          "lag(a, 2)",
          "lead(b, -1)");

  private static final List<String> PICKS =
      List.of(
          "first(v)",
          "last(k)",
          "first(d, true)",
          "last(m) IGNORE NULLS",
          "any_value(ts)",
          "nth_value(v, 2)",
          "nth_value(k, 3) IGNORE NULLS",
          "first(a, true)",
          "last(v) FILTER (WHERE b)",
          "last(a)");

  private static final double[] DOUBLES = {0.0, -0.0, 0.5, 1.5, -2.25, Double.NaN, 3, 1e6};

  private static Engine arrowmill;

  private final RandomText text = new RandomText();

  @BeforeAll
  static void start() {
    arrowmill = new ArrowmillEngine("auto");
  }

  @AfterAll
  static void stop() {
    arrowmill.close();
  }

  static LongStream seeds() {
    return LongStream.of(Engines.seeds(60));
  }

  @ParameterizedTest(name = "-Darrowmill.seed={0}")
  @MethodSource("seeds")
  void giveWhatTheyGiveOnSpark(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    text.random = random;
    List<Row> rows = rows(random);
    List<String> expressions = new ArrayList<>(List.of("id"));
    for (int i = 0; i < 1 + random.nextInt(5); i++) {
      expressions.add(text.next() + " AS c" + i);
    }
    TableOutcome expected = Engines.spark().select(SCHEMA, rows, expressions);
    TableOutcome actual = arrowmill.select(SCHEMA, rows, expressions);
    String reproduce = "reproduce with -Darrowmill.seed=" + seed + "\n" + expressions;
    assertThat(actual.error()).as(reproduce + actual.message()).isEqualTo(expected.error());
    assertThat(lines(actual)).as(reproduce).isEqualTo(lines(expected));
    assertThat(actual.error() == null || actual.error().contains("OVERFLOW"))
        .as(reproduce)
        .isTrue();
  }

  private static List<String> lines(TableOutcome outcome) {
    return outcome.rows().stream().map(row -> String.join(" | ", row)).sorted().toList();
  }

  private static List<Row> rows(SplittableRandom random) {
    int[] sizes = {0, 1, 5, 20, 64, 130, 300, 5000};
    int count = sizes[random.nextInt(sizes.length)];
    int keys = 1 + random.nextInt(6);
    int spread = 1 + random.nextInt(12);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(i);
      row.add(nullable(random, "k" + random.nextInt(keys)));
      row.add(nullable(random, (long) random.nextInt(keys)));
      row.add(nullable(random, random.nextInt(spread)));
      row.add(nullable(random, (short) random.nextInt(spread)));
      row.add(nullable(random, DOUBLES[random.nextInt(DOUBLES.length)]));
      row.add(nullable(random, (float) DOUBLES[random.nextInt(DOUBLES.length)]));
      row.add(nullable(random, BigDecimal.valueOf(random.nextInt(50 * spread), 2)));
      row.add(nullable(random, LocalDate.of(2024, 2, 20).plusDays(random.nextInt(spread))));
      row.add(nullable(random, Instant.ofEpochSecond(1_709_000_000L + 900L * random.nextInt(50))));
      row.add(nullable(random, random.nextBoolean()));
      row.add(nullable(random, List.of(random.nextInt(3), random.nextInt(2))));
      rows.add(Row.withSchema(SCHEMA, row));
    }
    return rows;
  }

  private static @Nullable Object nullable(SplittableRandom random, Object value) {
    return random.nextInt(7) == 0 ? null : value;
  }

  /** SQL of functions over windows. */
  private static final class RandomText {
    private SplittableRandom random = new SplittableRandom();

    private String pick(List<String> list) {
      return list.get(random.nextInt(list.size()));
    }

    String next() {
      return switch (random.nextInt(6)) {
        case 0 -> over(pick(RANKS), order(pick(SORT_KEYS)), "");
        case 1 -> over(pick(ORDERED), order(pick(SORT_KEYS)) + ", " + order("id"), "");
        case 2 -> over(pick(PICKS), order(pick(SORT_KEYS)) + ", " + order("id"), plainFrame());
        case 3 -> aggregate(order(pick(SORT_KEYS)) + ", " + order("id"), plainFrame());
        case 4 -> aggregate("", random.nextBoolean() ? "" : WHOLE);
        default -> byValues();
      };
    }

    private static final String WHOLE = "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING";

    private String aggregate(String order, String frame) {
      return random.nextInt(5) == 0
          ? "round(" + over(pick(ROUNDED), order, frame) + ", 6)"
          : sum(pick(AGGREGATES), order, frame);
    }

    /** What is added to a call goes behind its window. */
    private String sum(String call, String order, String frame) {
      int plus = call.indexOf(" + ");
      return plus < 0
          ? over(call, order, frame)
          : over(call.substring(0, plus), order, frame) + call.substring(plus);
    }

    private String order(String key) {
      return key + pick(List.of("", " ASC", " DESC", " NULLS LAST", " DESC NULLS FIRST"));
    }

    private String over(String call, String order, String frame) {
      String partition = pick(PARTITIONS);
      return call
          + " OVER ("
          + (partition.isEmpty() ? "" : "PARTITION BY " + partition + " ")
          + (order.isEmpty() ? "" : "ORDER BY " + order + " ")
          + frame
          + ")";
    }

    private String plainFrame() {
      return switch (random.nextInt(6)) {
        case 0 -> "";
        case 1 -> "RANGE BETWEEN " + edges();
        case 2 -> "ROWS BETWEEN " + edges();
        default -> {
          int low = random.nextInt(-6, 7);
          int high = low + random.nextInt(8);
          String lower = random.nextInt(5) == 0 ? "UNBOUNDED PRECEDING" : rows(low);
          String upper = random.nextInt(5) == 0 ? "UNBOUNDED FOLLOWING" : rows(high);
          yield "ROWS BETWEEN " + lower + " AND " + upper;
        }
      };
    }

    private String edges() {
      return pick(
          List.of(
              "UNBOUNDED PRECEDING AND CURRENT ROW",
              "CURRENT ROW AND UNBOUNDED FOLLOWING",
              "CURRENT ROW AND CURRENT ROW",
              "UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"));
    }

    private static String rows(int away) {
      return away == 0 ? "CURRENT ROW" : bound(String.valueOf(Math.abs(away)), away < 0);
    }

    private static String bound(String distance, boolean preceding) {
      return distance + (preceding ? " PRECEDING" : " FOLLOWING");
    }

    /** Frames of values around the current one; rows of one value are taken together. */
    private String byValues() {
      String key = pick(List.of("v", "s", "n", "d", "f", "m", "dt", "ts", "v % 4", "k", "b"));
      String distance =
          switch (key) {
            case "dt" -> pick(DISTANCES_OF_DAYS);
            case "ts" -> pick(List.of("INTERVAL 1 HOUR", "INTERVAL 4 HOUR"));
            case "d", "f" -> pick(List.of("1", "0.5D", "2.25D"));
            case "m" -> pick(List.of("1", "0.5", "2.25"));
            default -> pick(List.of("0", "1", "3"));
          };
      String frame =
          key.equals("k") || key.equals("b") || random.nextInt(5) == 0
              ? "RANGE BETWEEN " + edges()
              : switch (random.nextInt(4)) {
                case 0 -> between(bound(distance, true), bound(distance, false));
                case 1 -> between(bound(distance, true), "CURRENT ROW");
                case 2 -> between("UNBOUNDED PRECEDING", bound(distance, random.nextBoolean()));
                default -> between(bound(distance, random.nextBoolean()), "UNBOUNDED FOLLOWING");
              };
      return aggregate(order(key), frame);
    }

    private static String between(String lower, String upper) {
      return "RANGE BETWEEN " + lower + " AND " + upper;
    }
  }
}
