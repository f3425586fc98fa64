package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.arrowmill.Row;
import io.arrowmill.types.StructType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Event times at the ends of their range, before 1970, at the edges of windows and missing, against
 * Spark, each also with a restart after every batch.
 */
final class EventTimeExtremesTest {
  private static final StructType SCHEMA = StructType.fromDDL("k STRING, ts TIMESTAMP");
  private static final Instant LEAST = Instant.EPOCH.plus(Long.MIN_VALUE, ChronoUnit.MICROS);

  /** Two days before the last one, so that ends of windows fit. */
  private static final Instant GREATEST =
      Instant.EPOCH.plus(Long.MAX_VALUE, ChronoUnit.MICROS).minus(2, ChronoUnit.DAYS);

  private static final Instant NOON = Instant.parse("2026-03-08T12:00:00Z");

  private static Engine arrowmill;

  @BeforeAll
  static void start() {
    arrowmill = new ArrowmillEngine("auto");
  }

  @AfterAll
  static void stop() {
    arrowmill.close();
  }

  static List<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    Step.Watermark late = new Step.Watermark("ts", "5 seconds");
    List<String> count = List.of("count(*) AS n");
    for (String times : List.of("least", "greatest", "before 1970", "edges")) {
      for (String window :
          List.of(
              "window(ts, '10 seconds')",
              "window(ts, '10 seconds', '4 seconds', '1 second')",
              "session_window(ts, '3 seconds')")) {
        cases.add(
            Arguments.of(
                times, "append", List.of(late, new Step.Group(List.of("k", window), count))));
      }
      cases.add(
          Arguments.of(
              times,
              "update",
              List.of(late, new Step.Group(List.of("window(ts, '1 day')"), count))));
      cases.add(
          Arguments.of(
              times, "append", List.of(late, new Step.DropDuplicates(List.of("k"), true))));
      cases.add(
          Arguments.of(
              times, "append", List.of(late, new Step.DropDuplicates(List.of("k", "ts"), false))));
    }
    return cases;
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @MethodSource("cases")
  void givesWhatSparkGives(String times, String mode, List<Step> steps) {
    StreamCase testCase = new StreamCase(0, SCHEMA, batches(times), steps, mode);
    StreamOutcome expected = Engines.spark().run(testCase);
    assertThat(arrowmill.run(testCase).differencesFrom(expected)).as(testCase.toString()).isEmpty();
    assertThat(arrowmill.runWithRestarts(testCase).differencesFrom(expected))
        .as("with restarts; " + testCase)
        .isEmpty();
  }

  private static List<List<Row>> batches(String times) {
    return switch (times) {
      case "least" ->
          List.of(
              rows(LEAST, LEAST.plusSeconds(20), null),
              rows(LEAST.plusSeconds(40), NOON, LEAST),
              rows(NOON, LEAST));
      case "greatest" ->
          List.of(
              rows(NOON, NOON.plusSeconds(11)),
              rows(GREATEST, GREATEST.minusSeconds(30), null),
              rows(NOON, GREATEST));
      case "before 1970" ->
          List.of(
              rows(Instant.EPOCH.minusMillis(1), Instant.EPOCH, Instant.EPOCH.minusSeconds(15)),
              rows(Instant.EPOCH.plusSeconds(30)),
              rows(Instant.EPOCH.minusSeconds(15), Instant.EPOCH.plusSeconds(60)));
      default ->
          List.of(
              rows(NOON, NOON.minus(1, ChronoUnit.MICROS), NOON.plusSeconds(10)),
              rows(NOON.plusSeconds(15), NOON.plusSeconds(5), NOON.plusSeconds(4)),
              rows(NOON.plusSeconds(10), NOON.plusSeconds(9), NOON.plusSeconds(30)),
              rows(NOON.plusSeconds(25), NOON.plusSeconds(24).plusMillis(999)));
    };
  }

  private static List<Row> rows(@Nullable Instant... times) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < times.length; i++) {
      rows.add(Row.of(i % 2 == 0 ? "even" : "odd", times[i]));
    }
    return rows;
  }
}
