package io.arrowmill.oracle;

/** Random queries with state. */
final class RandomStatefulQueriesTest extends RandomCases.OfStreams {
  RandomStatefulQueriesTest() {
    super(100);
  }

  @Override
  StreamCase testCase(long seed) {
    return new RandomStatefulQueries(seed).next();
  }
}
