package io.arrowmill.oracle;

/** Random aggregations over overlapping windows. */
final class RandomSlidingQueriesTest extends RandomCases.OfStreams {
  RandomSlidingQueriesTest() {
    super(60);
  }

  @Override
  StreamCase testCase(long seed) {
    return new RandomSlidingQueries(seed).next();
  }
}
