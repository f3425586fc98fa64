package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random aggregations over overlapping windows give on Spark what they give here; also when they
 * are stopped after every batch and start again from their checkpoint.
 */
final class RandomSlidingQueriesTest {
  private static Engine arrowmill;

  @BeforeAll
  static void start() {
    arrowmill = new ArrowmillEngine("auto");
  }

  @AfterAll
  static void stop() {
    arrowmill.close();
  }

  @ParameterizedTest(name = "-Darrowmill.seed={0}")
  @MethodSource("seeds")
  void givesWhatSparkGives(long seed) {
    StreamCase testCase = new RandomSlidingQueries(seed).next();
    StreamOutcome expected = Engines.spark().run(testCase);
    String reproduce = "reproduce with -Darrowmill.seed=" + seed + "\n" + testCase;
    assertThat(arrowmill.run(testCase).differencesFrom(expected)).as(reproduce).isEmpty();
    assertThat(arrowmill.runWithRestarts(testCase).differencesFrom(expected))
        .as("with restarts; " + reproduce)
        .isEmpty();
  }

  static LongStream seeds() {
    return LongStream.of(Engines.seeds(60));
  }
}
