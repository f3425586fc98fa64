package io.arrowmill.oracle;

import java.util.SplittableRandom;

/** Random joins of two streams. */
final class RandomJoinQueriesTest extends RandomCases.OfStreams {
  RandomJoinQueriesTest() {
    super(90);
  }

  @Override
  StreamCase testCase(long seed) {
    StreamCase testCase = new RandomJoinQueries(seed).next();
    // Drawn by itself: what a seed meant before there was this, it means still.
    boolean noDataBatches = new SplittableRandom(~seed).nextInt(3) > 0;
    return noDataBatches ? testCase : testCase.withoutNoDataBatches();
  }
}
