package io.arrowmill.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random queries that must give on Spark what they give here, batch by batch; also when they are
 * stopped after every batch and start again from their checkpoint.
 *
 * @param <C> the kind of case that a seed stands for
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RandomCases<C> {
  private final int cases;
  private final ArrowmillEngine arrowmill;

  /** Runs so many cases, unless it is told otherwise; see {@link Engines#seeds}. */
  RandomCases(int cases, ArrowmillEngine arrowmill) {
    this.cases = cases;
    this.arrowmill = arrowmill;
  }

  /** The case of a seed. */
  abstract C testCase(long seed);

  abstract StreamOutcome run(SparkEngine spark, C testCase);

  abstract StreamOutcome run(ArrowmillEngine arrowmill, C testCase, boolean restarts);

  @AfterAll
  void stop() {
    arrowmill.close();
  }

  LongStream seeds() {
    return LongStream.of(Engines.seeds(cases));
  }

  @ParameterizedTest(name = "-Darrowmill.seed={0}")
  @MethodSource("seeds")
  void givesWhatSparkGives(long seed) {
    C testCase = testCase(seed);
    StreamOutcome expected = run(Engines.spark(), testCase);
    String reproduce = "reproduce with -Darrowmill.seed=" + seed + "\n" + testCase;
    assertThat(run(arrowmill, testCase, false).differencesFrom(expected)).as(reproduce).isEmpty();
    assertThat(run(arrowmill, testCase, true).differencesFrom(expected))
        .as("with restarts; " + reproduce)
        .isEmpty();
  }

  /** Cases whose clock is the system's. */
  abstract static class OfStreams extends RandomCases<StreamCase> {
    OfStreams(int cases) {
      super(cases, new ArrowmillEngine("auto"));
    }

    @Override
    final StreamOutcome run(SparkEngine spark, StreamCase testCase) {
      return spark.run(testCase);
    }

    @Override
    final StreamOutcome run(ArrowmillEngine arrowmill, StreamCase testCase, boolean restarts) {
      return restarts ? arrowmill.runWithRestarts(testCase) : arrowmill.run(testCase);
    }
  }
}
