package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random queries that go by the time of their batches give on Spark what they give here, each time
 * that their clock is moved; also when they are stopped meanwhile.
 */
final class RandomTimedQueriesTest {
  private static final MovableClock CLOCK = new MovableClock();
  private static ArrowmillEngine arrowmill;

  @BeforeAll
  static void start() {
    arrowmill = new ArrowmillEngine("auto", CLOCK);
  }

  @AfterAll
  static void stop() {
    arrowmill.close();
  }

  @ParameterizedTest(name = "-Darrowmill.seed={0}")
  @MethodSource("seeds")
  void givesWhatSparkGives(long seed) {
    TimedCase testCase = new RandomTimedQueries(seed).next();
    StreamOutcome expected = outcome(testCase, Engines.spark().run(testCase));
    String reproduce = "reproduce with -Darrowmill.seed=" + seed + "\n" + testCase;
    assertThat(run(testCase, false).differencesFrom(expected)).as(reproduce).isEmpty();
    assertThat(run(testCase, true).differencesFrom(expected))
        .as("with restarts; " + reproduce)
        .isEmpty();
  }

  private static StreamOutcome run(TimedCase testCase, boolean restarts) {
    return outcome(testCase, arrowmill.run(testCase, CLOCK, restarts));
  }

  private static StreamOutcome outcome(TimedCase testCase, TimedOutcome outcome) {
    return outcome.outcome(testCase.hasNoTimers());
  }

  static LongStream seeds() {
    return LongStream.of(Engines.seeds(60));
  }
}
