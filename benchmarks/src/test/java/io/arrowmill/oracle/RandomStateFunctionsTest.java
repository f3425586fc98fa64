package io.arrowmill.oracle;

/** Random state functions. */
final class RandomStateFunctionsTest extends RandomCases.OfStreams {
  RandomStateFunctionsTest() {
    super(50);
  }

  @Override
  StreamCase testCase(long seed) {
    return new RandomStateFunctions(seed).next();
  }
}
