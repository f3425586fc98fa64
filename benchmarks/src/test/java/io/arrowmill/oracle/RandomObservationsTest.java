package io.arrowmill.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random queries with state whose rows are observed at the beginning, in between, and at the end.
 */
final class RandomObservationsTest extends RandomCases.OfStreams {
  private static final List<String> OF_ANY = List.of("count(*) AS n", "sum(1) + 1 AS more");

  private static final List<String> OF_INPUT =
      List.of(
          "count(1) AS n",
          "count(v) AS known",
          "sum(CAST(v AS DECIMAL(38, 0))) AS total",
          "max(ts) AS latest",
          "min(k1) AS least",
          "count(CASE WHEN k1 IS NULL THEN 1 END) / (count(1) + 1) AS share",
          "avg(v)");

  RandomObservationsTest() {
    super(40);
  }

  @Override
  StreamCase testCase(long seed) {
    StreamCase query = new RandomStatefulQueries(seed).next();
    SplittableRandom random = new SplittableRandom(~seed);
    List<Step> steps = new ArrayList<>(query.steps());
    boolean limited = steps.stream().anyMatch(Step.Limit.class::isInstance);
    if (!limited) { // else Spark stops reading when it has enough
      if (!query.isSorted()) {
        steps.addLast(new Step.Observe("last", OF_ANY));
      }
      steps.add(random.nextInt(steps.size() + 1), new Step.Observe("some", OF_ANY));
      steps.addFirst(new Step.Observe("first", OF_INPUT));
    }
    return new StreamCase(
        seed,
        query.schema(),
        query.batches(),
        query.streams(),
        steps,
        query.mode(),
        query.watermarkPolicy(),
        query.noDataBatches());
  }
}
