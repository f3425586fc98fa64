package io.arrowmill.oracle;

/**
 * Random queries that go by the time of their batches, compared each time that their clock is
 * moved.
 */
final class RandomTimedQueriesTest extends RandomCases<TimedCase> {
  private static final MovableClock CLOCK = new MovableClock();

  RandomTimedQueriesTest() {
    super(60, new ArrowmillEngine("auto", CLOCK));
  }

  @Override
  TimedCase testCase(long seed) {
    return new RandomTimedQueries(seed).next();
  }

  @Override
  StreamOutcome run(SparkEngine spark, TimedCase testCase) {
    return spark.run(testCase).outcome(testCase.hasNoTimers());
  }

  @Override
  StreamOutcome run(ArrowmillEngine arrowmill, TimedCase testCase, boolean restarts) {
    return arrowmill.run(testCase, CLOCK, restarts).outcome(testCase.hasNoTimers());
  }
}
