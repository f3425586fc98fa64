package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random streaming queries give on Spark what they give here, batch by batch. */
final class RandomQueriesTest {
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
    StreamCase testCase = new RandomQueries(seed).next();
    StreamOutcome expected = Engines.spark().run(testCase);
    StreamOutcome actual = arrowmill.run(testCase);
    assertThat(actual.differencesFrom(expected))
        .as(() -> "reproduce with -Darrowmill.seed=" + seed + "\n" + testCase)
        .isEmpty();
  }

  static LongStream seeds() {
    return LongStream.of(Engines.seeds(60));
  }
}
