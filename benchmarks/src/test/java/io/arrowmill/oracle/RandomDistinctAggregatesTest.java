package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.types.DataType;
import io.arrowmill.types.DataTypes;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Aggregates of distinct values, which Spark does not have on streams: after every batch the groups
 * are those that Spark makes of a table of all rows so far, also with a restart after each.
 */
final class RandomDistinctAggregatesTest {
  private static final List<DataType> TYPES =
      List.of(
          DataTypes.INTEGER,
          DataTypes.LONG,
          DataTypes.DOUBLE,
          DataTypes.STRING,
          DataTypes.BOOLEAN,
          DataTypes.DATE,
          DataTypes.decimal(20, 3));

  private static final List<String> AGGREGATES =
      List.of(
          "count(DISTINCT x) AS dx",
          "count(DISTINCT v) AS dv",
          "count(DISTINCT x, v) AS dxv",
          "sum(DISTINCT v) AS sdv",
          "avg(DISTINCT v) AS adv",
          "count(DISTINCT k) AS dk");

  private static final List<String> PLAIN =
      List.of("count(*) AS n", "sum(v) AS s", "max(x) AS mx", "count(x) AS cx", "min(ts) AS t");

  private static final String WINDOW = "window(ts, '5 minutes') AS w";

  private static Engine arrowmill;

  @BeforeAll
  static void start() {
    arrowmill = new ArrowmillEngine("auto");
  }

  @AfterAll
  static void stop() {
    arrowmill.close();
  }

  static LongStream seeds() {
    return LongStream.of(Engines.seeds(40));
  }

  @ParameterizedTest(name = "-Darrowmill.seed={0}")
  @MethodSource("seeds")
  void areThoseOfAllRowsSoFar(long seed) {
    StreamCase testCase = testCase(seed);
    String reproduce = "reproduce with -Darrowmill.seed=" + seed + "\n" + testCase;
    List<List<String>> expected = expected(testCase);
    assertThat(rows(arrowmill.run(testCase))).as(reproduce).isEqualTo(expected);
    assertThat(rows(arrowmill.runWithRestarts(testCase)))
        .as("with restarts; " + reproduce)
        .isEqualTo(expected);
  }

  private static <T> T pick(SplittableRandom random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** Times go forward from batch to batch, by less than the watermark waits: no row is late. */
  private static StreamCase testCase(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RandomValues values = new RandomValues(random);
    DataType type = pick(random, TYPES);
    StructType schema =
        new StructType()
            .add("ts", DataTypes.TIMESTAMP)
            .add("k", DataTypes.STRING)
            .add("x", type)
            .add("v", DataTypes.INTEGER);
    List<List<Row>> batches = new ArrayList<>();
    int count = 2 + random.nextInt(4);
    for (int batch = 0; batch < count; batch++) {
      List<Row> rows = new ArrayList<>();
      int size = pick(random, List.of(1, 7, 40, 130));
      for (int i = 0; i < size; i++) {
        List<Object> row = new ArrayList<>();
        row.add(Instant.ofEpochSecond(1_700_000_000L + batch * 300L + random.nextInt(300)));
        row.add(random.nextInt(9) == 0 ? null : pick(random, List.of("a", "b", "c")));
        row.add(values.nullable(type));
        row.add(random.nextInt(8) == 0 ? null : random.nextInt(6) - 2);
        rows.add(Row.withSchema(schema, row));
      }
      batches.add(rows);
    }
    Set<String> aggregates = new LinkedHashSet<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      aggregates.add(pick(random, AGGREGATES));
    }
    for (int i = 0; i < random.nextInt(3); i++) {
      aggregates.add(pick(random, PLAIN));
    }
    String mode = pick(random, List.of("complete", "update", "append"));
    List<Step> steps = new ArrayList<>();
    List<String> keys = new ArrayList<>(List.of("k"));
    if (mode.equals("append")) {
      steps.add(new Step.Watermark("ts", "10 minutes"));
    }
    if (mode.equals("append") || random.nextInt(3) == 0) {
      keys.add(WINDOW);
    }
    if (random.nextInt(3) == 0) {
      steps.add(new Step.Where("v IS NULL OR v > -2"));
    }
    steps.add(new Step.Group(keys, List.copyOf(aggregates)));
    return new StreamCase(seed, schema, batches, steps, mode);
  }

  /** The rows of each batch that has any. */
  private static List<List<String>> rows(StreamOutcome outcome) {
    assertThat(outcome.error()).isNull();
    return outcome.batches().stream()
        .map(StreamOutcome.Batch::rows)
        .filter(rows -> !rows.isEmpty())
        .toList();
  }

  private static List<List<String>> expected(StreamCase testCase) {
    List<List<String>> expected = new ArrayList<>();
    List<Row> soFar = new ArrayList<>();
    Set<List<String>> given = new LinkedHashSet<>();
    Instant last = Instant.MIN;
    for (List<Row> batch : testCase.batches()) {
      soFar.addAll(batch);
      List<List<String>> all = Engines.spark().table(testCase.schema(), soFar, testCase.steps());
      List<String> rows = new ArrayList<>();
      for (Row row : batch) {
        Instant time = Objects.requireNonNull((Instant) row.get(0));
        last = time.isAfter(last) ? time : last; // the watermark is below any filter
      }
      Set<List<String>> touched = touched(testCase, batch);
      for (List<String> row : all) {
        boolean wanted =
            switch (testCase.mode()) {
              case "complete" -> true;
              case "update" -> touched.contains(keys(testCase, row));
              default -> hasEnded(row.get(1), last.minusSeconds(600)) && given.add(row);
            };
        if (wanted) {
          rows.add(String.join(" | ", row));
        }
      }
      rows.sort(null);
      if (!rows.isEmpty()) {
        expected.add(rows);
      }
    }
    return expected;
  }

  private static Step.Group group(StreamCase testCase) {
    return (Step.Group) testCase.steps().getLast();
  }

  private static List<String> keys(StreamCase testCase, List<String> row) {
    return row.subList(0, group(testCase).keys().size());
  }

  /** The keys of the groups that rows of a batch belong to. */
  private static Set<List<String>> touched(StreamCase testCase, List<Row> batch) {
    List<Step> steps = new ArrayList<>(testCase.steps());
    steps.removeLast();
    steps.add(new Step.Group(group(testCase).keys(), List.of("count(*) AS n")));
    Set<List<String>> keys = new LinkedHashSet<>();
    Engines.spark()
        .table(testCase.schema(), batch, steps)
        .forEach(row -> keys.add(keys(testCase, row)));
    return keys;
  }

  /** Whether a window, as text, ends by a watermark. */
  private static boolean hasEnded(String window, Instant watermark) {
    String end = window.substring(window.indexOf(',') + 1, window.length() - 1);
    return !Instant.parse(end).isAfter(watermark);
  }
}
