package io.arrowmill.oracle;

/** Random streaming queries. */
final class RandomQueriesTest extends RandomCases.OfStreams {
  RandomQueriesTest() {
    super(60);
  }

  @Override
  StreamCase testCase(long seed) {
    return new RandomQueries(seed).next();
  }
}
